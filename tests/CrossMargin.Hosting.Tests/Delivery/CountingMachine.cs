using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Hosting.Tests.Delivery;

/// <summary>
/// A machine that adds up deposits and odd seconds, sells collateral to the fund for each funding payment, starts a countdown in a market for each
/// leverage that is set, and breaks at a withdrawal.
/// </summary>
internal sealed class CountingMachine(ActorId address) : IActorMachine
{
    public ActorId Address => address;

    public bool IsReady { get; set; } = true;

    public Message? OnFault { get; set; }

    public long Sum { get; private set; }

    public int Applied { get; private set; }

    public void Begin(Timestamp now)
    {
    }

    public void Apply(in Message message, ActorOutput output)
    {
        Applied++;
        switch (message.Kind)
        {
            case MessageKind.Deposit:
                Sum += message.Body<Deposit>().Amount.E8;
                break;
            case MessageKind.AdvanceTime:
                Sum += message.Body<AdvanceTime>().Now.Milliseconds / 1_000 % 2;
                break;
            case MessageKind.FundingPayment:
                output.Send(Message.Of(Address, ActorId.Fund, message.Cause, new CollateralSold { Sold = new Amount(1) }));
                break;
            case MessageKind.SetLeverage:
                output.Send(Message.Of(Address, ActorId.Of(message.Body<SetLeverage>().Market), message.Cause, new RequestCountdown()));
                break;
            case MessageKind.Withdraw:
                throw new InvariantViolation("9: it broke");
        }
    }

    public void End(ActorOutput output)
    {
    }

    public void Activated(int epoch)
    {
    }

    public Message? WhenFaulted(ActorId peer) => OnFault;

    public void Write(StateWriter writer) => writer.WriteInt64(Sum);

    public void Read(StateReader reader) => Sum = reader.ReadInt64();
}

/// <summary>A store in memory, and the steps that a host takes with it.</summary>
internal sealed class MemoryHost
{
    private readonly Dictionary<string, StoredRecord> _records = [];
    private int _tags;

    public List<DeliveryBatch> Batches { get; } = [];
    public List<Acknowledgement> Acknowledgements { get; } = [];
    public List<CommandReply> Replies { get; } = [];
    public List<CommittedView> Views { get; } = [];
    public int Writes { get; private set; }
    public Timestamp Now { get; set; } = new(1_000);

    public static readonly DeliveryOptions Options = new() { EngineVersion = "1", LogKeys = 4, BatchInputs = 3 };

    public (StateActivation Activation, CountingMachine Machine) LoadState(ActorId address)
    {
        var machine = new CountingMachine(address);
        var activation = new StateActivation(machine, Options);
        Load(activation);
        return (activation, machine);
    }

    public (LogActivation Activation, CountingMachine Machine) LoadLog(ActorId address)
    {
        var machine = new CountingMachine(address);
        var activation = new LogActivation(machine, Options);
        Load(activation);
        return (activation, machine);
    }

    /// <summary>Turns until nothing more comes; every write is stored at once.</summary>
    public void Run(Activation activation)
    {
        activation.Turn(Now);
        while (Take(activation) is { Count: > 0 } writes)
        {
            foreach (StoreWrite write in writes) activation.Stored(write, Store(write));
            activation.Turn(Now);
        }
    }

    public List<StoreWrite> Take(Activation activation)
    {
        ActivationEffects effects = activation.Effects;
        List<StoreWrite> writes = [.. effects.Writes];
        Writes += writes.Count;
        Batches.AddRange(effects.Batches);
        Acknowledgements.AddRange(effects.Acknowledgements);
        Replies.AddRange(effects.Replies);
        Views.AddRange(effects.Views);
        effects.Clear();
        return writes;
    }

    public StoreResult Store(StoreWrite write)
    {
        if (_records.GetValueOrDefault(write.Key).Tag != write.Replaces) return new StoreResult(StoreOutcome.Refused, null);
        string tag = $"t{++_tags}";
        _records[write.Key] = new StoredRecord(write.Bytes, tag);
        return new StoreResult(StoreOutcome.Written, tag);
    }

    private void Load(Activation activation)
    {
        activation.Load([.. activation.Keys.Select(key => _records.GetValueOrDefault(key))]);
        if (activation.Phase != ActivationPhase.Faulted) Run(activation);
    }
}
