using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>
/// Reads the calculator's JSON. Anything it does not know, or that is missing, throws <see cref="MarginInputException"/>.
/// </summary>
public static class MarginInputReader
{
    /// <summary>The longest input in characters.</summary>
    public const int MaxLength = 16_000_000;

    private const int MaxRows = 10_000;

    public static MarginInput Read(string json)
    {
        if (json.Length > MaxLength) throw new MarginInputException($"the input is longer than {MaxLength} characters");
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return ReadAccount(new JsonFields(document.RootElement, ""));
        }
        catch (JsonException e)
        {
            throw new MarginInputException(
                $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not JSON: {FirstSentence(e.Message)}");
        }
    }

    private static MarginInput ReadAccount(JsonFields fields)
    {
        string? profile = fields.OptionalText("profile");
        Amount wallet = fields.Money("walletBalance");
        List<JsonElement> positions = fields.OptionalList("positions") ?? throw fields.Missing("positions");
        List<JsonElement> orders = fields.OptionalList("orders") ?? [];
        fields.Finish();
        if (positions.Count > MaxRows || orders.Count > MaxRows)
        {
            throw new MarginInputException($"{positions.Count} positions and {orders.Count} orders: at most {MaxRows} of each");
        }

        return new MarginInput
        {
            Profile = profile,
            WalletBalance = wallet,
            Positions = [.. positions.Select((p, i) => ReadPosition(p, $"positions[{i}]"))],
            Orders = [.. orders.Select((o, i) => ReadOrder(o, $"orders[{i}]"))],
        };
    }

    private static PositionInput ReadPosition(JsonElement json, string path)
    {
        var fields = new JsonFields(json, path);
        var position = new PositionInput(path)
        {
            Symbol = fields.Text("symbol"),
            IsLong = fields.OneOf("side", "long", true, "short", false),
            Mode = fields.OneOf("mode", "cross", MarginMode.Cross, "isolated", MarginMode.Isolated),
            Quantity = fields.Decimal("quantity"),
            EntryPrice = fields.Decimal("entryPrice"),
            MarkPrice = fields.Decimal("markPrice"),
            Leverage = fields.OptionalLeverage("leverage"),
            IsolatedMargin = fields.OptionalMoney("isolatedMargin"),
            TickSize = fields.OptionalDecimal("tickSize"),
            StepSize = fields.OptionalDecimal("stepSize"),
            Tiers = fields.OptionalList("tiers")?.Select((t, i) => ReadTier(t, $"{path}.tiers[{i}]")).ToList(),
        };
        fields.Finish();
        if (position.IsolatedMargin is { } margin)
        {
            if (position.Mode == MarginMode.Cross) throw new MarginInputException($"{path}.isolatedMargin: given for a cross position");
            if (margin.IsNegative) throw new MarginInputException($"{path}.isolatedMargin: {margin} is below 0");
        }

        return position;
    }

    private static Tier ReadTier(JsonElement json, string path)
    {
        var fields = new JsonFields(json, path);
        var tier = new Tier(
            fields.Money("floor"),
            new Rate(fields.Money("rate").E8),
            fields.Money("deduction"),
            fields.OptionalLeverage("maxLeverage") ?? throw fields.Missing("maxLeverage"));
        fields.Finish();
        return tier;
    }

    private static OrderInput ReadOrder(JsonElement json, string path)
    {
        var fields = new JsonFields(json, path);
        var order = new OrderInput(path)
        {
            Symbol = fields.Text("symbol"),
            Side = fields.OneOf("side", "buy", Side.Buy, "sell", Side.Sell),
            Quantity = fields.Decimal("quantity"),
            Price = fields.Decimal("price"),
            ReduceOnly = fields.OptionalFlag("reduceOnly"),
        };
        fields.Finish();
        return order;
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..(end + 1)]).ReplaceLineEndings(" ");
    }
}
