using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Reads the parameters of a new order, on the classic and on the algo path. Faults stay in the parameters.</summary>
internal static class OrderReader
{
    private const string DecimalRange = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
    private const long LastDate = 253_402_300_799_000;

    /// <summary>Of an order that says nothing, as at Binance: the own order in the way ends.</summary>
    public const SelfTradePrevention DefaultSelfTrade = SelfTradePrevention.ExpireMaker;

    /// <summary>An order with a date lives at least so long, in milliseconds.</summary>
    private const long ShortestLife = 600_000;

    /// <param name="now">Exchange time, by which dates are judged.</param>
    public static OrderDraft Read(MarketFormats markets, CallParameters p, bool algo, Timestamp now)
    {
        var draft = new OrderDraft { Market = p.Market(markets) };
        if (p.Error is not null) return draft;
        ref PlaceOrder order = ref draft.Command;
        order.Market = draft.Market.Id;
        if (algo) CheckAlgoType(p);
        order.Side = ReadSide(p, required: true);
        order.Type = ReadType(p);
        if (p.Error is not null) return draft;
        bool conditional = order.Type.IsConditional();
        if (algo && !conditional) p.Fail(new BinanceError(-1116, "Invalid orderType."));
        ReadPositionSide(p, ref order);
        ReadFlags(p, ref order, algo);
        ReadMatch(p, ref draft);
        ReadTimeInForce(p, ref draft, now);
        ReadNumbers(p, ref draft, algo);
        ReadSelfTrade(p, ref order);
        ReadWorkingType(p, ref order);
        draft.WithResult = ReadAnswer(p);
        order.ClientOrderId = ReadNewId(p, algo ? "clientAlgoId" : "newClientOrderId");
        if (conditional && !algo) order.Flags |= OrderFlags.ClassicTrigger;
        return draft;
    }

    public static Side ReadSide(CallParameters p, bool required)
    {
        if (!p.TryGet("side", out ReadOnlySpan<char> text))
        {
            if (required) p.Fail(BinanceError.Missing("side"));
            return default;
        }

        if (!OrderWords.TryRead(text, out Side side)) p.Fail(new BinanceError(-1117, "Invalid side."));
        return side;
    }

    /// <summary>A price on the market's ticks, or none; with its fault in the parameters.</summary>
    public static Price ReadPrice(CallParameters p, MarketFormat market, string name)
    {
        if (!p.TryGet(name, out ReadOnlySpan<char> text)) return Price.None;
        switch (market.ReadPrice(text, out Price price))
        {
            case DecimalFault.Malformed:
                p.Fail(BinanceError.Illegal(name, DecimalRange));
                break;
            case DecimalFault.TooFine:
                p.Fail(BinanceError.Precision);
                break;
            case DecimalFault.TooLarge:
                p.Fail(new BinanceError(-4002, $"Price greater than max price {market.Text(market.Spec.MaxPrice)}."));
                break;
            default:
                if (price.Units <= 0) p.Fail(new BinanceError(-4001, "Price less than 0."));
                else if (!market.Spec.IsOnTick(price)) p.Fail(new BinanceError(-4014, "Price not increased by tick size."));
                break;
        }

        return price;
    }

    /// <summary>A size that must be sent, on the market's step.</summary>
    public static Quantity ReadQuantity(CallParameters p, MarketFormat market)
    {
        if (!p.TryGet("quantity", out ReadOnlySpan<char> text))
        {
            p.Fail(BinanceError.Missing("quantity"));
            return default;
        }

        switch (market.ReadQuantity(text, out Quantity quantity, out bool offStep))
        {
            case DecimalFault.Malformed:
                p.Fail(BinanceError.Illegal("quantity", DecimalRange));
                break;
            case DecimalFault.TooFine:
                p.Fail(BinanceError.Precision);
                break;
            case DecimalFault.TooLarge:
                p.Fail(new BinanceError(-4005, $"Quantity greater than max quantity {market.Text(market.Spec.MaxQuantity)}."));
                break;
            default:
                if (offStep) p.Fail(new BinanceError(-4023, "Quantity not increased by step size."));
                else if (quantity.Lots <= 0) p.Fail(new BinanceError(-4003, "Quantity less than or equal to zero."));
                break;
        }

        return quantity;
    }

