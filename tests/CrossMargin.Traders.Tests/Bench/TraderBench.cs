using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Traders.Tests;

/// <summary>
/// One trader before scripted prices: market and IOC orders fill at the touch, limits rest until the mark reaches them, stops fire on the
/// mark. No fees, no other traders. Every command is kept in <see cref="Log"/>.
/// </summary>
internal sealed class TraderBench : IMarketDataView, ITraderCommands
{
    /// <summary>The price each market starts at, in its ticks.</summary>
    public const long BaseTicks = 500_000;

    private readonly MarketData[] _data;
    private readonly List<Event> _events = [];
    private long _orders;
    private Timestamp _now;

    public TraderBench(Trader trader, Amount deposit, VenueProfile? profile = null)
    {
        Trader = trader;
        Profile = profile ?? TestProfiles.Simple();
        Account = new BenchAccount(this, trader.Account) { Wallet = deposit };
        _data = new MarketData[Profile.Markets.Count];
        for (int i = 0; i < _data.Length; i++) SetPrice(new MarketId(i + 1), BaseTicks * Profile.Markets[i].TickUnits);
    }

    public Trader Trader { get; set; }

    public VenueProfile Profile { get; }

    public BenchAccount Account { get; }

    public List<string> Log { get; } = [];

    public List<PlaceOrder> Placed { get; } = [];

    public List<MessageKind> Kinds { get; } = [];

    public long Step { get; private set; }

    public long Due { get; private set; }

    public long Turns { get; private set; }

    /// <summary>Fraction of the price between the mark and the best bid or ask.</summary>
    public long HalfSpread { get; set; } = 10_000;

    /// <summary>Refuse every order with this reason instead of taking it.</summary>
    public RejectReason Refuse { get; set; }

    public MarketData this[MarketId market] => _data[market.Value - 1];

    public static TraderBench Of(string strategy, string parameters = "", string deposit = "10000", ulong seed = 1, int ordinal = 0)
    {
        string yaml = $"strategies:\n  - name: {strategy}\n    count: {ordinal + 1}\n"
            + $"    deposit: {{min: \"{deposit}\", max: \"{deposit}\"}}\n"
            + (parameters.Length == 0 ? "" : $"    parameters: {{start: \"0\", {parameters}}}\n");
        TraderMixResult mix = TraderMixReader.Read(yaml, "test");
        Assert.Null(mix.Error);
        TraderPlan plan = TraderPopulation.Create(mix.Mix!, TestProfiles.Simple(), seed, ordinal + 1)[ordinal];
        return new TraderBench(plan.Trader, plan.Deposit);
    }

    public MarketSpec Spec(MarketId market) => Profile[market];

    public BenchPosition Position(int market) => Account.Slot(new MarketId(market));

    public void SetPrice(MarketId market, long units, PauseReason pause = PauseReason.None)
    {
        MarketSpec spec = Profile[market];
        var price = new Price(units);
        Price bid = spec.TickDown(Sizing.Shift(price, -HalfSpread));
        Price ask = spec.TickUp(Sizing.Shift(price, HalfSpread));
        _data[market.Value - 1] = new MarketData(price, price, price, bid, ask, new Quantity(1000), new Quantity(1000), Rate.Zero, pause);
        if (Account is not null) FillReached(market);
    }

    public void SetData(MarketId market, Func<MarketData, MarketData> change) => _data[market.Value - 1] = change(_data[market.Value - 1]);

    /// <summary>Moves a market by a fraction in millionths.</summary>
    public void Move(int market, long ppm) =>
        SetPrice(new MarketId(market), Sizing.Shift(this[new MarketId(market)].Mark, ppm * 100).Units);

    /// <summary>Steps on; the trader gets its turn if it is due or has events.</summary>
    public void Run(long steps, Action<TraderBench>? beforeEach = null)
    {
        for (long i = 0; i < steps; i++)
        {
            var time = new Timestamp(Step * 15_000);
            Account.Resting.RemoveAll(o => o.End <= time);
            beforeEach?.Invoke(this);
            if (Step >= Due || _events.Count > 0) Turn();
            Step++;
        }
    }

