using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>
/// The venue the calculator works with: the rules of a profile, and only the markets of one account, each with the profile's steps and
/// tiers or with those its positions bring along. All positions of a symbol must agree on what they bring.
/// </summary>
internal sealed class MarginMarkets
{
    private readonly VenueProfile _rules;
    private readonly Dictionary<string, MarketSpec> _bySymbol = new(StringComparer.Ordinal);

    public MarginMarkets(VenueProfile rules, MarginInput input)
    {
        _rules = rules;
        var markets = new List<MarketSpec>();
        foreach (PositionInput position in input.Positions)
        {
            if (_bySymbol.ContainsKey(position.Symbol)) continue;
            Add(markets, Resolve(new MarketId(markets.Count + 1), [.. input.Positions.Where(p => p.Symbol == position.Symbol)]));
        }

        foreach (OrderInput order in input.Orders)
        {
            if (_bySymbol.ContainsKey(order.Symbol)) continue;
            if (!rules.TryFind(order.Symbol, out MarketSpec spec))
            {
                throw new MarginInputException(
                    $"{order.Path}.symbol: \"{order.Symbol}\" is neither a position's symbol nor a market of the profile {rules.Name}");
            }

            Add(markets, Make(new MarketId(markets.Count + 1), order.Symbol, UnitsOf(spec), spec.LotSizeE18, spec.Tiers));
        }

        Profile = new VenueProfile(markets)
        {
            Name = rules.Name,
            SettlementAsset = rules.SettlementAsset,
            MakerFee = rules.MakerFee,
            TakerFee = rules.TakerFee,
            DefaultLeverage = rules.DefaultLeverage,
            ProfitShare = rules.ProfitShare,
            Liquidation = rules.Liquidation,
            Fund = rules.Fund,
            Collateral = rules.Collateral with { Enabled = false },
            Source = rules.Source,
        };
    }

    /// <summary>The rules with the account's markets, numbered in the order they are first named.</summary>
    public VenueProfile Profile { get; }

    public MarketSpec this[string symbol] => _bySymbol[symbol];

    private void Add(List<MarketSpec> markets, MarketSpec spec)
    {
        markets.Add(spec);
        _bySymbol.Add(spec.Symbol, spec);
    }

    // What a symbol has that no profile knows and whose steps are not given: common ones.
    private const string DefaultTick = "0.01";
    private const string DefaultStep = "0.001";

    private MarketSpec Resolve(MarketId id, List<PositionInput> positions)
    {
        PositionInput first = positions[0];
        string? tick = Agreed(positions, p => p.TickSize, "tickSize");
        string? step = Agreed(positions, p => p.StepSize, "stepSize");
        IReadOnlyList<Tier>? tiers = positions.Find(p => p.Tiers is not null)?.Tiers;
        PositionInput? other = positions.Find(p => p.Tiers is not null && !p.Tiers.SequenceEqual(tiers!));
        if (other is not null) throw new MarginInputException($"{other.Path}.tiers: not those of the other position of {first.Symbol}");
        bool known = _rules.TryFind(first.Symbol, out MarketSpec spec);
        if (!known)
        {
            if (tiers is null)
            {
                throw new MarginInputException($"{first.Path}.tiers: missing, and the profile {_rules.Name} has no market {first.Symbol}");
            }

            tick ??= DefaultTick;
            step ??= DefaultStep;
        }

        TierTable table = tiers is null ? spec.Tiers : Table(tiers, first);
        if (tick is null && step is null) return Make(id, first.Symbol, UnitsOf(spec), spec.LotSizeE18, table);
        Int128 tickE18 = tick is null ? spec.TickUnits * spec.PriceUnitE18 : Step(tick, $"{first.Path}.tickSize");
        Int128 stepE18 = step is null ? spec.LotSizeE18 : Step(step, $"{first.Path}.stepSize");
        if (!PriceUnits.TryDerive(tickE18, stepE18, out PriceUnits units, out string fault))
        {
            throw new MarginInputException($"{first.Path}.tickSize: {fault}");
        }

        return Make(id, first.Symbol, units, stepE18, table);
    }

