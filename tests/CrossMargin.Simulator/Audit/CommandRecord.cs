using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Simulator.World;

namespace CrossMargin.Simulator.Audit;

/// <summary>
/// The commands of one actor as its durable records name them: each takes effect once, and an answer that left says what is written.
/// </summary>
internal sealed class CommandRecord(ActorId actor)
{
    private readonly Dictionary<long, Known> _known = []; // to look up, never to go through
    private long _records;

    /// <summary>A new durable record's ledger; calls back for each event that was not there before.</summary>
    public void Take(CommandLedger ledger, Action<Event> newEvent)
    {
        _records++;
        foreach (OpenCommand open in ledger.Open) Take(open.Id, open.Events, newEvent);
        foreach (DoneCommand done in ledger.Done) Take(done.Id, done.Events, newEvent);
    }

    /// <summary>A command that a market's log has applied, with all its events.</summary>
    public void Applied(CommandId id, ulong events)
    {
        if (!_known.TryAdd(id.Value, new Known { Events = events })) throw new InvariantViolation($"6: {actor} has applied {id} twice");
    }

    public void CheckReply(CommandReply reply)
    {
        if (!_known.TryGetValue(reply.Id.Value, out Known? known))
            throw new InvariantViolation($"6: {actor} has answered {reply.Id}, of which nothing durable is known");
        if (reply.Events.Count > 0 && Bytes.Hash(reply.Events) != known.Events)
            throw new InvariantViolation($"6: {actor} has answered {reply.Id} with what is not durable");
    }

    private void Take(CommandId id, IReadOnlyList<Event> events, Action<Event> newEvent)
    {
        if (!_known.TryGetValue(id.Value, out Known? known)) _known.Add(id.Value, known = new Known());
        else if (known.Seen != _records - 1) throw new InvariantViolation($"6: {actor} had forgotten {id} and applied it again");
        known.Seen = _records;
        for (; known.Count < events.Count; known.Count++)
        {
            Event e = events[known.Count];
            known.Events = Bytes.Hash(e, known.Events);
            newEvent(e);
        }
    }

    private sealed class Known
    {
        public long Seen;
        public int Count;
        public ulong Events = Bytes.Start;
    }
}
