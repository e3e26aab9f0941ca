using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Pricing;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Risk;

namespace CrossMargin.Nodes.Machines;

/// <summary>The insurance fund on a node: it values what it holds at the node's prices.</summary>
public sealed class FundMachine(VenueProfile profile, NodeWatch watch) : IActorMachine
{
    private PriceTable _prices = watch.Prices;
    private Timestamp _now;

    public InsuranceFundActor Actor { get; } = new(profile);

    public ActorId Address => ActorId.Fund;

    public VenueProfile Profile => profile;

    /// <summary>The prices of the batch that ran last.</summary>
    public PriceTable Prices => _prices;

    /// <summary>Exchange time of the batch that ran last.</summary>
    public Timestamp Now => _now;

    /// <summary>Without all prices it would take itself for exhausted.</summary>
    public bool IsReady => watch.KnowsAllMarkets;

    /// <summary>What a node that begins to listen is told first.</summary>
    public FundStatus Status => new() { WithdrawalsClosed = profile.Fund.DeficitClosesWithdrawals && Actor.State.Deficit.IsNegative };

    public void Begin(Timestamp now)
    {
        _now = now;
        _prices = watch.Prices;
    }

    public void Apply(in Message message, ActorOutput output) =>
        EngineSteps.Of(profile).Run(Actor, message, _now, _prices, NoMonitor.Instance, output);

    public void End(ActorOutput output)
    {
    }

    public void Activated(int epoch)
    {
    }

    public void Write(StateWriter writer) => Actor.Write(writer);

    public void Read(StateReader reader) => Actor.Read(reader);
}
