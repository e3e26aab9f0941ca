using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Binance's words for the enums of the model.</summary>
internal static class OrderWords
{
    public static ReadOnlySpan<byte> Of(Side side) => side == Side.Buy ? "BUY"u8 : "SELL"u8;

    public static ReadOnlySpan<byte> Of(PositionSide side) => side switch
    {
        PositionSide.Long => "LONG"u8,
        PositionSide.Short => "SHORT"u8,
        _ => "BOTH"u8,
    };

    public static ReadOnlySpan<byte> Of(OrderType type) => type switch
    {
        OrderType.Limit => "LIMIT"u8,
        OrderType.Market => "MARKET"u8,
        OrderType.Stop => "STOP"u8,
        OrderType.StopMarket => "STOP_MARKET"u8,
        OrderType.TakeProfit => "TAKE_PROFIT"u8,
        OrderType.TakeProfitMarket => "TAKE_PROFIT_MARKET"u8,
        _ => "TRAILING_STOP_MARKET"u8,
    };

    /// <summary>A MARKET order's is GTC to Binance.</summary>
    public static ReadOnlySpan<byte> Of(TimeInForce timeInForce) => timeInForce switch
    {
        TimeInForce.Ioc => "IOC"u8,
        TimeInForce.Fok => "FOK"u8,
        TimeInForce.Gtx => "GTX"u8,
        TimeInForce.Gtd => "GTD"u8,
        _ => "GTC"u8,
    };

    public static ReadOnlySpan<byte> Of(OrderStatus status) => status switch
    {
        OrderStatus.New => "NEW"u8,
        OrderStatus.PartiallyFilled => "PARTIALLY_FILLED"u8,
        OrderStatus.Filled => "FILLED"u8,
        OrderStatus.Canceled => "CANCELED"u8,
        OrderStatus.ExpiredInMatch => "EXPIRED_IN_MATCH"u8,
        OrderStatus.Rejected => "REJECTED"u8,
        _ => "EXPIRED"u8,
    };

    public static ReadOnlySpan<byte> Of(SelfTradePrevention mode) => mode switch
    {
        SelfTradePrevention.ExpireTaker => "EXPIRE_TAKER"u8,
        SelfTradePrevention.ExpireMaker => "EXPIRE_MAKER"u8,
        SelfTradePrevention.ExpireBoth => "EXPIRE_BOTH"u8,
        _ => "NONE"u8,
    };

    public static ReadOnlySpan<byte> Of(TriggerSource source) => source == TriggerSource.Mark ? "MARK_PRICE"u8 : "CONTRACT_PRICE"u8;

    public static ReadOnlySpan<byte> Of(AlgoStatus status) => status switch
    {
        AlgoStatus.New => "NEW"u8,
        AlgoStatus.Triggered => "TRIGGERED"u8,
        AlgoStatus.Canceled => "CANCELED"u8,
        AlgoStatus.Rejected => "REJECTED"u8,
        _ => "EXPIRED"u8,
    };

    public static bool TryRead(ReadOnlySpan<char> text, out Side side)
    {
        side = text is "BUY" ? Side.Buy : Side.Sell;
        return text is "BUY" or "SELL";
    }

    public static bool TryRead(ReadOnlySpan<char> text, out PositionSide side)
    {
        side = text switch
        {
            "LONG" => PositionSide.Long,
            "SHORT" => PositionSide.Short,
            _ => PositionSide.Both,
        };
        return text is "BOTH" or "LONG" or "SHORT";
    }

    public static bool TryRead(ReadOnlySpan<char> text, out OrderType type)
    {
        type = text switch
        {
            "LIMIT" => OrderType.Limit,
            "MARKET" => OrderType.Market,
            "STOP" => OrderType.Stop,
            "STOP_MARKET" => OrderType.StopMarket,
            "TAKE_PROFIT" => OrderType.TakeProfit,
            "TAKE_PROFIT_MARKET" => OrderType.TakeProfitMarket,
            "TRAILING_STOP_MARKET" => OrderType.TrailingStopMarket,
            _ => default,
        };
        return type != default;
    }

    public static bool TryRead(ReadOnlySpan<char> text, out TimeInForce timeInForce)
    {
        timeInForce = text switch
        {
            "GTC" => TimeInForce.Gtc,
            "IOC" => TimeInForce.Ioc,
            "FOK" => TimeInForce.Fok,
            "GTX" => TimeInForce.Gtx,
            "GTD" => TimeInForce.Gtd,
            _ => default,
        };
        return timeInForce != default;
    }

    public static bool TryRead(ReadOnlySpan<char> text, out SelfTradePrevention mode)
    {
        mode = text switch
        {
            "EXPIRE_TAKER" => SelfTradePrevention.ExpireTaker,
            "EXPIRE_MAKER" => SelfTradePrevention.ExpireMaker,
            "EXPIRE_BOTH" => SelfTradePrevention.ExpireBoth,
            _ => SelfTradePrevention.None,
        };
        return text is "NONE" || mode != SelfTradePrevention.None;
    }

    public static bool TryRead(ReadOnlySpan<char> text, out TriggerSource source)
    {
        source = text is "MARK_PRICE" ? TriggerSource.Mark : TriggerSource.Last;
        return text is "MARK_PRICE" or "CONTRACT_PRICE";
    }
}
