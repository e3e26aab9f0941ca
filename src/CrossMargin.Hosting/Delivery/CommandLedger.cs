using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// The client commands of one actor: those under way and the last ones that were answered. A command that comes again, because its sender
/// had no answer, has no second effect: it waits for the same answer or gets the recorded one. The last 256 are kept, for ten minutes at
/// most. A gateway therefore sends no more than 128 commands to an actor after one that is still unanswered (not merely 128 unanswered at
/// a time), asks again within that time only, and lets no copy of a command arrive after 128 later ones were answered.
/// </summary>
internal sealed class CommandLedger
{
    private const int Kept = 256;
    private const long KeptMilliseconds = 600_000;

    private readonly Dictionary<long, OpenCommand> _openById = []; // to look up, never to go through
    private readonly List<OpenCommand> _open = [];
    private readonly Dictionary<long, DoneCommand> _doneById = [];
    private readonly Queue<DoneCommand> _done = new();

    public IReadOnlyList<OpenCommand> Open => _open;

    /// <summary>In the order in which they were answered.</summary>
    public IReadOnlyCollection<DoneCommand> Done => _done;

    public OpenCommand? FindOpen(CommandId id) => id == CommandId.None ? null : _openById.GetValueOrDefault(id.Value);

    public DoneCommand? FindDone(CommandId id) => _doneById.GetValueOrDefault(id.Value);

    public OpenCommand Begin(CommandId id)
    {
        var command = new OpenCommand(id);
        _openById.Add(id.Value, command);
        _open.Add(command);
        return command;
    }

    public DoneCommand End(OpenCommand command, Timestamp now)
    {
        _openById.Remove(command.Id.Value);
        _open.Remove(command);
        var done = new DoneCommand(command.Id, now, [.. command.Events]);
        Add(done);
        while (_done.Count > Kept || _done.Peek().Time.Milliseconds < now.Milliseconds - KeptMilliseconds) _doneById.Remove(_done.Dequeue().Id.Value);
        return done;
    }

    /// <summary>The gateway has these answers: what they said need not be kept, only that they were given.</summary>
    public void Confirm(ReadOnlySpan<CommandId> answered)
    {
        foreach (CommandId id in answered)
        {
            if (_doneById.TryGetValue(id.Value, out DoneCommand? done)) done.Events = [];
        }
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(_open.Count);
        foreach (OpenCommand command in _open) command.Write(writer);
        writer.WriteInt32(_done.Count);
        foreach (DoneCommand done in _done) // in the order in which they were answered
        {
            writer.WriteInt64(done.Id.Value);
            writer.WriteTimestamp(done.Time);
            WriteEvents(done.Events, writer);
        }
    }

    public void Read(StateReader reader)
    {
        int open = reader.ReadCount(8);
        for (int i = 0; i < open; i++)
        {
            var command = OpenCommand.Read(reader);
            _openById.Add(command.Id.Value, command);
            _open.Add(command);
        }

        int done = reader.ReadCount(8 + 8 + 4);
        for (int i = 0; i < done; i++) Add(new DoneCommand(new CommandId(reader.ReadInt64()), reader.ReadTimestamp(), ReadEvents(reader)));
    }

    internal static void WriteEvents(IReadOnlyList<Event> events, StateWriter writer)
    {
        writer.WriteInt32(events.Count);
        foreach (Event e in events) MessageCodec.WriteEvent(e, writer);
    }

    internal static Event[] ReadEvents(StateReader reader)
    {
        var events = new Event[reader.ReadCount(27)];
        for (int i = 0; i < events.Length; i++) events[i] = MessageCodec.ReadEvent(reader);
        return events;
    }

    private void Add(DoneCommand done)
    {
        _doneById.Add(done.Id.Value, done);
        _done.Enqueue(done);
    }
}

/// <summary>A command that was answered, and what with.</summary>
internal sealed class DoneCommand(CommandId id, Timestamp time, IReadOnlyList<Event> events)
{
    public CommandId Id => id;
    public Timestamp Time => time;
    public IReadOnlyList<Event> Events { get; set; } = events;
}