    public static PriceMatch ReadMatch(CallParameters p)
    {
        if (!p.TryGet("priceMatch", out ReadOnlySpan<char> text)) return PriceMatch.None;
        if (!PriceMatches.TryRead(text, out PriceMatch match)) p.Fail(new BinanceError(-5037, "Invalid price match"));
        return match;
    }

    private static void CheckAlgoType(CallParameters p)
    {
        if (!p.TryGet("algoType", out ReadOnlySpan<char> text)) p.Fail(BinanceError.Missing("algoType"));
        else if (text is not "CONDITIONAL") p.Fail(BinanceError.InvalidBecause("algoType", "only CONDITIONAL is supported."));
    }

    private static OrderType ReadType(CallParameters p)
    {
        if (!p.TryGet("type", out ReadOnlySpan<char> text))
        {
            p.Fail(BinanceError.Missing("type"));
            return default;
        }

        if (!OrderWords.TryRead(text, out OrderType type)) p.Fail(new BinanceError(-1116, "Invalid orderType."));
        return type;
    }

    private static void ReadPositionSide(CallParameters p, ref PlaceOrder order)
    {
        if (!p.TryGet("positionSide", out ReadOnlySpan<char> text)) return;
        if (!OrderWords.TryRead(text, out PositionSide side)) p.Fail(new BinanceError(-4060, "Invalid position side."));
        order.PositionSide = side;
    }

    private static void ReadFlags(CallParameters p, ref PlaceOrder order, bool algo)
    {
        if (p.Bool("reduceOnly", false)) order.Flags |= OrderFlags.ReduceOnly;
        if (p.Bool("closePosition", false)) order.Flags |= OrderFlags.ClosePosition;
        bool protect = p.Bool("priceProtect", false);
        if (protect && order.Type.IsConditional()) order.Flags |= OrderFlags.PriceProtect;
        bool reduceOnly = (order.Flags & OrderFlags.ReduceOnly) != 0;
        if (reduceOnly && order.PositionSide != PositionSide.Both) p.Fail(BinanceError.Surplus("reduceonly"));
        if ((order.Flags & OrderFlags.ClosePosition) == 0) return;
        if (order.Type is not (OrderType.StopMarket or OrderType.TakeProfitMarket))
        {
            p.Fail(new BinanceError(-4136, $"Target strategy invalid for orderType '{Word(order.Type)}',closePosition 'true'."));
        }

        if (reduceOnly) p.Fail(BinanceError.Surplus("reduceonly"));
        if (p.Has("quantity") && !IsZero(p)) p.Fail(new BinanceError(-4137, "Quantity must be zero with closePosition equals true."));
    }

    private static bool IsZero(CallParameters p) =>
        p.TryGet("quantity", out ReadOnlySpan<char> text) && DecimalReading.Read(text, 8, out long value) == DecimalFault.None && value == 0;

    private static void ReadMatch(CallParameters p, ref OrderDraft draft)
    {
        draft.Match = ReadMatch(p);
        if (draft.Match == PriceMatch.None) return;
        if (draft.Command.Type.IsMarketType())
        {
            p.Fail(new BinanceError(-5038, "Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT"));
        }

        // A conditional order's level would be that of its placement, not of its trigger.
        if (draft.Command.Type.IsConditional()) p.Fail(BinanceError.Unsupported("priceMatch on a conditional order"));
        if (p.Has("price")) p.Fail(BinanceError.Surplus("price"));
    }

