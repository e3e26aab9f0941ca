using System.Globalization;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

/// <summary>Reads the texts of requests; throws <see cref="AdminProblem"/> naming the field.</summary>
internal static class AdminText
{
    public const int MaxName = 100;

    public static Amount Amount(string text, string field) => DecimalText.TryParse(text, 8, out long e8)
        ? new Amount(e8)
        : throw AdminProblem.BadValue(field, "an amount is decimal text with at most 8 decimals, such as \"100.5\"");

    public static Amount Positive(string text, string field)
    {
        Amount amount = Amount(text, field);
        return amount.IsPositive ? amount : throw AdminProblem.BadValue(field, $"must be more than zero, this is {amount}");
    }

    public static Rate Rate(string text, string field, Rate low, Rate high)
    {
        if (!DecimalText.TryParse(text, 8, out long e8)) throw AdminProblem.BadValue(field, "a rate is decimal text, such as \"0.0004\"");
        return e8 >= low.E8 && e8 <= high.E8 ? new Rate(e8) : throw AdminProblem.BadValue(field, $"must be from {low} to {high}, this is {new Rate(e8)}");
    }

    public static Price Price(MarketSpec market, string text, string field) =>
        market.TryParsePrice(text, DecimalRounding.Exact, out Price price) && price.Units > 0
            ? price
            : throw AdminProblem.BadValue(field, $"a price of {market.Symbol} is decimal text above zero, such as \"100.5\"");

    public static string Name(string text, string field)
    {
        string name = text.Trim();
        if (name.Length is 0 or > MaxName) throw AdminProblem.BadValue(field, $"must have 1 to {MaxName} characters");
        return name.Any(char.IsControl) ? throw AdminProblem.BadValue(field, "must not hold control characters") : name;
    }

    public static MarketSpec Market(VenueProfile profile, string symbol) =>
        profile.TryFind(symbol, out MarketSpec market) ? market : throw AdminProblem.NotFound($"market {Short(symbol)}");

    public static AssetId Asset(VenueProfile profile, string? name)
    {
        if (name is null || name == profile.SettlementAsset) return AssetId.Settlement;
        foreach (CollateralAsset asset in profile.Collateral.Assets)
        {
            if (asset.Name == name) return asset.Id;
        }

        throw AdminProblem.BadValue("asset", $"{Short(name)} is not an asset of this exchange");
    }

    public static string AssetName(VenueProfile profile, AssetId asset)
    {
        if (asset == AssetId.Settlement) return profile.SettlementAsset;
        foreach (CollateralAsset known in profile.Collateral.Assets)
        {
            if (known.Id == asset) return known.Name;
        }

        return asset.Value.ToString(CultureInfo.InvariantCulture);
    }

    public static string Symbol(VenueProfile profile, MarketId market) => profile.Contains(market) ? profile[market].Symbol : "";

    public static int Limit(int? limit, int usual, int most) => limit switch
    {
        null => usual,
        >= 1 when limit <= most => limit.Value,
        _ => throw AdminProblem.BadValue("limit", $"must be from 1 to {most}, this is {limit}"),
    };

    public static HistoryPage Page(long? from, long? to, long? after, int limit)
    {
        if (from < 0 || to < from) throw AdminProblem.BadValue("from", "must be Unix milliseconds, not after 'to'");
        if (after is < 0 or long.MaxValue) throw AdminProblem.BadValue("after", "must be the 'next' of the page before");
        return new HistoryPage(new Timestamp(from ?? 0), new Timestamp(to ?? long.MaxValue), (after ?? 0) + 1, limit, false);
    }

    private static string Short(string text) => text.Length <= 20 ? $"'{text}'" : $"'{text[..20]}…'";
}
