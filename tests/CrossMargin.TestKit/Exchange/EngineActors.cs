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
    private readonly ExchangeActors _real = new(profile);
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
        var account = (AccountActor)_real.NewAccount(id);
        _accounts.Add(id.Value, account);
        return account;
    }

    /// <summary>Puts an account in the place of the one with its id.</summary>
    public void Put(AccountActor account) => _accounts[account.Id.Value] = account;

    public void Put(InsuranceFundActor fund) => Fund = fund;

    public IActor NewMarket(MarketSpec spec) => _markets[spec.Id.Value - 1] = (MarketActor)_real.NewMarket(spec);

    public IActor NewFund() => Fund = (InsuranceFundActor)_real.NewFund();

    public INodeRiskMonitor NewMonitor(PriceTable prices)
    {
        Prices = prices;
        return Monitor = fullScan ? new FullScanMonitor(profile, prices, TryReadPool) : new RiskMonitor(profile, prices);
    }

    public void RequestJudgements(IActor account, IRiskMonitor monitor) => _real.RequestJudgements(account, monitor);

    public void CheckAtRest(IActor account) => _real.CheckAtRest(account);

    private bool TryReadPool(PoolId pool, out PoolView view)
    {
        AccountState state = _accounts[pool.Account.Value].State;
        int leg = pool.IsCross ? -1 : state.Legs.Find(pool.Market, pool.Side);
        bool exists = pool.IsCross || (leg >= 0 && state.Legs[leg].Mode == MarginMode.Isolated);
        view = !exists ? default : pool.IsCross ? state.CrossPool : state.IsolatedPool(leg);
        return exists;
    }
}
