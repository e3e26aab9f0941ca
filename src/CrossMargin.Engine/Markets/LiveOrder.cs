using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>An order in the market's hands: as it came in, or as it was taken off the book to be changed.</summary>
internal struct LiveOrder
{
    // A resting order's self-trade prevention matters again when an amendment makes it take: it lies in the two highest bits of its flags.
    private const int PreventionShift = 14;

    public AccountId Owner;
    public OrderId Order;
    public AlgoId Algo;
    public LiquidationId Liquidation;
    public Price Limit;

    /// <summary>Size without what was cut: filled plus open.</summary>
    public Quantity Total;
    public Quantity Remaining;
    public Timestamp GoodTill;
    public Rate MakerFee;
    public Rate TakerFee;

    /// <summary>The book's flags: reduce-only also for an order that closes a hedge leg, post-only for GTX.</summary>
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public TimeInForce TimeInForce;
    public SelfTradePrevention SelfTradePrevention;

    public readonly bool IsReduceOnly => (Flags & OrderFlags.ReduceOnly) != 0;
    public readonly bool IsPostOnly => (Flags & OrderFlags.PostOnly) != 0;
    public readonly bool IsLiquidation => (Flags & OrderFlags.Liquidation) != 0;
    public readonly bool IsMarket => (Flags & OrderFlags.Market) != 0;
    public readonly bool Rests => TimeInForce is TimeInForce.Gtc or TimeInForce.Gtx or TimeInForce.Gtd;
    public readonly Quantity Filled => Total - Remaining;
    public readonly OrderStatus OpenStatus => Filled.IsZero ? OrderStatus.New : OrderStatus.PartiallyFilled;

    public static LiveOrder Of(AccountId owner, in SubmitOrder submit)
    {
        OrderFlags flags = submit.Flags;
        if (Closes(submit.PositionSide, submit.Side) || (flags & OrderFlags.ClosePosition) != 0) flags |= OrderFlags.ReduceOnly;
        if (submit.TimeInForce == TimeInForce.Gtx) flags |= OrderFlags.PostOnly;
        return new LiveOrder
        {
            Owner = owner,
            Order = submit.Order,
            Algo = submit.Algo,
            Liquidation = submit.Liquidation,
            Limit = submit.Price,
            Total = submit.Quantity,
            Remaining = submit.Quantity,
            GoodTill = submit.TimeInForce == TimeInForce.Gtd ? submit.GoodTill : default,
            MakerFee = submit.MakerFee,
            TakerFee = submit.TakerFee,
            Flags = flags,
            Side = submit.Side,
            PositionSide = submit.PositionSide,
            TimeInForce = submit.TimeInForce,
            SelfTradePrevention = (flags & OrderFlags.Liquidation) != 0 ? SelfTradePrevention.None : submit.SelfTradePrevention,
        };
    }

    public static LiveOrder Of(in RestingOrder resting) => new()
    {
        Owner = resting.Account,
        Order = resting.OrderId,
        Limit = resting.Price,
        Total = resting.Quantity,
        Remaining = resting.Remaining,
        GoodTill = resting.GoodTill,
        MakerFee = resting.MakerFee,
        Flags = (OrderFlags)((int)resting.Flags & ((1 << PreventionShift) - 1)),
        Side = resting.Side,
        PositionSide = resting.PositionSide,
        SelfTradePrevention = (SelfTradePrevention)((int)resting.Flags >> PreventionShift),
        TimeInForce = (resting.Flags & OrderFlags.PostOnly) != 0 ? TimeInForce.Gtx
            : resting.GoodTill.Milliseconds != 0 ? TimeInForce.Gtd : TimeInForce.Gtc,
    };

    public readonly RestingOrder ToResting() => new()
    {
        Account = Owner,
        OrderId = Order,
        Side = Side,
        PositionSide = PositionSide,
        Price = Limit,
        Quantity = Total,
        Remaining = Remaining,
        Flags = (OrderFlags)((int)Flags | ((int)SelfTradePrevention << PreventionShift)),
        GoodTill = GoodTill,
        MakerFee = MakerFee,
    };

    /// <summary>Takes a part off without a fill.</summary>
    public void Cut(Quantity by)
    {
        Total -= by;
        Remaining -= by;
    }

    /// <summary>In hedge mode the leg and the side alone say that an order closes.</summary>
    private static bool Closes(PositionSide leg, Side side) =>
        (leg == PositionSide.Long && side == Side.Sell) || (leg == PositionSide.Short && side == Side.Buy);
}
