using CrossMargin.Engine.Triggers;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Conditional orders. They are told every price that trades passed through in a step, at its end, and the mark when it has changed; while
/// prices are paused nothing fires, and what was passed meanwhile fires at the first usable price. What fires goes back to its account,
/// which checks the margin.
/// </summary>
internal sealed class TriggerDesk(MarketState market)
{
    private readonly TriggerBook _book = new();
    private readonly List<ConditionalOrder> _fired = [];

    public int Count => _book.Count;

    public int CountOf(AccountId account) => _book.CountOf(account);

    public void Submit(AccountId owner, in SubmitTrigger submit)
    {
        ConditionalOrder order = Of(owner, submit);
        if (market.Guard.IsHalted)
        {
            Reply(order, AlgoStatus.Rejected, CancelReason.None, Refusal.Because(RejectReason.MarketHalted));
            return;
        }

        if (_book.IsDue(order))
        {
            long latest = _book.Latest(order.Source).Units;
            Refusal reached = Refusal.Because(RejectReason.WouldImmediatelyTrigger, order.TriggerPrice.Units, latest);
            Reply(order, AlgoStatus.Rejected, CancelReason.None, reached);
            return;
        }

        if (order.GoodTill.Milliseconds != 0 && order.GoodTill <= market.Now)
        {
            Reply(order, AlgoStatus.Expired, CancelReason.GoodTillDate, Refusal.None);
            return;
        }

        _book.Add(order);
        Reply(order, AlgoStatus.New, CancelReason.None, Refusal.None);
    }

    public void Cancel(AccountId owner, in RequestCancelTrigger request)
    {
        if (_book.TryFind(owner, request.Algo, out int number))
        {
            Reply(_book.Remove(number), AlgoStatus.Canceled, request.Reason, Refusal.None);
            return;
        }

        var unknown = new ConditionalOrder { Account = owner, AlgoId = request.Algo };
        Reply(unknown, AlgoStatus.Rejected, CancelReason.None, Refusal.Because(RejectReason.UnknownOrder, 0, request.Algo.Value));
    }

    /// <summary>Cancels all conditional orders of an account, the oldest first.</summary>
    public void CancelAll(AccountId owner, CancelReason reason)
    {
        while (true)
        {
            AccountTriggers orders = _book.OldestFirst(owner);
            if (!orders.MoveNext()) return;
            Reply(_book.Remove(orders.Current), AlgoStatus.Canceled, reason, Refusal.None);
        }
    }

    /// <summary>Ends those whose date has come.</summary>
    public void ExpireDue()
    {
        while (_book.TryNextExpired(market.Now, out int number))
            Reply(_book.Remove(number), AlgoStatus.Expired, CancelReason.GoodTillDate, Refusal.None);
    }

    /// <summary>The step's trades are over.</summary>
    public void WatchTrades()
    {
        Span<Price> seen = stackalloc Price[3];
        int count = market.Tape.TakeExtremes(seen);
        if (market.Guard.Reason != PauseReason.None) return;
        for (int i = 0; i < count; i++) Tell(TriggerSource.Last, seen[i]);
    }

    /// <summary>A price or time command is over: the mark may have changed, a pause may have ended.</summary>
    public void WatchPrices()
    {
        if (market.Guard.Reason != PauseReason.None) return;
        Price last = market.Tape.Last;
        if (!last.IsNone && last != _book.Latest(TriggerSource.Last)) Tell(TriggerSource.Last, last);
        if (!market.Mark.IsNone && market.Mark != _book.Latest(TriggerSource.Mark)) Tell(TriggerSource.Mark, market.Mark);
    }

    public void Write(StateWriter writer) => _book.Write(writer);

    public void Read(StateReader reader) => _book.Read(reader);

    private static ConditionalOrder Of(AccountId owner, in SubmitTrigger submit) => new()
    {
        Account = owner,
        AlgoId = submit.Algo,
        TriggerPrice = submit.TriggerPrice,
        ActivationPrice = submit.ActivationPrice,
        CallbackRate = submit.CallbackRate,
        Price = submit.Price,
        Quantity = submit.Quantity,
        GoodTill = submit.GoodTill,
        Flags = submit.Flags,
        Type = submit.Type,
        Side = submit.Side,
        PositionSide = submit.PositionSide,
        TimeInForce = submit.TimeInForce,
        SelfTradePrevention = submit.SelfTradePrevention,
        Source = submit.TriggerSource,
    };

    private void Tell(TriggerSource source, Price price)
    {
        _fired.Clear();
        _book.Update(source, price, _fired);
        foreach (ref readonly ConditionalOrder order in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_fired))
        {
            Refusal refusal = Protect(order);
            if (refusal.IsNone) Fire(order, price);
            else Reply(order, AlgoStatus.Rejected, CancelReason.None, refusal);
        }
    }

    private void Fire(in ConditionalOrder order, Price price) => market.Post.SendUncaused(order.Account, new TriggerFired
    {
        Algo = order.AlgoId,
        Quantity = order.Quantity,
        PositionQuantity = market.Holders.QuantityOf(order.Account, order.PositionSide),
        Price = order.Price,
        FiredAt = price,
        GoodTill = order.GoodTill,
        Market = market.Spec.Id,
        Flags = order.Flags,
        Side = order.Side,
        PositionSide = order.PositionSide,
        Type = order.Type,
        TimeInForce = order.TimeInForce,
        SelfTradePrevention = order.SelfTradePrevention,
    });

    /// <summary>A protected order is refused while |last − mark| / mark is above the market's rate; it takes both prices to say so.</summary>
    private Refusal Protect(in ConditionalOrder order)
    {
        if ((order.Flags & OrderFlags.PriceProtect) == 0) return Refusal.None;
        Price last = market.Tape.Last;
        if (last.IsNone || market.Mark.IsNone) return Refusal.None;
        Int128 apart = Int128.Abs((Int128)last.Units - market.Mark.Units) * Rate.One;
        if (apart <= (Int128)market.Mark.Units * market.Spec.TriggerProtect.E8) return Refusal.None;
        long share = (long)Int128.Min(long.MaxValue, Rounding.DivUp(apart, market.Mark.Units));
        return Refusal.Because(RejectReason.PriceProtected, market.Spec.TriggerProtect.E8, share);
    }

    private void Reply(in ConditionalOrder order, AlgoStatus status, CancelReason reason, Refusal refusal) =>
        market.Post.Send(order.Account, new TriggerUpdate
        {
            Algo = order.AlgoId,
            Refusal = refusal,
            Market = market.Spec.Id,
            Status = status,
            Reason = reason,
        });
}