    private TierTable Table(IReadOnlyList<Tier> tiers, PositionInput position)
    {
        if (tiers.Count == 0) throw new MarginInputException($"{position.Path}.tiers: at least one tier is needed");
        bool flat = _rules.Markets.Count > 0 && _rules.Markets[0].Tiers.IsFlat;
        var table = new TierTable(tiers, flat, new Amount(long.MaxValue));
        if (table.Validate(allowFirstDeduction: tiers.Count == 1) is not { } fault) return table;
        throw new MarginInputException($"{position.Path}.tiers: {fault}");
    }

    private static string? Agreed(List<PositionInput> positions, Func<PositionInput, string?> field, string name)
    {
        string? value = positions.Select(field).FirstOrDefault(v => v is not null);
        PositionInput? other = positions.Find(p => field(p) is { } mine && mine != value);
        if (other is null) return value;
        throw new MarginInputException(
            $"{other.Path}.{name}: \"{field(other)}\" is not \"{value}\" as in the other position of {other.Symbol}");
    }

    private static Int128 Step(string text, string path)
    {
        if (DecimalText.TryParse(text, 18, out long e18) && e18 > 0) return e18;

        // A step of 9.3 or more does not fit 63 bits in 1e-18.
        if (DecimalText.TryParse(text, 9, out long e9) && e9 is > 0 and <= 1_000_000_000_000_000_000L) return (Int128)e9 * 1_000_000_000;
        throw new MarginInputException($"{path}: \"{text}\" is not a decimal above 0 and at most 10^9");
    }

    private static PriceUnits UnitsOf(MarketSpec spec) => new(spec.PriceUnitE18, spec.AmountPerUnitLot, spec.TickUnits);

    // Margin looks at the steps and the tiers; the other fields are there to be complete and limit nothing.
    private MarketSpec Make(MarketId id, string symbol, PriceUnits units, Int128 stepE18, TierTable tiers) => new()
    {
        Id = id,
        Symbol = symbol,
        BaseAsset = symbol,
        QuoteAsset = _rules.SettlementAsset,
        PriceUnitE18 = units.UnitE18,
        LotSizeE18 = stepE18,
        AmountPerUnitLot = units.AmountPerUnitLot,
        TickUnits = units.TickUnits,
        PriceDecimals = 18,
        QuantityDecimals = 18,
        MinPrice = new Price(1),
        MaxPrice = new Price(long.MaxValue),
        MinQuantity = new Quantity(1),
        MaxQuantity = new Quantity(long.MaxValue),
        MaxMarketQuantity = new Quantity(long.MaxValue),
        MinNotional = Amount.Zero,
        PriceBand = Rate.Whole,
        TakeBound = Rate.Whole,
        JumpBand = Rate.Whole,
        TriggerProtect = Rate.Whole,
        LiquidationFee = Rate.Zero,
        MaxOpenOrders = int.MaxValue,
        MaxOpenTriggers = int.MaxValue,
        Tiers = tiers,
        Funding = s_noFunding,
        House = s_noHouse,
        FundPositionLimit = Amount.Zero,
    };

    private static readonly FundingSpec s_noFunding = new()
    {
        IntervalMilliseconds = 28_800_000,
        InterestPer8Hours = Rate.Zero,
        InnerClamp = Rate.Zero,
        Cap = Rate.Zero,
        ImpactNotional = Amount.Zero,
        SampleMilliseconds = 28_800_000,
        BasisWindowMilliseconds = 28_800_000,
        BasisSampleMilliseconds = 28_800_000,
    };

    private static readonly HouseSpec s_noHouse = new()
    {
        Enabled = false,
        Levels = 0,
        HalfSpread = Rate.Zero,
        LevelStep = Rate.Zero,
        DepthNotional = Amount.Zero,
        VolumeShare = Rate.Zero,
        LevelGrowth = Rate.Zero,
        RefillMilliseconds = 0,
    };
}
