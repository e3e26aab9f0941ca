using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Binance's words for the enums of the model.</summary>
internal static class OrderWords
{
    private static readonly WordTable<Side> s_sides = new((Side.Sell, "SELL"), (Side.Buy, "BUY"));

    private static readonly WordTable<PositionSide> s_positionSides = new(
        (PositionSide.Both, "BOTH"), (PositionSide.Long, "LONG"), (PositionSide.Short, "SHORT"));

    private static readonly WordTable<OrderType> s_types = new(
        (OrderType.TrailingStopMarket, "TRAILING_STOP_MARKET"),
        (OrderType.Limit, "LIMIT"),
        (OrderType.Market, "MARKET"),
        (OrderType.Stop, "STOP"),
        (OrderType.StopMarket, "STOP_MARKET"),
        (OrderType.TakeProfit, "TAKE_PROFIT"),
        (OrderType.TakeProfitMarket, "TAKE_PROFIT_MARKET"));

    private static readonly WordTable<TimeInForce> s_times = new(
        (TimeInForce.Gtc, "GTC"), (TimeInForce.Ioc, "IOC"), (TimeInForce.Fok, "FOK"), (TimeInForce.Gtx, "GTX"), (TimeInForce.Gtd, "GTD"));

    private static readonly WordTable<OrderStatus> s_statuses = new(
        (OrderStatus.Expired, "EXPIRED"),
        (OrderStatus.New, "NEW"),
        (OrderStatus.PartiallyFilled, "PARTIALLY_FILLED"),
        (OrderStatus.Filled, "FILLED"),
        (OrderStatus.Canceled, "CANCELED"),
        (OrderStatus.ExpiredInMatch, "EXPIRED_IN_MATCH"),
        (OrderStatus.Rejected, "REJECTED"));

    private static readonly WordTable<SelfTradePrevention> s_preventions = new(
        (SelfTradePrevention.None, "NONE"),
        (SelfTradePrevention.ExpireTaker, "EXPIRE_TAKER"),
        (SelfTradePrevention.ExpireMaker, "EXPIRE_MAKER"),
        (SelfTradePrevention.ExpireBoth, "EXPIRE_BOTH"));

    private static readonly WordTable<TriggerSource> s_sources = new((TriggerSource.Last, "CONTRACT_PRICE"), (TriggerSource.Mark, "MARK_PRICE"));

    private static readonly WordTable<AlgoStatus> s_algoStatuses = new(
        (AlgoStatus.Expired, "EXPIRED"),
        (AlgoStatus.New, "NEW"),
        (AlgoStatus.Triggered, "TRIGGERED"),
        (AlgoStatus.Canceled, "CANCELED"),
        (AlgoStatus.Rejected, "REJECTED"));

    public static ReadOnlySpan<byte> Of(Side side) => s_sides[side];

    public static ReadOnlySpan<byte> Of(PositionSide side) => s_positionSides[side];

    public static ReadOnlySpan<byte> Of(OrderType type) => s_types[type];

    public static ReadOnlySpan<byte> Of(TimeInForce timeInForce) => s_times[timeInForce];

    /// <summary>A MARKET order's is GTC to Binance.</summary>
    public static ReadOnlySpan<byte> Of(OrderType type, TimeInForce timeInForce) => Of(type == OrderType.Market ? TimeInForce.Gtc : timeInForce);

    public static ReadOnlySpan<byte> Of(OrderStatus status) => s_statuses[status];

    public static ReadOnlySpan<byte> Of(SelfTradePrevention mode) => s_preventions[mode];

    public static ReadOnlySpan<byte> Of(TriggerSource source) => s_sources[source];

    public static ReadOnlySpan<byte> Of(AlgoStatus status) => s_algoStatuses[status];

    public static bool TryRead(ReadOnlySpan<char> text, out Side side) => s_sides.TryRead(text, out side);

    public static bool TryRead(ReadOnlySpan<char> text, out PositionSide side) => s_positionSides.TryRead(text, out side);

    public static bool TryRead(ReadOnlySpan<char> text, out OrderType type) => s_types.TryRead(text, out type);

    public static bool TryRead(ReadOnlySpan<char> text, out TimeInForce timeInForce) => s_times.TryRead(text, out timeInForce);

    public static bool TryRead(ReadOnlySpan<char> text, out SelfTradePrevention mode) => s_preventions.TryRead(text, out mode);

    public static bool TryRead(ReadOnlySpan<char> text, out TriggerSource source) => s_sources.TryRead(text, out source);
}
