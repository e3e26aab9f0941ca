using System.Globalization;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// Tells one account's user data events, batch by batch, in the order in which they happened. What a fill changed in the account comes right
/// before the order's own event of it, as at Binance; of what else changed one event a reason and command. Not thread-safe.
/// </summary>
internal sealed class AccountTeller(AccountId account, AccountSnapshot snapshot, MarketFormats formats, long[] marks)
{
    private readonly AccountUpdate _update = new(formats, marks);
    private readonly HashSet<OrderId> _unseen = [];
    private long _sequence = snapshot.Sequence;
    private List<byte[]> _output = [];

    public AccountMirror Account { get; } = new(formats, snapshot);

    /// <summary>
    /// Adds what the batch tells to <paramref name="output"/>; nothing for one that the snapshot includes or that came before.
    /// </summary>
    public void Apply(EventBatch batch, List<byte[]> output)
    {
        if (batch.Sequence <= _sequence) return;
        if (batch.Previous > _sequence) throw new InvalidDataException($"{account}: told up to {_sequence}, the next events follow {batch.Previous}");
        _sequence = batch.Sequence;
        _output = output;
        FindRefused(batch.Events);
        for (int i = 0; i < batch.Events.Count; i++)
        {
            Event e = batch.Events[i];
            if (e.Account == account) Apply(e);
        }

        Flush(batch.Time);
    }

    /// <summary>Orders that the market refused at once: to Binance they were never orders, their senders get an error.</summary>
    private void FindRefused(IReadOnlyList<Event> events)
    {
        _unseen.Clear();
        for (int i = 0; i < events.Count; i++)
        {
            Event e = events[i];
            if (e.Account != account || e.Kind != EventKind.OrderEnded) continue;
            ref readonly OrderEnded ended = ref e.Body<OrderEnded>();
            if (ended.Refusal.Reason == default || !ended.Cumulative.IsZero || Account.Orders.ContainsKey(ended.Order)) continue;
            _unseen.Add(ended.Order);
        }
    }