    public void Submit<T>(in T command)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Kinds.Add(T.Kind);
        Message message = Message.Of(ActorId.Client, ActorId.Of(Account.Id), CommandId.None, command);
        Log.Add($"{Step} {T.Kind} {Convert.ToHexString(message.BodyBytes)}");
        switch (T.Kind)
        {
            case MessageKind.PlaceOrder: Place(message.Body<PlaceOrder>()); break;
            case MessageKind.CancelAllOrders: Cancel(message.Body<CancelAllOrders>()); break;
            case MessageKind.SetLeverage: Set(message.Body<SetLeverage>()); break;
            case MessageKind.SetMarginMode: Set(message.Body<SetMarginMode>()); break;
            case MessageKind.AdjustIsolatedMargin: Adjust(message.Body<AdjustIsolatedMargin>()); break;
            case MessageKind.MovePosition: MovePosition(message.Body<MovePosition>()); break;
            default: throw new InvalidOperationException($"the bench knows no {T.Kind}");
        }
    }

    private void Turn()
    {
        Turns++;
        _now = new Timestamp(Step * 15_000);
        Event[] events = [.. _events];
        _events.Clear();
        Due = Trader.OnTurn(
            new TraderTurn { Step = Step, Now = _now, Events = events, Markets = this, Account = Account, Commands = this });
        Assert.True(Due > Step);
    }

    private void Raise<T>(MarketId market, in T body)
        where T : unmanaged, IPayload<T, EventKind> =>
        _events.Add(Event.Of(_now, CommandId.None, Account.Id, market, body));

    private void Place(in PlaceOrder order)
    {
        MarketSpec spec = Profile[order.Market];
        Placed.Add(order);
        bool reduceOnly = (order.Flags & (OrderFlags.ReduceOnly | OrderFlags.ClosePosition)) != 0;
        bool stop = order.Type == OrderType.StopMarket;
        CheckFilters(spec, order, reduceOnly, stop);
        if (Refuse != RejectReason.None)
        {
            Raise(order.Market, new CommandRefused { Refusal = Refusal.Because(Refuse), Command = MessageKind.PlaceOrder });
            return;
        }

        var id = new OrderId(++_orders);
        var open = new BenchOrder(id, order.Market, order.Side, stop ? order.TriggerPrice : order.Price, order.Quantity, reduceOnly)
        {
            End = order.TimeInForce == TimeInForce.Gtd ? order.GoodTill : new Timestamp(long.MaxValue),
        };
        if (stop)
        {
            Account.Triggers.Add(open);
            return;
        }

        Raise(order.Market, new OrderAccepted { Order = id, Quantity = order.Quantity, Price = order.Price, Side = order.Side });
        Price touch = order.Side == Side.Buy ? this[order.Market].BestAsk : this[order.Market].BestBid;
        bool crosses = order.Type == OrderType.Market || (order.Side == Side.Buy ? order.Price >= touch : order.Price <= touch);
        if (crosses) Fill(open, touch);
        else if (order.TimeInForce is TimeInForce.Gtc or TimeInForce.Gtd) Account.Resting.Add(open);
    }

    private void CheckFilters(MarketSpec spec, in PlaceOrder order, bool reduceOnly, bool stop)
    {
        Price mark = this[order.Market].Mark;
        if (!stop) Assert.InRange(order.Quantity.Lots, spec.MinQuantity.Lots, spec.MaxQuantity.Lots);
        if (stop) Assert.True(spec.IsOnTick(order.TriggerPrice) && order.TriggerPrice.Units > 0);
        if (order.Type == OrderType.Market)
        {
            Assert.True(order.Quantity <= spec.MaxMarketQuantity && order.Price.IsNone);
            if (!reduceOnly) Assert.True(spec.Notional(mark, order.Quantity) >= spec.MinNotional);
            return;
        }

        if (stop) return;
        Assert.True(spec.IsOnTick(order.Price), $"{order.Price} is off tick");
        Assert.InRange(order.Price.Units, spec.MinPrice.Units, spec.MaxPrice.Units);
        if (!reduceOnly) Assert.True(spec.Notional(order.Price, order.Quantity) >= spec.MinNotional);
        long band = Rounding.MulDivDown(mark.Units, spec.PriceBand.E8, Rate.One);
        Assert.True(order.Side == Side.Buy ? order.Price.Units <= mark.Units + band : order.Price.Units >= mark.Units - band);
    }

    private void FillReached(MarketId market)
    {
        Price mark = this[market].Mark;
        foreach (BenchOrder order in Account.Resting.ToArray())
        {
            bool reached = order.Side == Side.Buy ? mark <= order.Price : mark >= order.Price;
            if (order.Market != market || !reached) continue;
            Account.Resting.Remove(order);
            Fill(order, order.Price);
        }

        foreach (BenchOrder stop in Account.Triggers.ToArray())
        {
            bool reached = stop.Side == Side.Sell ? mark <= stop.Price : mark >= stop.Price;
            if (stop.Market != market || !reached) continue;
            Account.Triggers.Remove(stop);
            Price touch = stop.Side == Side.Buy ? this[market].BestAsk : this[market].BestBid;
            Fill(stop with { Leaves = new Quantity(Math.Abs(Account.Slot(market).Lots)) }, touch);
        }
    }

    private void Fill(BenchOrder order, Price price)
    {
        BenchPosition position = Account.Slot(order.Market);
        long lots = order.Side == Side.Buy ? order.Leaves.Lots : -order.Leaves.Lots;
        if (order.ReduceOnly)
        {
            if (position.Lots == 0 || Math.Sign(position.Lots) == Math.Sign(lots)) return;
            lots = Math.Sign(lots) * Math.Min(Math.Abs(lots), Math.Abs(position.Lots));
        }

        if (lots == 0) return;
        Amount profit = Settle(position, Profile[order.Market], lots, price);
        Raise(order.Market, new OrderFilled
        {
            Order = order.Id,
            Price = price,
            Quantity = new Quantity(Math.Abs(lots)),
            RealizedProfit = profit,
            PositionAfter = new Quantity(position.Lots),
            OpenCostAfter = position.OpenCost,
            Side = order.Side,
            Status = OrderStatus.Filled,
        });
    }

    private Amount Settle(BenchPosition position, MarketSpec spec, long lots, Price price)
    {
        long closing = Math.Sign(lots) == Math.Sign(position.Lots) ? 0 : Math.Min(Math.Abs(lots), Math.Abs(position.Lots));
        Amount profit = Amount.Zero;
        if (closing > 0)
        {
            var released = new Amount(Rounding.MulDivDown(position.OpenCost.E8, closing, Math.Abs(position.Lots)));
            var freed = new Amount(Rounding.MulDivDown(position.IsolatedWallet.E8, closing, Math.Abs(position.Lots)));
            long signed = closing * Math.Sign(position.Lots);
            profit = spec.Notional(price, new Quantity(signed)) - released;
            position.OpenCost -= released;
            position.Lots -= signed;
            position.IsolatedWallet -= freed;
            Account.Wallet += profit;
        }

        long opening = lots - Math.Sign(lots) * closing;
        if (opening == 0) return profit;
        if (position.Lots == 0) position.Mode = position.Setting;
        position.Lots += opening;
        Amount cost = spec.Notional(price, new Quantity(opening));
        position.OpenCost += cost;
        if (position.Mode == MarginMode.Isolated) position.IsolatedWallet += new Amount(cost.Abs.E8 / position.Leverage);
        return profit;
    }

    private void Cancel(in CancelAllOrders cancel)
    {
        MarketId market = cancel.Market;
        if ((cancel.Scope & CancelScope.Orders) != 0) Account.Resting.RemoveAll(o => market.IsNone || o.Market == market);
        if ((cancel.Scope & CancelScope.Triggers) != 0) Account.Triggers.RemoveAll(o => market.IsNone || o.Market == market);
    }

    private void Set(in SetLeverage set) => Account.Slot(set.Market).Leverage = set.Leverage;

    private void Set(in SetMarginMode set) => Account.Slot(set.Market).Setting = set.Mode;

    private void Adjust(in AdjustIsolatedMargin adjust)
    {
        BenchPosition position = Account.Slot(adjust.Market);
        Assert.True(position.Lots != 0 && position.Mode == MarginMode.Isolated, "margin moved without an isolated position");
        position.IsolatedWallet += adjust.Amount;
    }

    private void MovePosition(in MovePosition move)
    {
        BenchPosition position = Account.Slot(move.Market);
        Assert.True(position.Lots != 0 && position.Mode != move.Mode, "no position to move");
        position.Mode = move.Mode;
        position.IsolatedWallet = Amount.Zero;
    }
}
