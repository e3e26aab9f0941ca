namespace CrossMargin.Nodes.Risk;

/// <summary>Times of a node's watch, in milliseconds of exchange time.</summary>
public sealed record NodeWatchOptions
{
    /// <summary>A node asks each market to renew its lease this often.</summary>
    public long RenewMilliseconds { get; init; } = 5_000;

    /// <summary>Without an answer for so long a market's prices are stale here.</summary>
    public long LeaseMilliseconds { get; init; } = 30_000;

    /// <summary>A woken pool that has not answered is woken again.</summary>
    public long WakeAgainMilliseconds { get; init; } = 1_000;
}
