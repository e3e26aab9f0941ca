using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Margin of isolated positions.</summary>
internal static class MarginOperations
{
    private const string Group = "Isolated margin";

    public static IReadOnlyList<Operation> All { get; } =
    [
        OrderOperations.Trade("changePositionMargin", "POST", "/fapi/v1/positionMargin", ChangeAsync) with { Group = Group },
        OrderQueryOperations.Read("positionMarginHistory", "/fapi/v1/positionMargin/history", HistoryAsync, Group),
    ];

    private static async ValueTask<BinanceError?> ChangeAsync(CallContext call)
    {
        CallParameters p = call.Parameters;
        MarketFormat market = p.Market(call.Markets);
        long type = p.RequiredWhole("type", 1, 2);
        if (!p.TryGet("amount", out ReadOnlySpan<char> text)) p.Fail(BinanceError.Missing("amount"));
        if (p.Error is { } missing) return missing;
        switch (DecimalReading.Read(text, 8, out long amount))
        {
            case DecimalFault.None when amount > 0:
                break;
            case DecimalFault.None:
                return new BinanceError(-4055, "Amount must be positive.");
            case DecimalFault.TooFine:
                return BinanceError.Precision;
            default:
                return BinanceError.Invalid("amount");
        }

        PositionSide side = PositionSide.Both;
        if (p.TryGet("positionSide", out ReadOnlySpan<char> word) && !OrderWords.TryRead(word, out side))
        {
            return new BinanceError(-4060, "Invalid position side.");
        }

        var change = new AdjustIsolatedMargin
        {
            Market = market.Id,
            PositionSide = side,
            Amount = new Amount(type == 1 ? amount : -amount),
        };
        CommandAnswer answer = await call.SubmitAsync(change);
        BinanceError? error = Answers.ErrorOf(answer, MessageKind.AdjustIsolatedMargin, market);
        if (error is { Code: -4050 } && type == 2) return new BinanceError(-4051, "Isolated balance insufficient.");
        if (error is not null) return error;
        call.Json.WriteStartObject();
        call.Json.WriteDecimalNumber("amount"u8, amount);
        call.Json.WriteNumber("code"u8, 200);
        call.Json.WriteString("msg"u8, "Successfully modify position margin."u8);
        call.Json.WriteNumber("type"u8, type);
        call.Json.WriteEndObject();
        return null;
    }

    private static async ValueTask<BinanceError?> HistoryAsync(CallContext call)
    {
        CallParameters p = call.Parameters;
        MarketFormat market = p.Market(call.Markets);
        long type = p.Whole("type", 0, 1, 2);
        (long start, long end) = p.Times();
        int limit = p.Limit(500, 500);
        if (p.Error is { } fault) return fault;
        IReadOnlyList<MarginRecord> rows =
            await call.Services.History.MarginChangesAsync(call.Account, market.Id, Pages.Of(start, end, 0, limit));
        call.Json.WriteStartArray();
        foreach (MarginRecord row in rows)
        {
            int kind = row.Change.IsNegative ? 2 : 1;
            if (type != 0 && type != kind) continue;
            call.Json.WriteStartObject();
            call.Json.WriteString("symbol"u8, market.Symbol);
            call.Json.WriteNumber("type"u8, kind);
            call.Json.WriteString("deltaType"u8, "USER_ADJUST"u8);
            call.Json.WriteAmount("amount"u8, row.Change.Abs);
            call.Json.WriteString("asset"u8, call.Markets.Settlement);
            call.Json.WriteNumber("time"u8, row.Time.Milliseconds);
            call.Json.WriteString("positionSide"u8, OrderWords.Of(row.Side));
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }
}
