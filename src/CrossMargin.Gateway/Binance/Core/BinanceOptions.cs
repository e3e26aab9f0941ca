namespace CrossMargin.Gateway.Binance;

/// <summary>Settings of the Binance dialect.</summary>
public sealed class BinanceOptions
{
    /// <summary>Off: nobody's request weight or order count is limited; the headers still count.</summary>
    public bool LimitsEnabled { get; set; } = true;

    /// <summary>Request weight an address may use in a minute.</summary>
    public int WeightPerMinute { get; set; } = 2400;

    /// <summary>Orders an account may send in ten seconds and in a minute.</summary>
    public int OrdersPer10Seconds { get; set; } = 300;
    public int OrdersPerMinute { get; set; } = 1200;

    /// <summary>How many refusals with 429 in one minute an address may collect before it is banned.</summary>
    public int RefusalsBeforeBan { get; set; } = 20;

    /// <summary>The first ban; each further one is twice as long, up to the longest.</summary>
    public TimeSpan FirstBan { get; set; } = TimeSpan.FromMinutes(2);
    public TimeSpan LongestBan { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Addresses (IPv6: networks of 64 bits) and accounts that are remembered; beyond that the oldest idle ones are forgotten.</summary>
    public int TrackedAddresses { get; set; } = 20_000;
    public int TrackedAccounts { get; set; } = 200_000;

    /// <summary>How long a listen key lives without a renewal, by the wall clock.</summary>
    public TimeSpan ListenKeyLife { get; set; } = TimeSpan.FromMinutes(60);
}
