using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>What a generated market is like at the start.</summary>
/// <param name="Start">Index price at the start, in units.</param>
/// <param name="Beta">How strongly it follows the common factor and the moves, in 1e-6.</param>
/// <param name="Volume">Volume of five calm minutes, in lots at the start price.</param>
internal readonly record struct SyntheticAsset(Price Start, long Beta, Quantity Volume)
{
    // Round figures near those of 18 May 2021; betas and volumes by eye from the five-minute bars of that week.
    private static readonly (string Asset, string Price, long Beta, long VolumeNotional)[] Known =
    [
        ("BTC", "43000", 1_000_000, 16_000_000), ("ETH", "3400", 1_150_000, 12_000_000), ("BNB", "510", 1_200_000, 5_000_000),
        ("XRP", "1.60", 1_250_000, 4_000_000), ("ADA", "2.05", 1_200_000, 4_000_000), ("DOGE", "0.48", 1_300_000, 4_000_000),
        ("MATIC", "1.95", 1_600_000, 4_000_000), ("DOT", "41", 1_500_000, 1_500_000), ("LINK", "43", 1_400_000, 1_500_000),
        ("LTC", "305", 1_300_000, 1_500_000), ("BCH", "1050", 1_350_000, 1_500_000), ("SOL", "55", 1_400_000, 1_500_000),
        ("AVAX", "40", 1_450_000, 600_000), ("LUNA", "15.5", 1_450_000, 600_000),
    ];

    private const string OtherPrice = "100";
    private const long OtherVolume = 1_000_000;

    public static SyntheticAsset Of(MarketSpec market, CounterRandom random, Rate volumeScale)
    {
        (string text, long beta, long notional) = (OtherPrice, random.Between((ulong)market.Id.Value, 1_000_000, 1_600_000), OtherVolume);
        foreach ((string asset, string price, long itsBeta, long itsVolume) in Known)
        {
            if (asset == market.BaseAsset) (text, beta, notional) = (price, itsBeta, itsVolume);
        }

        if (!market.TryParsePrice(text, DecimalRounding.HalfEven, out Price start)) start = market.MaxPrice;
        start = new Price(Math.Clamp(start.Units, 1, market.MaxPrice.Units));
        Int128 lots = (Int128)notional * volumeScale.E8 / market.Notional(start, new Quantity(1)).E8;
        return new SyntheticAsset(start, beta, new Quantity((long)Int128.Clamp(lots, 1, market.MaxQuantity.Lots * (Int128)1_000)));
    }
}
