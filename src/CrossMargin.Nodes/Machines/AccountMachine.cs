using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.History;
using CrossMargin.Nodes.Risk;

namespace CrossMargin.Nodes.Machines;

/// <summary>
/// An account on a node: its steps see the node's prices as they are when a batch begins, all of them the same version; the pools that
/// its steps want judged are judged when the batch ends; its boxes go to the node's watch.
/// </summary>
public sealed class AccountMachine : IActorMachine, IRiskMonitor, IKeepsEvents
{
    private readonly VenueProfile _profile;
    private readonly NodeWatch _watch;
    private readonly List<PoolId> _toJudge = [];
    private PriceTable _prices;
    private Timestamp _now;
    private bool _isDebtor; // as the market was told by this activation

    public AccountMachine(AccountId id, VenueProfile profile, NodeWatch watch)
    {
        Actor = new AccountActor(id, profile);
        _profile = profile;
        _watch = watch;
        Keeper = new EventKeeper(() => new AccountHistory(profile));
        _prices = watch.Prices;
    }

    public AccountActor Actor { get; }

    /// <summary>The account's newest rows of history.</summary>
    public EventKeeper Keeper { get; }

    public ActorId Address => Actor.Address;

    /// <summary>Exchange time of the batch that ran last.</summary>
    public Timestamp Now => _now;

    /// <summary>Without all prices a position would be valued, liquidated even, at none.</summary>
    public bool IsReady => _watch.KnowsAllMarkets;

    /// <summary>The prices of the batch that ran last.</summary>
    public PriceTable Prices => _prices;

    public void Begin(Timestamp now)
    {
        _now = now;
        _prices = _watch.Prices;
    }

    public void Apply(in Message message, ActorOutput output)
    {
        EngineSteps.Of(_profile).Run(Actor, message, _now, _prices, this, output);
        bool owes = IsDebtor;
        if (owes == _isDebtor) return;
        _isDebtor = owes;
        output.Send(Message.Of(Address, ActorId.Of(DebtMarket), message.Cause, new RequestWatch { IsNeeded = owes }));
    }

    // In pool order, as everywhere. A judgement may ask for another one.
    public void End(ActorOutput output)
    {
        while (_toJudge.Count > 0)
        {
            PoolId[] pools = [.. _toJudge];
            _toJudge.Clear();
            Array.Sort(pools);
            foreach (PoolId pool in pools)
            {
                var judge = Message.Of(ActorId.Monitor, Address, CommandId.None, new JudgePool { Market = pool.Market, PositionSide = pool.Side });
                Apply(judge, output);
            }
        }
    }

    public void Activated(int epoch) => Actor.RequestJudgements(this);

    /// <summary>
    /// The markets that keep this account awake, and so must know which node watches it: those in which it holds a position; where it holds
    /// none and owes something, the first market of the profile.
    /// </summary>
    public IReadOnlyList<MarketId> WatchingMarkets()
    {
        var markets = new List<MarketId>();
        foreach (ref readonly Leg leg in Actor.State.Legs.Legs)
        {
            if (!leg.Quantity.IsZero && !markets.Contains(leg.Market)) markets.Add(leg.Market);
        }

        if (IsDebtor) markets.Add(DebtMarket);
        return markets;
    }

    // The same one always: which collateral covers the debt may change while nobody says so.
    private MarketId DebtMarket => _profile.Markets[0].Id;

    // No market holds it, yet it is unsound when its collateral falls. Without collateral the fund pays at once.
    private bool IsDebtor => _profile.Collateral.Enabled && Actor.State.Balance(AssetId.Settlement).IsNegative && !HasPosition();

    public void Write(StateWriter writer) => Actor.Write(writer);

    public void Read(StateReader reader) => Actor.Read(reader);

    private bool HasPosition()
    {
        foreach (ref readonly Leg leg in Actor.State.Legs.Legs)
        {
            if (!leg.Quantity.IsZero) return true;
        }

        return false;
    }

    void IRiskMonitor.RequestJudge(PoolId pool)
    {
        if (!_toJudge.Contains(pool)) _toJudge.Add(pool);
    }

    void IRiskMonitor.Watch(PoolId pool, in PoolView view) => _watch.Watch(pool, view);

    void IRiskMonitor.Unwatch(PoolId pool) => _watch.Unwatch(pool);

    void IRiskMonitor.WaitForResume(PoolId pool, MarketId market) => _watch.WaitForResume(pool, market);
}
