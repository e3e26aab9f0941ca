using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Toys;

/// <summary>
/// Actors without rules, for tests of the host alone: accounts keep a ledger, a market fills every order whole at the index, the fund counts.
/// </summary>
internal sealed class ToyActors : IActorSet
{
    public ToyMonitor? Monitor { get; private set; }

    /// <summary>Order ids whose fill breaks an invariant in the market.</summary>
    public long BrokenQuantity { get; init; } = long.MaxValue;

    public IActor NewAccount(AccountId id) => new ToyAccount(id);

    public IActor NewMarket(MarketSpec spec) => new ToyMarket(spec.Id, BrokenQuantity);

    public IActor NewFund() => new ToyFund();

    public INodeRiskMonitor NewMonitor(PriceTable prices) => Monitor = new ToyMonitor(prices);

    public void RequestJudgements(IActor account, IRiskMonitor monitor) => monitor.RequestJudge(PoolId.Cross(new AccountId(account.Address.Number)));

    public void CheckAtRest(IActor account)
    {
        if (((ToyAccount)account).Wallet < 0) throw new InvariantViolation("4: a toy owes");
    }
}

internal sealed class ToyAccount(AccountId id) : IActor
{
    public long Wallet { get; private set; }
    public long Orders { get; private set; }
    public long Filled { get; private set; }
    public long Judged { get; private set; }

    public ActorId Address { get; } = ActorId.Of(id);

    public void Receive(in Message message, StepContext context)
    {
        switch (message.Kind)
        {
            case MessageKind.OpenAccount:
                context.Emit(id, MarketId.None, default(AccountOpened));
                break;
            case MessageKind.Deposit:
                Amount amount = message.Body<Deposit>().Amount;
                Wallet += amount.E8;
                context.Emit(id, MarketId.None, new BalanceChanged { Change = amount, WalletAfter = new Amount(Wallet), Reason = BalanceReason.Deposit });
                break;
            case MessageKind.PlaceOrder:
                ref readonly PlaceOrder place = ref message.Body<PlaceOrder>();
                Orders++;
                context.Emit(id, place.Market, new OrderAccepted { Order = new OrderId(Orders), Quantity = place.Quantity, Price = place.Price });
                context.Send(ActorId.Of(place.Market), new SubmitOrder { Order = new OrderId(Orders), Quantity = place.Quantity, Price = place.Price });
                break;
            case MessageKind.Fill:
                ref readonly Fill fill = ref message.Body<Fill>();
                Filled += fill.Quantity.Lots;
                context.Emit(id, fill.Market, new OrderFilled { Order = fill.Order, Quantity = fill.Quantity, Price = fill.Price, Trade = fill.Trade });
                context.Monitor.RequestJudge(PoolId.Cross(id));
                break;
            case MessageKind.JudgePool:
                Judged++;
                break;
        }
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(Wallet);
        writer.WriteInt64(Orders);
        writer.WriteInt64(Filled);
    }

    public void Read(StateReader reader)
    {
        Wallet = reader.ReadInt64();
        Orders = reader.ReadInt64();
        Filled = reader.ReadInt64();
    }
}

internal sealed class ToyMarket(MarketId id, long brokenQuantity) : IActor
{
    private long _trades;
    private long _ticks;
    private long _advanced;
    private long _index;

    public ActorId Address { get; } = ActorId.Of(id);

    public void Receive(in Message message, StepContext context)
    {
        switch (message.Kind)
        {
            case MessageKind.AdvanceTime:
                _advanced++;
                break;
            case MessageKind.SetIndexPrice:
                _index = message.Body<SetIndexPrice>().Index.Units;
                var price = new Price(_index);
                context.Emit(AccountId.None, id, new PriceChanged { Index = price, Mark = price, Last = price });
                context.Send(ActorId.Monitor, new PriceTick { Sequence = ++_ticks, Mark = price, Index = price, Last = price, Market = id });
                break;
            case MessageKind.SubmitOrder:
                ref readonly SubmitOrder order = ref message.Body<SubmitOrder>();
                if (order.Quantity.Lots == brokenQuantity) throw new InvariantViolation("2: a planted fault");
                var trade = new TradeId(++_trades);
                context.Emit(AccountId.None, id, new Traded { Trade = trade, Price = new Price(_index), Quantity = order.Quantity });
                context.Send(message.From, new Fill { Order = order.Order, Trade = trade, Quantity = order.Quantity, Price = new Price(_index), Market = id });
                break;
        }
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_trades);
        writer.WriteInt64(_ticks);
        writer.WriteInt64(_advanced);
        writer.WriteInt64(_index);
    }

    public void Read(StateReader reader)
    {
        _trades = reader.ReadInt64();
        _ticks = reader.ReadInt64();
        _advanced = reader.ReadInt64();
        _index = reader.ReadInt64();
    }
}

internal sealed class ToyFund : IActor
{
    private long _wallet;
    private long _advanced;

    public ActorId Address => ActorId.Fund;

    public void Receive(in Message message, StepContext context)
    {
        if (message.Kind == MessageKind.AdvanceTime) _advanced++;
        if (message.Kind != MessageKind.DepositToFund) return;
        Amount amount = message.Body<DepositToFund>().Amount;
        _wallet += amount.E8;
        context.Emit(AccountId.Fund, MarketId.None, new FundBalanceChanged { Change = amount, WalletAfter = new Amount(_wallet), Reason = FundReason.Deposit });
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_wallet);
        writer.WriteInt64(_advanced);
    }

    public void Read(StateReader reader)
    {
        _wallet = reader.ReadInt64();
        _advanced = reader.ReadInt64();
    }
}

internal sealed class ToyMonitor(PriceTable prices) : INodeRiskMonitor
{
    private readonly List<PoolId> _asked = [];

    public void RequestJudge(PoolId pool) => _asked.Add(pool);

    public void Watch(PoolId pool, in PoolView view)
    {
    }

    public void Unwatch(PoolId pool)
    {
    }

    public void WaitForResume(PoolId pool, MarketId market)
    {
    }

    public RiskCounters Counters => default;

    public bool Receive(in PriceTick tick) => prices.TryApply(tick);

    public int Flush(MessageQueue queue)
    {
        int count = _asked.Count;
        foreach (PoolId pool in _asked) queue.Add() = Message.Of(ActorId.Monitor, ActorId.Of(pool.Account), CommandId.None, default(JudgePool));
        _asked.Clear();
        return count;
    }

    public int WaitingCount(MarketId market) => 0;

    public bool TryGetWaiting(PoolId pool, out MarketId market)
    {
        market = MarketId.None;
        return false;
    }

    public void CopyWaiting(MarketId market, List<PoolId> pools)
    {
    }
}
