using CrossMargin.Model;

namespace CrossMargin.Feeds.Tests;

/// <summary>Market specs built in code: what feeds look at is real, the rest is the least that a spec needs.</summary>
internal static class Markets
{
    /// <summary>The symbols of the recorded crash of May 2021, with the lots of Binance's perpetual markets.</summary>
    public static readonly MarketSpec[] Twelve =
    [
        Spec(1, "BTCUSDT", lotDecimals: 3), Spec(2, "ETHUSDT", lotDecimals: 3), Spec(3, "SOLUSDT", lotDecimals: 0),
        Spec(4, "XRPUSDT", lotDecimals: 1), Spec(5, "ADAUSDT", lotDecimals: 0), Spec(6, "DOTUSDT", lotDecimals: 1),
        Spec(7, "LINKUSDT", lotDecimals: 2), Spec(8, "LTCUSDT", lotDecimals: 3), Spec(9, "BCHUSDT", lotDecimals: 3),
        Spec(10, "AVAXUSDT", lotDecimals: 0), Spec(11, "LUNAUSDT", lotDecimals: 0), Spec(12, "MATICUSDT", lotDecimals: 0),
    ];

    public static readonly MarketSpec[] Two = [Twelve[0], Twelve[1]];

    /// <summary>A market whose unit × lot is exactly 1e-8: a lot of 10^-n makes a price unit of 10^-(8-n).</summary>
    public static MarketSpec Spec(int id, string symbol, int lotDecimals)
    {
        Int128 lot = Power(18 - lotDecimals);
        return new MarketSpec
        {
            Id = new MarketId(id),
            Symbol = symbol,
            BaseAsset = symbol[..^4],
            QuoteAsset = "USDT",
            PriceUnitE18 = Power(10 + lotDecimals),
            LotSizeE18 = lot,
            AmountPerUnitLot = 1,
            TickUnits = 1,
            PriceDecimals = 8 - lotDecimals,
            QuantityDecimals = lotDecimals,
            MinPrice = new Price(1),
            MaxPrice = new Price(1_000_000L * (long)Power(8 - lotDecimals)),
            MinQuantity = new Quantity(1),
            MaxQuantity = new Quantity(1_000_000_000),
            MaxMarketQuantity = new Quantity(1_000_000_000),
            MinNotional = Amount.FromWhole(5),
            PriceBand = new Rate(5_000_000),
            TakeBound = new Rate(5_000_000),
            JumpBand = new Rate(10_000_000),
            TriggerProtect = new Rate(5_000_000),
            LiquidationFee = new Rate(1_250_000),
            MaxOpenOrders = 200,
            MaxOpenTriggers = 10,
            Tiers = new TierTable([new Tier(Amount.Zero, new Rate(500_000), Amount.Zero, 100)], false, Amount.FromWhole(1_000_000_000)),
            Funding = new FundingSpec
            {
                IntervalMilliseconds = 28_800_000,
                InterestPer8Hours = new Rate(10_000),
                InnerClamp = new Rate(50_000),
                Cap = new Rate(750_000),
                ImpactNotional = Amount.FromWhole(20_000),
                SampleMilliseconds = 5_000,
                BasisWindowMilliseconds = 30_000,
                BasisSampleMilliseconds = 1_000,
            },
            House = new HouseSpec
            {
                Enabled = false,
                Levels = 0,
                HalfSpread = Rate.Zero,
                LevelStep = Rate.Zero,
                DepthNotional = Amount.Zero,
                VolumeShare = Rate.Zero,
                LevelGrowth = Rate.Zero,
                RefillMilliseconds = 1,
            },
            FundPositionLimit = Amount.FromWhole(1_000_000),
        };
    }

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