    private void Apply(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.OrderAccepted:
                Accepted(e);
                break;
            case EventKind.OrderFilled:
                Filled(e);
                break;
            case EventKind.OrderEnded:
                Ended(e);
                break;
            case EventKind.OrderReduced:
                Amended(e, e.Body<OrderReduced>().Order);
                break;
            case EventKind.OrderAmended:
                Amended(e, e.Body<OrderAmended>().Order);
                break;
            case EventKind.TriggerAccepted:
                TriggerAccepted(e);
                break;
            case EventKind.TriggerEnded:
                TriggerEnded(e);
                break;
            case EventKind.BalanceChanged:
                BalanceChanged(e);
                break;
            case EventKind.PositionChanged:
                PositionChanged(e);
                break;
            case EventKind.LeverageChanged:
                LeverageChanged(e);
                break;
            case EventKind.MarginModeChanged:
                ModeChanged(e);
                break;
        }
    }

    private void Accepted(in Event e)
    {
        OrderMirror order = Account.Accept(e);
        if (!order.Algo.IsNone && !order.Image.IsClassic && Account.Triggers.TryGetValue(order.Algo,
            out OrderImage origin)) order.Origin = origin;
        if (_unseen.Contains(order.Id) && order.Algo.IsNone) return;
        if (order.Image.IsClassic && Account.Triggers.TryGetValue(order.Algo, out OrderImage waited)) Fired(waited, e.Time);
        Tell(order, new Execution { Kind = "NEW"u8, OwnName = OwnName(order) }, e.Time);
    }

    private void Filled(in Event e)
    {
        ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
        OrderMirror? order = fill.Order.IsNone ? null : Account.Change(e, fill.Order);
        bool forced = fill.Type != FillKind.Trade && !fill.IsMaker;
        order ??= Forced(e, fill);
        var execution = new Execution
        {
            Kind = forced ? "CALCULATED"u8 : "TRADE"u8,
            LastQuantity = fill.Quantity,
            LastPrice = fill.Price,
            Trade = fill.Trade.Value,
            Fee = fill.Fee,
            Profit = fill.RealizedProfit,
            IsMaker = fill.IsMaker,
            OwnName = fill.Order.IsNone && fill.Liquidation.IsNone ? "adl_autoclose" : OwnName(order),
        };
        if (!forced) _output.Add(UserJson.TradeLite(order.Image, execution, e.Time));
        Account.Fill(e.Market, fill);
        Change(UpdateReason.Order, e.Time);
        _update.Balance(AssetId.Settlement, Amount.Zero);
        _update.Leg(e.Market, fill.PositionSide);
        Flush(e.Time);
        Tell(order, execution, e.Time);
        Finish(order, e.Time);
    }

    private void Ended(in Event e)
    {
        OrderId id = e.Body<OrderEnded>().Order;
        CancelReason reason = e.Body<OrderEnded>().Reason;
        OrderMirror? order = Account.Change(e, id);
        if (order is null || (_unseen.Contains(id) && order.Algo.IsNone)) return;
        if (order.Image.Status == OrderStatus.Rejected) order.Image.Status = OrderStatus.Expired;
        ReadOnlySpan<byte> kind = order.Image.Status == OrderStatus.Canceled ? "CANCELED"u8 : "EXPIRED"u8;
        Tell(order, new Execution { Kind = kind, OwnName = OwnName(order), ExpireReason = ReasonOf(reason, order.Image) }, e.Time);
        Finish(order, e.Time);
    }

    private void Amended(in Event e, OrderId id)
    {
        OrderMirror? order = Account.Change(e, id);
        if (order is not null) Tell(order, new Execution { Kind = "AMENDMENT"u8, OwnName = OwnName(order) }, e.Time);
    }

    private void TriggerAccepted(in Event e)
    {
        OrderImage trigger = Account.Accept(e, e.Body<TriggerAccepted>());
        if (trigger.IsClassic) Tell(trigger, "NEW"u8, e.Time);
        else _output.Add(UserJson.AlgoUpdate(trigger, "NEW"u8, null, default, "", e.Time));
    }

    private void TriggerEnded(in Event e)
    {
        ref readonly TriggerEnded ended = ref e.Body<TriggerEnded>();
        if (!Account.End(ended.Algo, out OrderImage trigger)) return;
        Refusal refusal = ended.Refusal;
        string failure = refusal.IsNone ? "" : RejectTable.Of(refusal, MessageKind.PlaceOrder, trigger.Market).Message;
        if (ended.Status == AlgoStatus.Rejected) _output.Add(UserJson.TriggerReject(trigger, failure, e.Time));
        if (!trigger.IsClassic)
        {
            OrderMirror? actual = ended.Order.IsNone ? null : Account.Orders.GetValueOrDefault(ended.Order);
            Timestamp triggered = ended.Status == AlgoStatus.Triggered ? e.Time : default;
            _output.Add(UserJson.AlgoUpdate(trigger, OrderWords.Of(ended.Status), actual, triggered, failure, e.Time));
            return;
        }

        // One that fired goes on as the order that it became, under the same id.
        if (ended.Status == AlgoStatus.Triggered) return;
        trigger.Status = ended.Status == AlgoStatus.Canceled ? OrderStatus.Canceled : OrderStatus.Expired;
        trigger.Updated = e.Time;
        Tell(trigger, trigger.Status == OrderStatus.Canceled ? "CANCELED"u8 : "EXPIRED"u8, e.Time);
    }

    private void BalanceChanged(in Event e)
    {
        ref readonly BalanceChanged change = ref e.Body<BalanceChanged>();
        LegMirror? leg = Account.Change(e.Market, change);
        Change(AccountUpdate.ReasonOf(change.Reason), e.Time);
        _update.Balance(change.Asset, change.Change);
        if (leg is not null) _update.Leg(e.Market, change.PositionSide);
    }

    private void PositionChanged(in Event e)
    {
        ref readonly PositionChanged change = ref e.Body<PositionChanged>();
        bool moved = Account.Leg(e.Market, change.PositionSide).Mode != change.Mode;
        Account.Change(e.Market, change);
        Change(moved ? UpdateReason.MarginTypeChange : change.Quantity.IsZero
            ? UpdateReason.InsuranceClear : UpdateReason.MarginTransfer, e.Time);
        _update.Balance(AssetId.Settlement, Amount.Zero);
        _update.Leg(e.Market, change.PositionSide);
    }

    private void LeverageChanged(in Event e)
    {
        int leverage = e.Body<LeverageChanged>().Leverage;
        Account.SetLeverage(e.Market, leverage);
        System.Text.Json.Utf8JsonWriter json = UserJson.Begin("ACCOUNT_CONFIG_UPDATE"u8, e.Time);
        json.WriteStartObject("ac"u8);
        json.WriteString("s"u8, formats[e.Market].Symbol);
        json.WriteNumber("l"u8, leverage);
        json.WriteEndObject();
        _output.Add(UserJson.End(json));
    }

    /// <summary>Binance tells a new margin mode as a change of the market's (empty) position.</summary>
    private void ModeChanged(in Event e)
    {
        Account.SetMode(e.Market, e.Body<MarginModeChanged>().Mode);
        Change(UpdateReason.MarginTypeChange, e.Time);
        _update.Leg(e.Market, PositionSide.Both);
    }

    /// <summary>A conditional order of the classic path ends where it fires; the order that it becomes begins anew under its id.</summary>
    private void Fired(OrderImage waited, Timestamp time)
    {
        waited.Status = OrderStatus.Expired;
        waited.Updated = time;
        Tell(waited, "EXPIRED"u8, time, ExpireReason.Triggered);
    }

    private static ExpireReason ReasonOf(CancelReason reason, in OrderImage order) => reason switch
    {
        CancelReason.SelfTrade when order.TimeInForce == TimeInForce.Ioc => ExpireReason.SelfTradeOfImmediate,
        CancelReason.SelfTrade => ExpireReason.SelfTrade,
        CancelReason.ImmediateOrCancel or CancelReason.FillOrKill => ExpireReason.Immediate,
        CancelReason.PriceBound => ExpireReason.Market,
        CancelReason.ReduceOnlyCut => ExpireReason.ReduceOnly,
        CancelReason.Liquidation => ExpireReason.Liquidation,
        _ => ExpireReason.None,
    };

    /// <summary>A change for another reason than the one before is an event of its own.</summary>
    private void Change(UpdateReason reason, Timestamp time)
    {
        if (_update.Reason != reason) Flush(time);
        _update.Begin(reason);
    }

    private void Flush(Timestamp time)
    {
        if (_update.Reason == UpdateReason.None) return;
        _output.Add(_update.Encode(Account, time));
        Account.Tidy(_update.Legs);
        _update.Clear();
    }

    private void Tell(OrderMirror order, in Execution execution, Timestamp time) =>
        _output.Add(UserJson.OrderUpdate(order.Image, execution, time, formats.Settlement));

    private void Tell(in OrderImage image, ReadOnlySpan<byte> kind, Timestamp time, ExpireReason reason = ExpireReason.None)
    {
        var execution = new Execution { Kind = kind, OwnName = "", ExpireReason = reason };
        _output.Add(UserJson.OrderUpdate(image, execution, time, formats.Settlement));
    }

    /// <summary>The conditional order of the algo path is finished when the order that it became is over.</summary>
    private void Finish(OrderMirror order, Timestamp time)
    {
        if (order.Origin is not { } origin || order.Image.Status <= OrderStatus.PartiallyFilled) return;
        _output.Add(UserJson.AlgoUpdate(origin, "FINISHED"u8, order, order.Image.Time, "", time));
    }

    /// <summary>
    /// A fill without an order: a takeover by the fund, or deleveraging. Shown as an order of its own that is filled at once.
    /// </summary>
    private OrderMirror Forced(in Event e, in OrderFilled fill)
    {
        var image = new OrderImage
        {
            Market = formats[e.Market],
            Id = fill.Order.Value,
            Status = OrderStatus.Filled,
            Side = fill.Side,
            PositionSide = fill.PositionSide,
            Type = OrderType.Limit,
            OriginalType = OrderType.Limit,
            TimeInForce = TimeInForce.Ioc,
            Price = fill.Price,
            Quantity = fill.Quantity,
            Filled = fill.Quantity,
            FilledQuote = formats[e.Market].Spec.Notional(fill.Price, fill.Quantity),
            Time = e.Time,
            Updated = e.Time,
        };
        return new OrderMirror(image, fill.Order, AlgoId.None, fill.Liquidation);
    }

    private static string OwnName(OrderMirror order) =>
        order.Liquidation.IsNone ? "" : $"autoclose-{order.Liquidation.Value.ToString(CultureInfo.InvariantCulture)}";
}
