using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Books each match in the step in which it happens: numbers it, moves both holdings, takes the fees (share of the notional, rounded up;
/// none from a liquidation's order or the house), sends a fill to each side, and cuts reduce-only orders that lost their position.
/// </summary>
internal sealed class TradeBooking(MarketState market, OrderReplies replies, ReduceOnlyCuts cuts)
{
    private LiveOrder _taker;
    private Price _bestPrice;

    /// <summary>Matches an order against traders and house; what remains of it stays in <paramref name="order"/>.</summary>
    // :: Step 5: price, then time; the house behind every trader at a price
    public MatchOutcome Match(ref LiveOrder order)
    {
        _taker = order;
        TakerOrder taker = ToTaker(order);
        bool isHouse = order.Owner == AccountId.House;
        var sink = new MatchSink(this, !isHouse);
        MatchOutcome outcome = market.Book.Match(ref taker, ref sink);
        order.Remaining = taker.Remaining;
        market.CheckBalance();
        return outcome;
    }

    /// <summary>How much of an order is certain to trade at once.</summary>
    public Quantity Fillable(in LiveOrder order)
    {
        var look = new HouseLook(market.Ladder);
        return market.Book.FillableQuantity(ToTaker(order), ref look);
    }

    /// <summary>Asked by the book before each match: the moment at which a maker about to expire still has its price.</summary>
    public bool TryHouse(Side takerSide, out Price price, out Quantity quantity)
    {
        if (_taker.SelfTradePrevention != SelfTradePrevention.None)
            _bestPrice = market.Book.Best(takerSide == Side.Buy ? Side.Sell : Side.Buy);
        return market.Ladder.TryBest(takerSide, out price, out quantity);
    }

    public void Trade(ref TakerOrder taker, in OrderNode maker, Price price, Quantity quantity)
    {
        // The maker's node may be reused once the book changes.
        (AccountId account, PositionSide leg, bool reduceOnly) = (maker.Account, maker.PositionSide, maker.IsReduceOnly);
        Side side = maker.Side;
        TradeId id = market.Tape.NextId();
        market.Tape.Record(price);
        Amount notional = market.Spec.Notional(price, quantity);
        bool house = _taker.Owner == AccountId.House;
        Quantity takerBefore = Quantity.Zero;
        Quantity takerAfter = Quantity.Zero;
        if (house) market.Own.FillHouse(taker.Side, quantity, price);
        else takerBefore = ApplyTaker(quantity, price, out takerAfter);
        Quantity makerBefore = market.Holders.Apply(account, leg, side, quantity, price, out Quantity makerAfter);
        CheckReduceOnly(reduceOnly, makerBefore, makerAfter);
        if (!house) FillTaker(taker.Remaining, id, price, quantity, notional, account);
        Amount makerFee = maker.MakerFee.OfUp(notional);
        market.Own.CreditFee(makerFee);
        market.Post.Send(account, new Fill
        {
            Order = maker.OrderId,
            Trade = id,
            Price = price,
            Quantity = quantity,
            Fee = makerFee,
            Leaves = maker.Remaining,
            Counterparty = _taker.Owner,
            Market = market.Spec.Id,
            Side = side,
            PositionSide = leg,
            Type = FillKind.Trade,
            IsMaker = true,
            Final = maker.Remaining.IsZero,
        });
        EmitTrade(id, price, quantity, account, maker.OrderId);
        cuts.AfterFill(account, leg, makerBefore, makerAfter);
        bool same = account == _taker.Owner && leg == _taker.PositionSide;
        if (!house && !same) cuts.AfterFill(_taker.Owner, _taker.PositionSide, takerBefore, takerAfter);
    }

    public void HouseTrade(ref TakerOrder taker, Price price, Quantity quantity)
    {
        TradeId id = market.Tape.NextId();
        market.Tape.Record(price);
        market.Ladder.TakeBest(taker.Side, quantity);
        market.Own.FillHouse(taker.Side == Side.Buy ? Side.Sell : Side.Buy, quantity, price);
        Quantity before = ApplyTaker(quantity, price, out Quantity after);
        FillTaker(taker.Remaining, id, price, quantity, market.Spec.Notional(price, quantity), AccountId.House);
        EmitTrade(id, price, quantity, AccountId.House, OrderId.None);
        cuts.AfterFill(_taker.Owner, _taker.PositionSide, before, after);
    }

    /// <summary>Self-trade prevention took a resting order of the taker's own off the book.</summary>
    public void MakerExpired(in OrderNode maker)
    {
        var order = new LiveOrder
        {
            Owner = maker.Account,
            Order = maker.OrderId,
            Limit = _bestPrice,
            Total = maker.Quantity,
            Remaining = maker.Remaining,
        };
        replies.Ended(order, OrderStatus.ExpiredInMatch, CancelReason.SelfTrade);
    }

    private static TakerOrder ToTaker(in LiveOrder order) => new()
    {
        Account = order.Owner,
        Side = order.Side,
        Limit = order.Limit,
        Remaining = order.Remaining,
        SelfTradePrevention = order.SelfTradePrevention,
    };

    private static void CheckReduceOnly(bool reduceOnly, Quantity before, Quantity after)
    {
        if (!reduceOnly) return;
        bool shrank = after.Abs < before.Abs && (after.IsZero || after.Sign == before.Sign);
        InvariantViolation.Check(shrank, "5: a reduce-only order grew or flipped a position");
    }

    private Quantity ApplyTaker(Quantity quantity, Price price, out Quantity after)
    {
        Quantity before = market.Holders.Apply(_taker.Owner, _taker.PositionSide, _taker.Side, quantity, price, out after);
        CheckReduceOnly(_taker.IsReduceOnly, before, after);
        return before;
    }

    private void FillTaker(Quantity leaves, TradeId id, Price price, Quantity quantity, Amount notional, AccountId counterparty)
    {
        Amount fee = _taker.IsLiquidation ? Amount.Zero : _taker.TakerFee.OfUp(notional);
        market.Own.CreditFee(fee);
        market.Post.Send(_taker.Owner, new Fill
        {
            Order = _taker.Order,
            Trade = id,
            Liquidation = _taker.Liquidation,
            Price = price,
            Quantity = quantity,
            Fee = fee,
            Leaves = leaves,
            Counterparty = counterparty,
            Market = market.Spec.Id,
            Side = _taker.Side,
            PositionSide = _taker.PositionSide,
            Type = _taker.IsLiquidation ? FillKind.Liquidation : FillKind.Trade,
            Final = leaves.IsZero,
        });
    }

    private void EmitTrade(TradeId id, Price price, Quantity quantity, AccountId maker, OrderId makerOrder)
    {
        bool buys = _taker.Side == Side.Buy;
        market.Post.Emit(new Traded
        {
            Trade = id,
            Price = price,
            Quantity = quantity,
            BuyOrder = buys ? _taker.Order : makerOrder,
            SellOrder = buys ? makerOrder : _taker.Order,
            Buyer = buys ? _taker.Owner : maker,
            Seller = buys ? maker : _taker.Owner,
            TakerSide = _taker.Side,
            Type = _taker.IsLiquidation ? FillKind.Liquidation : FillKind.Trade,
        });
    }
}
