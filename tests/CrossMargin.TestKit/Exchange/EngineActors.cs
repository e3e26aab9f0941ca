using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>The real actors of one exchange, made for a host and kept at hand for looking at. The monitor may be the full-scan twin.</summary>
public sealed class EngineActors(VenueProfile profile, bool fullScan = false) : IActorSet
{
    private readonly SortedDictionary<int, AccountActor> _accounts = [];
    private readonly MarketActor[] _markets = new MarketActor[profile.Markets.Count];

    public VenueProfile Profile => profile;

    /// <summary>In id order.</summary>
    public IReadOnlyCollection<AccountActor> Accounts => _accounts.Values;

    /// <summary>In id order.</summary>
    public IReadOnlyList<MarketActor> Markets => _markets;

    public InsuranceFundActor Fund { get; private set; } = null!;

    public INodeRiskMonitor Monitor { get; private set; } = null!;

    public PriceTable Prices { get; private set; } = null!;

    public AccountState this[AccountId id] => _accounts[id.Value].State;

    public AccountActor? Find(AccountId id) => _accounts.GetValueOrDefault(id.Value);

    public MarketView View(MarketId market) => _markets[market.Value - 1].View;

    public IActor NewAccount(AccountId id)
    {
        var account = new AccountActor(id, profile);
        _accounts.Add(id.Value, account);
        return account;
    }

    public IActor NewMarket(MarketSpec spec) => _markets[spec.Id.Value - 1] = new MarketActor(spec, profile);

    public IActor NewFund() => Fund = new InsuranceFundActor(profile);

    public INodeMonitor NewMonitor(PriceTable prices)
    {
        Prices = prices;
        Monitor = fullScan ? new FullScanMonitor(profile, prices, TryReadPool) : new RiskMonitor(profile, prices);
        return new NodeMonitor(Monitor, prices);
    }

    private bool TryReadPool(PoolId pool, out PoolView view)
    {
        AccountState state = _accounts[pool.Account.Value].State;
        int leg = pool.IsCross ? -1 : state.Legs.Find(pool.Market, pool.Side);
        bool exists = pool.IsCross || (leg >= 0 && state.Legs[leg].Mode == MarginMode.Isolated);
        view = !exists ? default : pool.IsCross ? state.CrossPool : state.IsolatedPool(leg);
        return exists;
    }
}

/// <summary>A risk monitor behind the port by which a host drives it.</summary>
public sealed class NodeMonitor(INodeRiskMonitor monitor, PriceTable prices) : INodeMonitor
{
    public void Receive(in Message message, MessageQueue queue)
    {
        if (message.Kind == MessageKind.PriceTick) monitor.Receive(message.Body<PriceTick>());
        else prices.WithdrawalsClosed = message.Body<FundStatus>().WithdrawalsClosed;
    }

    public void Flush(MessageQueue queue) => monitor.Flush(queue);

    public void RequestAll(IActor account) => ((AccountActor)account).RequestJudgements(monitor);

    public void RequestJudge(PoolId pool) => monitor.RequestJudge(pool);

    public void Watch(PoolId pool, in PoolView view) => monitor.Watch(pool, view);

    public void Unwatch(PoolId pool) => monitor.Unwatch(pool);

    public void WaitForResume(PoolId pool, MarketId market) => monitor.WaitForResume(pool, market);
}
