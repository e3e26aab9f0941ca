using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// A command under way. It is complete when nothing that was sent on its behalf is without answer: each such message has been acknowledged,
/// and what its receiver had queued for us by then has been applied.
/// </summary>
internal sealed class OpenCommand(CommandId id)
{
    private readonly List<Wait> _waits = [];

    public CommandId Id => id;

    /// <summary>What it led to so far.</summary>
    public List<Event> Events { get; } = [];

    /// <summary>Who waits for the answer here and now; in no state.</summary>
    public List<long> Tickets { get; } = [];

    public bool IsComplete => _waits.Count == 0;

    /// <summary>A message was sent on its behalf.</summary>
    public void WaitFor(ActorId peer, long number) => _waits.Add(new Wait(peer, number, -1));

    /// <summary>A peer has acknowledged; it has applied <paramref name="applied"/> of ours' answers so far.</summary>
    public void Acknowledged(in Acknowledgement acknowledgement, long applied)
    {
        for (int i = _waits.Count - 1; i >= 0; i--)
        {
            Wait wait = _waits[i];
            if (wait.Peer != acknowledgement.From || wait.Number > acknowledgement.Through || wait.Answered >= 0) continue;
            if (acknowledgement.Answered <= applied) _waits.RemoveAt(i);
            else _waits[i] = wait with { Answered = acknowledgement.Answered };
        }
    }

    /// <summary>Messages of a peer are applied up to a number.</summary>
    public void Applied(ActorId peer, long applied) => _waits.RemoveAll(w => w.Peer == peer && w.Answered >= 0 && w.Answered <= applied);

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(id.Value);
        CommandLedger.WriteEvents(Events, writer);
        writer.WriteInt32(_waits.Count);
        foreach (Wait wait in _waits)
        {
            writer.WriteByte((byte)wait.Peer.Kind);
            writer.WriteInt32(wait.Peer.Number);
            writer.WriteInt64(wait.Number);
            writer.WriteInt64(wait.Answered);
        }
    }

    public static OpenCommand Read(StateReader reader)
    {
        var command = new OpenCommand(new CommandId(reader.ReadInt64()));
        command.Events.AddRange(CommandLedger.ReadEvents(reader));
        int waits = reader.ReadCount(1 + 4 + 8 + 8);
        for (int i = 0; i < waits; i++)
            command._waits.Add(new Wait(new ActorId((ActorKind)reader.ReadByte(), reader.ReadInt32()), reader.ReadInt64(), reader.ReadInt64()));
        return command;
    }

    // Answered: the peer's number up to which its answer goes; -1 while that is not known.
    private readonly record struct Wait(ActorId Peer, long Number, long Answered);
}
