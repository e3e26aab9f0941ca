using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>Reads one market of a profile over the profile's defaults.</summary>
internal static class MarketReader
{
    private static readonly string[] s_fields =
    [
        "symbol", "base", "quote", "tick", "lot", "minPrice", "maxPrice", "minQuantity", "maxQuantity", "maxMarketQuantity", "minNotional",
        "priceBand", "takeBound", "jumpBand", "triggerProtect", "liquidationFee", "maxOpenOrders", "maxOpenTriggers", "fundPositionLimit",
        "cap", "tiers", "funding", "house", "assumed",
    ];

    private static readonly string[] s_fundingFields =
    [
        "interval", "interestPer8Hours", "innerClamp", "cap", "impactNotional", "sampleEvery", "basisWindow", "basisSampleEvery",
    ];

    private static readonly string[] s_houseFields =
    [
        "enabled", "levels", "halfSpread", "levelStep", "depthNotional", "volumeShare", "levelGrowth", "refill",
    ];

    /// <summary>The market, or null when it has a fault without which the rest cannot be said.</summary>
    public static MarketSpec? Read(ProfileSection market, MarketId id, string settlementAsset, bool flat)
    {
        ProfileErrors errors = market.Errors;
        int before = errors.Reported;
        market.Only(s_fields);
        string quote = market.Text("quote", settlementAsset, required: false);
        if (quote != settlementAsset) errors.Add(market.PathOf("quote"), $"\"{quote}\" is not the settlement asset {settlementAsset}");
        TierTable? tiers = TierReader.Read(market, flat);
        FundingSpec funding = ReadFunding(market.Section("funding", required: true));
        HouseSpec house = ReadHouse(market.Section("house", required: true));
        IReadOnlyList<string> assumed = ReadAssumed(market);
        string symbol = market.Text("symbol");
        string baseAsset = market.Text("base");
        Int128 tick = Step(market, "tick");
        Int128 lot = Step(market, "lot");
        if (tick == 0 || lot == 0) return null;
        if (!PriceUnits.TryDerive(tick, lot, out PriceUnits units, out string fault))
        {
            errors.Add(market.Path, fault);
            return null;
        }

        var spec = new MarketSpec
        {
            Id = id,
            Symbol = symbol,
            BaseAsset = baseAsset,
            QuoteAsset = quote,
            PriceUnitE18 = units.UnitE18,
            LotSizeE18 = lot,
            AmountPerUnitLot = units.AmountPerUnitLot,
            TickUnits = units.TickUnits,
            PriceDecimals = ProfileValues.DecimalsOf(tick),
            QuantityDecimals = ProfileValues.DecimalsOf(lot),
            MinPrice = new Price(Count(market, "minPrice", units.UnitE18, units.TickUnits, "ticks")),
            MaxPrice = new Price(Count(market, "maxPrice", units.UnitE18, units.TickUnits, "ticks")),
            MinQuantity = new Quantity(Count(market, "minQuantity", lot, 1, "lots")),
            MaxQuantity = new Quantity(Count(market, "maxQuantity", lot, 1, "lots")),
            MaxMarketQuantity = new Quantity(Count(market, "maxMarketQuantity", lot, 1, "lots")),
            MinNotional = market.Money("minNotional", 0, "of at least 0"),
            PriceBand = market.Fraction("priceBand", 1, Rate.One - 1, "above 0 and below 1"),
            TakeBound = market.Fraction("takeBound", 1, Rate.One - 1, "above 0 and below 1"),
            JumpBand = market.Fraction("jumpBand", 1, Rate.One, "above 0 and at most 1"),
            TriggerProtect = market.Fraction("triggerProtect", 1, Rate.One, "above 0 and at most 1"),
            LiquidationFee = market.Fraction("liquidationFee", 0, Rate.One / 10, "from 0 to 0.1"),
            MaxOpenOrders = market.Whole("maxOpenOrders", 1, 10_000),
            MaxOpenTriggers = market.Whole("maxOpenTriggers", 1, 10_000),
            Tiers = tiers ?? new TierTable([new Tier(Amount.Zero, Rate.Whole, Amount.Zero, 1)], flat, Amount.Zero),
            Funding = funding,
            House = house,
            FundPositionLimit = market.Money("fundPositionLimit", 0, "of at least 0"),
            Assumed = assumed,
        };
        if (errors.Reported > before) return null;
        CheckRanges(market, spec);
        return errors.Reported > before ? null : spec;
    }

    private static void CheckRanges(ProfileSection market, MarketSpec spec)
    {
        ProfileErrors errors = market.Errors;
        if (spec.MinPrice > spec.MaxPrice)
            errors.Add(market.PathOf("minPrice"), $"{spec.Format(spec.MinPrice)} is above maxPrice {spec.Format(spec.MaxPrice)}");
        if (spec.MinQuantity > spec.MaxQuantity)
        {
            errors.Add(market.PathOf("minQuantity"),
                $"{spec.Format(spec.MinQuantity)} is above maxQuantity {spec.Format(spec.MaxQuantity)}");
        }

        if (spec.MaxMarketQuantity < spec.MinQuantity || spec.MaxMarketQuantity > spec.MaxQuantity)
        {
            errors.Add(market.PathOf("maxMarketQuantity"), $"{spec.Format(spec.MaxMarketQuantity)} is not between minQuantity "
                + $"{spec.Format(spec.MinQuantity)} and maxQuantity {spec.Format(spec.MaxQuantity)}");
        }

        // The largest order's notional must be an Amount, so that no order that passes the filters can overflow.
        Int128 priceTimesAmount = (Int128)spec.MaxPrice.Units * spec.AmountPerUnitLot;
        if (priceTimesAmount > long.MaxValue || priceTimesAmount * spec.MaxQuantity.Lots > long.MaxValue)
        {
            errors.Add(market.PathOf("maxQuantity"), $"{spec.Format(spec.MaxQuantity)} at maxPrice {spec.Format(spec.MaxPrice)} "
                + $"is more than the largest amount, {new Amount(long.MaxValue)}");
        }
    }

