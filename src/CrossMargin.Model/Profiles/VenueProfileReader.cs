using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>
/// Reads a venue profile from JSON and refuses what does not fit together. Decimals are strings, exact or refused; durations carry
/// their unit ("5s", "8h"); comments and trailing commas are allowed. A market's fields, and those of its `funding` and `house`, fall
/// back to the profile's `defaults`. Pure: reads no file, never throws on bad input.
/// </summary>
public static class VenueProfileReader
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaxLength = 4_000_000;

    private const int MaxMarkets = 1000;

    private static readonly string[] s_fields =
    [
        "name", "settlementAsset", "tiers", "makerFee", "takerFee", "defaultLeverage", "profitShare", "liquidation", "fund", "collateral",
        "defaults", "markets", "assumed",
    ];

    private static readonly string[] s_liquidationFields =
    [
        "policy", "buffer", "anyPrice", "equalityIsSafe", "score", "answerWithin", "staleAfter", "recoverAfter",
    ];

    private static readonly string[] s_fundFields =
    [
        "initialBalance", "inventoryLimit", "unwindShare", "unwindEvery", "deficitClosesWithdrawals",
    ];

    private static readonly string[] s_collateralFields = ["enabled", "sellBelow", "sellDiscount", "assets"];

    private enum TierRule
    {
        marginal,
        flat,
    }

    /// <summary>Reads <paramref name="json"/>; <paramref name="sourceName"/> (a file's or profile's name) leads each error.</summary>
    public static ProfileReadResult Read(string json, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(sourceName);
        var errors = new ProfileErrors(sourceName);
        VenueProfile? profile = null;
        if (json.Length > MaxLength)
        {
            errors.Add("", $"{json.Length} characters are more than the {MaxLength} that are read");
        }
        else if (ProfileText.TryParse(json, errors, out JsonDocument? document))
        {
            using (document) profile = ReadRoot(document.RootElement, json, errors);
        }

        return new ProfileReadResult(errors.Any ? null : profile, errors.Lines);
    }

    private static VenueProfile? ReadRoot(JsonElement json, string source, ProfileErrors errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Wrong("", json, "a profile: an object with the fields " + string.Join(", ", s_fields));
            return null;
        }

        ProfileSection root = ProfileSection.Root(json, errors).Only(s_fields);
        string name = root.Text("name");
        string settlement = root.Text("settlementAsset");
        bool flat = root.Choice<TierRule>("tiers") == TierRule.flat;
        int before = errors.Reported;
        List<MarketSpec> markets = ReadMarkets(root, settlement, flat);
        bool allMarkets = errors.Reported == before;
        LiquidationSpec liquidation = ReadLiquidation(root.Section("liquidation", required: true));
        FundSpec fund = ReadFund(root.Section("fund", required: true));
        ProfileSection collateralSection = root.Section("collateral", required: true).Only(s_collateralFields);
        CollateralSpec collateral = CollateralReader.Read(collateralSection, settlement, allMarkets ? markets : null);
        var fees = ReadFees(root);
        int leverage = root.Whole("defaultLeverage", 1, 1000);
        foreach (MarketSpec market in markets)
        {
            if (leverage > market.Tiers[0].MaxLeverage)
            {
                int allowed = market.Tiers[0].MaxLeverage;
                errors.Add("defaultLeverage", $"{leverage} is above the {allowed} that {market.Symbol}'s first tier allows");
            }
        }

        Rate profitShare = root.Fraction("profitShare", 0, Rate.One, "from 0 to 1");
        List<string> assumed = AssumedFields.Read(root, "assumed", own: true, IsField);
        if (errors.Any) return null;
        return new VenueProfile(markets)
        {
            Name = name,
            SettlementAsset = settlement,
            MakerFee = fees.Maker,
            TakerFee = fees.Taker,
            DefaultLeverage = leverage,
            ProfitShare = profitShare,
            Liquidation = liquidation,
            Fund = fund,
            Collateral = collateral,
            Assumed = assumed,
            Source = source,
        };
    }

    private static (Rate Maker, Rate Taker) ReadFees(ProfileSection root)
    {
        Rate maker = root.Fraction("makerFee", -Rate.One / 10, Rate.One / 10, "from -0.1 to 0.1");
        Rate taker = root.Fraction("takerFee", 0, Rate.One / 10, "from 0 to 0.1");
        if (maker + taker < Rate.Zero)
            root.Errors.Add("makerFee", $"the rebate {-maker} is larger than the taker fee {taker} that pays it");
        return (maker, taker);
    }

    private static List<MarketSpec> ReadMarkets(ProfileSection root, string settlement, bool flat)
    {
        var markets = new List<MarketSpec>();
        if (root.Find("markets", true, out _) is not { } list) return markets;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxMarkets)
        {
            root.Errors.Wrong("markets", list, $"an array of 1 to {MaxMarkets} markets");
            return markets;
        }

        JsonElement? defaults = root.Find("defaults", false, out _);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string path = $"markets[{index}]";
            ProfileSection section = ProfileSection.Of(path, item, "defaults", defaults, root.Errors);
            MarketSpec? market = MarketReader.Read(section, new MarketId(index + 1), settlement, flat);
            if (market is not null) markets.Add(market);
            if (market is not null && !places.TryAdd(market.Symbol, index))
                root.Errors.Add($"{path}.symbol", $"\"{market.Symbol}\" is already the symbol of markets[{places[market.Symbol]}]");
            index++;
        }

        return markets;
    }

    private static LiquidationSpec ReadLiquidation(ProfileSection section)
    {
        section.Only(s_liquidationFields);
        return new LiquidationSpec
        {
            Policy = section.Choice<LiquidationPolicy>("policy"),
            Buffer = section.Fraction("buffer", 0, Rate.One, "from 0 to 1"),
            AnyPrice = section.Flag("anyPrice"),
            EqualityIsSafe = section.Flag("equalityIsSafe"),
            Score = section.Choice<DeleverageScore>("score"),
            AnswerMilliseconds = section.Duration("answerWithin", 1, 3_600_000),
            StaleMilliseconds = section.Duration("staleAfter", 100, 86_400_000),
            RecoverMilliseconds = section.Duration("recoverAfter", 0, 86_400_000),
        };
    }

    private static FundSpec ReadFund(ProfileSection section)
    {
        section.Only(s_fundFields);
        return new FundSpec
        {
            InitialBalance = section.Money("initialBalance", 0, "of at least 0"),
            InventoryLimit = section.Fraction("inventoryLimit", 0, 100 * Rate.One, "from 0 to 100"),
            UnwindShare = section.Fraction("unwindShare", 1, Rate.One, "above 0 and at most 1"),
            UnwindMilliseconds = section.Duration("unwindEvery", 100, 86_400_000),
            DeficitClosesWithdrawals = section.Flag("deficitClosesWithdrawals"),
        };
    }

    private static bool IsField(string name)
    {
        int dot = name.IndexOf('.');
        if (dot < 0) return s_fields.Contains(name) && name is not ("assumed" or "markets" or "defaults" or "name");
        string field = name[(dot + 1)..];
        return name[..dot] switch
        {
            "liquidation" => s_liquidationFields.Contains(field),
            "fund" => s_fundFields.Contains(field),
            "collateral" => s_collateralFields.Contains(field),
            _ => false,
        };
    }
}
