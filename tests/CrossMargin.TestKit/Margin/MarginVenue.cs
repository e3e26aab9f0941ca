using CrossMargin.Model;

namespace CrossMargin.TestKit.Margin;

/// <summary>
/// Builds venues for margin tests from decimal text: markets are numbered in the order they are added; what margin does not look at is
/// filled in with harmless values.
/// </summary>
public sealed class MarginVenue
{
    private const long OneE18 = 1_000_000_000_000_000_000L;

    private readonly List<MarketSpec> _markets = [];

    public Rate ProfitShare { get; set; } = Rate.Whole;
    public bool EqualityIsSafe { get; set; }
    public List<CollateralAsset> Collateral { get; } = [];

    /// <summary>A tier from text: floor, rate, deduction, maximum leverage.</summary>
    public static Tier Tier(string floor, string rate, string deduction, int maxLeverage) =>
        new(Money(floor), Fraction(rate), Money(deduction), maxLeverage);

    /// <summary>One tier for every notional.</summary>
    public static TierTable OneRate(string rate, string deduction = "0", int maxLeverage = 125) =>
        new([Tier("0", rate, deduction, maxLeverage)], flat: false, Money("50000000000"));

    public static Amount Money(string text) => new(Parse(text, 8));

    public static Rate Fraction(string text) => new(Parse(text, 8));

    public MarketSpec Add(string symbol, string tick, string lot, TierTable tiers)
    {
        Int128 tickE18 = Parse(tick, 18);
        Int128 lotE18 = Parse(lot, 18);
        Int128 unit = OneE18;
        while (unit > 1 && unit / 10 * lotE18 % ((Int128)OneE18 * 10_000_000_000L) == 0) unit /= 10;
        return Add(symbol, unit, lotE18, (long)(unit * lotE18 / ((Int128)OneE18 * 10_000_000_000L)), (long)(tickE18 / unit), tiers);
    }

    public MarketSpec Add(string symbol, Int128 unitE18, Int128 lotE18, long amountPerUnitLot, long tickUnits, TierTable tiers)
    {
        var spec = new MarketSpec
        {
            Id = new MarketId(_markets.Count + 1),
            Symbol = symbol,
            BaseAsset = symbol.Replace("USDT", "", StringComparison.Ordinal),
            QuoteAsset = "USDT",
            PriceUnitE18 = unitE18,
            LotSizeE18 = lotE18,
            AmountPerUnitLot = amountPerUnitLot,
            TickUnits = tickUnits,
            PriceDecimals = 2,
            QuantityDecimals = 3,
            MinPrice = new Price(tickUnits),
            MaxPrice = new Price(1_000_000_000_000),
            MinQuantity = new Quantity(1),
            MaxQuantity = new Quantity(1_000_000_000),
            MaxMarketQuantity = new Quantity(1_000_000_000),
            MinNotional = Amount.Zero,
            PriceBand = Fraction("0.5"),
            TakeBound = Fraction("0.05"),
            JumpBand = Fraction("0.5"),
            TriggerProtect = Fraction("0.05"),
            LiquidationFee = Fraction("0.0125"),
            MaxOpenOrders = 200,
            MaxOpenTriggers = 10,
            Tiers = tiers,
            Funding = new FundingSpec
            {
                IntervalMilliseconds = 28_800_000,
                InterestPer8Hours = Fraction("0.0001"),
                InnerClamp = Fraction("0.0005"),
                Cap = Fraction("0.003"),
                ImpactNotional = Money("4000"),
                SampleMilliseconds = 5_000,
                BasisWindowMilliseconds = 30_000,
                BasisSampleMilliseconds = 1_000,
            },
            House = new HouseSpec
            {
                Enabled = false,
                Levels = 1,
                HalfSpread = Fraction("0.001"),
                LevelStep = Fraction("0.001"),
                DepthNotional = Amount.Zero,
                VolumeShare = Rate.Zero,
                LevelGrowth = Rate.Zero,
                RefillMilliseconds = 1_000,
            },
            FundPositionLimit = Money("1000000"),
        };
        _markets.Add(spec);
        return spec;
    }

    public VenueProfile Build() => new(_markets)
    {
        Name = "margin test",
        SettlementAsset = "USDT",
        MakerFee = Fraction("0.0002"),
        TakerFee = Fraction("0.0005"),
        DefaultLeverage = 20,
        ProfitShare = ProfitShare,
        Liquidation = new LiquidationSpec
        {
            Policy = LiquidationPolicy.ReduceUntilSound,
            Buffer = Rate.Zero,
            AnyPrice = false,
            EqualityIsSafe = EqualityIsSafe,
            Score = DeleverageScore.ProfitTimesMarginRatio,
            AnswerMilliseconds = 1_000,
            StaleMilliseconds = 10_000,
            RecoverMilliseconds = 10_000,
        },
        Fund = new FundSpec
        {
            InitialBalance = Money("1000000"),
            InventoryLimit = Rate.Whole,
            UnwindShare = Rate.Whole,
            UnwindMilliseconds = 1_000,
            DeficitClosesWithdrawals = false,
        },
        Collateral = new CollateralSpec
        {
            Enabled = Collateral.Count > 0,
            SellBelow = Money("-10000"),
            SellDiscount = Fraction("0.05"),
            Assets = Collateral,
        },
        Source = "",
    };

    private static long Parse(string text, int decimals) =>
        DecimalText.TryParse(text, decimals, out long value) ? value : throw new ArgumentException($"not a decimal: {text}", nameof(text));
}