    private static FundingSpec ReadFunding(ProfileSection section)
    {
        if (!section.IsPresent) section = ProfileSection.Of(section.Path, null, "", null, new ProfileErrors(""));
        section.Only(s_fundingFields);
        var spec = new FundingSpec
        {
            IntervalMilliseconds = section.Duration("interval", 3_600_000, 86_400_000),
            InterestPer8Hours = section.Fraction("interestPer8Hours", -Rate.One / 100, Rate.One / 100, "from -0.01 to 0.01"),
            InnerClamp = section.Fraction("innerClamp", 0, Rate.One / 10, "from 0 to 0.1"),
            Cap = section.Fraction("cap", 1, Rate.One, "above 0 and at most 1"),
            ImpactNotional = section.Money("impactNotional", 1, "above 0"),
            SampleMilliseconds = section.Duration("sampleEvery", 100, 3_600_000),
            BasisWindowMilliseconds = section.Duration("basisWindow", 100, 86_400_000),
            BasisSampleMilliseconds = section.Duration("basisSampleEvery", 100, 3_600_000),
        };
        if (86_400_000 % spec.IntervalMilliseconds != 0)
            section.Errors.Add(section.PathOf("interval"), $"{spec.IntervalMilliseconds} ms does not divide a day");
        if (spec.BasisSampleMilliseconds > spec.BasisWindowMilliseconds)
        {
            section.Errors.Add(section.PathOf("basisSampleEvery"),
                $"{spec.BasisSampleMilliseconds} ms is longer than basisWindow, {spec.BasisWindowMilliseconds} ms");
        }

        return spec;
    }

    private static HouseSpec ReadHouse(ProfileSection section)
    {
        if (!section.IsPresent) section = ProfileSection.Of(section.Path, null, "", null, new ProfileErrors(""));
        section.Only(s_houseFields);
        var spec = new HouseSpec
        {
            Enabled = section.Flag("enabled"),
            Levels = section.Whole("levels", 1, 100),
            HalfSpread = section.Fraction("halfSpread", 1, Rate.One / 10, "above 0 and at most 0.1"),
            LevelStep = section.Fraction("levelStep", 1, Rate.One / 10, "above 0 and at most 0.1"),
            DepthNotional = section.Money("depthNotional", 0, "of at least 0"),
            VolumeShare = section.Fraction("volumeShare", 0, 10 * Rate.One, "from 0 to 10"),
            LevelGrowth = section.Fraction("levelGrowth", 0, 10 * Rate.One, "from 0 to 10"),
            RefillMilliseconds = section.Duration("refill", 1, 86_400_000),
        };
        long far = spec.HalfSpread.E8 + spec.Levels * spec.LevelStep.E8;
        if (far >= Rate.One)
            section.Errors.Add(section.PathOf("levels"), $"the ladder reaches {new Rate(far)} of the index; it must stay below 1");
        return spec;
    }

    /// <summary>A market's assumed fields: its own list, and the defaults' for what it does not state itself.</summary>
    private static List<string> ReadAssumed(ProfileSection market)
    {
        var names = new List<string>();
        foreach (string name in AssumedFields.Read(market, "assumed", own: true, IsField)) names.Add(name);
        foreach (string name in AssumedFields.Read(market, "assumed", own: false, IsField))
        {
            int dot = name.IndexOf('.');
            bool stated = dot < 0
                ? market.StatesItself(name)
                : market.Section(name[..dot], required: false).StatesItself(name[(dot + 1)..]);
            if (!stated && !names.Contains(name)) names.Add(name);
        }

        return names;
    }

    private static bool IsField(string name)
    {
        if (name.StartsWith("funding.", StringComparison.Ordinal)) return s_fundingFields.Contains(name["funding.".Length..]);
        if (name.StartsWith("house.", StringComparison.Ordinal)) return s_houseFields.Contains(name["house.".Length..]);
        return s_fields.Contains(name) && name is not "assumed" and not "symbol";
    }

    private static Int128 Step(ProfileSection market, string field)
    {
        if (market.Find(field, true, out string path) is not { } value) return 0;
        if (ProfileValues.TryPositiveE18(value, out Int128 e18)) return e18;
        market.Errors.Wrong(path, value, "a decimal string above 0 and at most 10^12, exact in 1e-18");
        return 0;
    }

    private static long Count(ProfileSection market, string field, Int128 unitE18, long multiple, string of)
    {
        if (market.Find(field, true, out string path) is not { } value) return 0;
        if (value.ValueKind == JsonValueKind.String
            && DecimalText.TryParseUnits(value.GetString(), unitE18, DecimalRounding.Exact, out long count)
            && count > 0 && count % multiple == 0) return count;
        market.Errors.Wrong(path, value, $"a decimal string above 0 and a whole number of {of}");
        return 0;
    }
}
