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
    private readonly AnsweredCommands _done = new();

    public IReadOnlyList<OpenCommand> Open => _open;

    /// <summary>In the order in which they were answered.</summary>
    public IReadOnlyCollection<DoneCommand> Done => _done.All;

    public OpenCommand? FindOpen(CommandId id) => id == CommandId.None ? null : _openById.GetValueOrDefault(id.Value);

    public DoneCommand? FindDone(CommandId id) => _done.Find(id);

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
        StateWriter encoded = ScratchWriter.Take();
        WriteEvents(command.Events, encoded);
        DoneCommand done = _done.Add(command.Id, now, [.. command.Events], encoded.Written.ToArray());
        while (_done.Count > Kept || _done.Oldest.Time.Milliseconds < now.Milliseconds - KeptMilliseconds) _done.DropOldest();
        return done;
    }

    /// <summary>The gateway has these answers: what they said need not be kept, only that they were given.</summary>
    public void Confirm(ReadOnlySpan<CommandId> answered)
    {
        foreach (CommandId id in answered) _done.Forget(id);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(_open.Count);
        foreach (OpenCommand command in _open) command.Write(writer);
        _done.Write(writer);
    }

    /// <param name="format">Of the record around it, see <see cref="RecordFormat"/>.</param>
    public void Read(StateReader reader, byte format)
    {
        int open = reader.ReadCount(8);
        for (int i = 0; i < open; i++)
        {
            var command = OpenCommand.Read(reader);
            _openById.Add(command.Id.Value, command);
            _open.Add(command);
        }

        if (format == RecordFormat.AnswersOneByOne) ReadOneByOne(reader);
        else _done.Read(reader);
    }

    private void ReadOneByOne(StateReader reader)
    {
        int done = reader.ReadCount(8 + 8 + 4);
        for (int i = 0; i < done; i++)
        {
            var id = new CommandId(reader.ReadInt64());
            Timestamp time = reader.ReadTimestamp();
            int start = reader.Position;
            Event[] events = ReadEvents(reader);
            _done.Add(id, time, events, reader.CopySince(start));
        }
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
}