    private static void ReadTimeInForce(CallParameters p, ref OrderDraft draft, Timestamp now)
    {
        ref PlaceOrder order = ref draft.Command;
        bool given = p.TryGet("timeInForce", out ReadOnlySpan<char> text);
        order.TimeInForce = TimeInForce.Gtc;
        if (given && !OrderWords.TryRead(text, out order.TimeInForce)) p.Fail(new BinanceError(-1115, "Invalid timeInForce."));
        if (order.Type == OrderType.Limit && !given && draft.Match == PriceMatch.None) p.Fail(BinanceError.Missing("timeInForce"));
        if (order.Type == OrderType.Market && given) p.Fail(BinanceError.Surplus("timeInForce"));
        if (order.Type.IsMarketType())
        {
            if (order.TimeInForce is TimeInForce.Gtx or TimeInForce.Gtd) p.Fail(new BinanceError(-1115, "Invalid timeInForce."));
            order.TimeInForce = TimeInForce.Gtc;
            return;
        }

        if (order.TimeInForce != TimeInForce.Gtd) return;

        // Binance keeps whole seconds.
        long date = p.RequiredWhole("goodTillDate", 0, long.MaxValue) / 1_000 * 1_000;
        if (date <= now.Milliseconds + ShortestLife || date >= LastDate) p.Fail(RejectTable.GoodTillDate);
        order.GoodTill = new Timestamp(date);
    }

    private static void ReadNumbers(CallParameters p, ref OrderDraft draft, bool algo)
    {
        ref PlaceOrder order = ref draft.Command;
        if ((order.Flags & OrderFlags.ClosePosition) == 0) order.Quantity = ReadQuantity(p, draft.Market);
        if (order.Type.IsMarketType())
        {
            if (p.Has("price") && order.Type == OrderType.Market) p.Fail(BinanceError.Surplus("price"));
        }
        else if (draft.Match == PriceMatch.None)
        {
            if (!p.Has("price")) p.Fail(BinanceError.Missing("price"));
            order.Price = ReadPrice(p, draft.Market, "price");
        }

        if (!order.Type.IsConditional()) return;
        if (order.Type == OrderType.TrailingStopMarket)
        {
            ReadTrailing(p, ref draft);
            return;
        }

        string name = algo ? "triggerPrice" : "stopPrice";
        if (!p.Has(name)) p.Fail(BinanceError.Missing(name));
        order.TriggerPrice = ReadPrice(p, draft.Market, name);
    }

    private static void ReadTrailing(CallParameters p, ref OrderDraft draft)
    {
        if (!p.TryGet("callbackRate", out ReadOnlySpan<char> text)) p.Fail(BinanceError.Missing("callbackRate"));

        // A percentage with one decimal: 1 is one percent.
        else if (DecimalReading.Read(text, 6, out long rate) != DecimalFault.None) p.Fail(new BinanceError(-2007, "Invalid callBack rate."));
        else draft.Command.CallbackRate = new Rate(rate);
        string name = p.Has("activatePrice") ? "activatePrice" : "activationPrice";
        draft.Command.ActivationPrice = ReadPrice(p, draft.Market, name);
    }

    private static void ReadSelfTrade(CallParameters p, ref PlaceOrder order)
    {
        order.SelfTradePrevention = DefaultSelfTrade;
        if (!p.TryGet("selfTradePreventionMode", out ReadOnlySpan<char> text)) return;
        if (!OrderWords.TryRead(text, out order.SelfTradePrevention)) p.Fail(new BinanceError(-5039, "Invalid self trade prevention mode"));
    }

    private static void ReadWorkingType(CallParameters p, ref PlaceOrder order)
    {
        if (!p.TryGet("workingType", out ReadOnlySpan<char> text)) return;
        if (!OrderWords.TryRead(text, out TriggerSource source)) p.Fail(new BinanceError(-4031, "Invalid parameter working type."));
        if (order.Type.IsConditional()) order.TriggerSource = source;
    }

    private static bool ReadAnswer(CallParameters p)
    {
        if (!p.TryGet("newOrderRespType", out ReadOnlySpan<char> text)) return false;
        if (text is not ("ACK" or "RESULT" or "FULL")) p.Fail(new BinanceError(-1136, "Invalid newOrderRespType."));
        return text is not "ACK";
    }

    private static ClientOrderId ReadNewId(CallParameters p, string name) => p.Has(name) ? p.ClientId(name) : NewIds.Next();

    private static string Word(OrderType type) => System.Text.Encoding.ASCII.GetString(OrderWords.Of(type));
}
