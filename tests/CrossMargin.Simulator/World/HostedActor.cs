using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Machines;

namespace CrossMargin.Simulator.World;

/// <summary>One activation in one host, with what a host keeps beside it.</summary>
internal sealed class HostedActor(Activation activation, IActorMachine machine)
{
    public Activation Activation { get; } = activation;

    public AccountMachine? Account { get; } = machine as AccountMachine;

    public MarketMachine? Market { get; } = machine as MarketMachine;

    public FundMachine? Fund { get; } = machine as FundMachine;

    /// <summary>Of a market: who watches its holders.</summary>
    public HolderWatch? Holders { get; init; }

    /// <summary>What was read so far of the activation's keys.</summary>
    public List<StoredRecord> Records { get; } = [];

    /// <summary>Markets to be told, once it runs, who watches it.</summary>
    public List<MarketId> ToAnnounce { get; } = [];

    /// <summary>The placement that it was made for.</summary>
    public int Generation { get; set; }

    public bool HasAnnounced { get; set; }

    public ActorId Address => Activation.Address;
}
