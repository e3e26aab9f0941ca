namespace CrossMargin.Wire.Tests.Hostile;

/// <param name="Value">A right value, in percent form.</param>
/// <param name="IsMandatory">Without it the call is refused.</param>
internal sealed record Part(string Name, string Value, ValueKind Kind, bool IsMandatory = true);

/// <summary>A call that changes something, as a right client would send it; each way to make it wrong must be refused.</summary>
internal sealed record CallShape(string Method, string Path, params Part[] Parts)
{
    private static readonly Part s_symbol = new("symbol", "BTCUSDT", ValueKind.Symbol);
    private static readonly Part s_side = new("side", "BUY", ValueKind.Word);

    public static IReadOnlyList<CallShape> All { get; } =
    [
        new("POST", "/fapi/v1/order", s_symbol, s_side, new("type", "LIMIT", ValueKind.Word), new("timeInForce", "GTC", ValueKind.Word),
            new("quantity", "0.01", ValueKind.Size), new("price", "20000", ValueKind.Price),
            new("newClientOrderId", "hostile-1", ValueKind.ClientId, false)),
        new("POST", "/fapi/v1/order", s_symbol, s_side, new("type", "MARKET", ValueKind.Word), new("quantity", "0.01", ValueKind.Size)),
        new("POST", "/fapi/v1/order/test", s_symbol, s_side, new("type", "MARKET", ValueKind.Word), new("quantity", "0.01", ValueKind.Size)),
        new("PUT", "/fapi/v1/order", s_symbol, s_side, new("orderId", "1", ValueKind.Id), new("quantity", "0.01", ValueKind.Size),
            new("price", "20000", ValueKind.Price)),
        new("DELETE", "/fapi/v1/order", s_symbol, new("orderId", "1", ValueKind.Id)),
        new("GET", "/fapi/v1/order", s_symbol, new("orderId", "1", ValueKind.Id)),
        new("DELETE", "/fapi/v1/allOpenOrders", s_symbol),
        new("DELETE", "/fapi/v1/algoOpenOrders", s_symbol),
        new("POST", "/fapi/v1/algoOrder", new("algoType", "CONDITIONAL", ValueKind.Word), s_symbol, s_side,
            new("type", "STOP_MARKET", ValueKind.Word), new("quantity", "0.01", ValueKind.Size), new("triggerPrice", "900000", ValueKind.Price),
            new("clientAlgoId", "hostile-2", ValueKind.ClientId, false)),
        new("DELETE", "/fapi/v1/algoOrder", new Part("algoId", "1", ValueKind.Id)),
        new("POST", "/fapi/v1/leverage", s_symbol, new("leverage", "7", ValueKind.Leverage)),
        new("POST", "/fapi/v1/marginType", s_symbol, new("marginType", "ISOLATED", ValueKind.Word)),
        new("POST", "/fapi/v1/positionSide/dual", new Part("dualSidePosition", "true", ValueKind.Flag)),
        new("POST", "/fapi/v1/positionMargin", s_symbol, new("amount", "5", ValueKind.Amount), new("type", "1", ValueKind.Word)),
        new("POST", "/fapi/v1/countdownCancelAll", s_symbol, new("countdownTime", "100000", ValueKind.Count)),
    ];
}
