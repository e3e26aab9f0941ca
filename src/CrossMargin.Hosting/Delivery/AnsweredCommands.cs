using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// The last commands that were answered, oldest first. Each record of the actor holds all of them, so their ids and times lie ready as
/// bytes, each as what it differs from the one before; what was said is held apart, because clients confirm most of it soon.
/// </summary>
internal sealed class AnsweredCommands
{
    private const int LongestHead = 2 * 10;

    private readonly Dictionary<long, DoneCommand> _byId = []; // to look up, never to go through
    private readonly Queue<DoneCommand> _order = new();
    private readonly List<DoneCommand> _told = []; // those whose answers are kept, oldest first
    private readonly StateWriter _head = new(LongestHead);
    private readonly ByteQueue _heads = new();
    private long _number; // of the next one, counted in this life
    private DoneCommand _before = DoneCommand.None; // the last one that was dropped: the oldest head differs from it
    private DoneCommand _newest = DoneCommand.None;

    public int Count => _order.Count;

    public DoneCommand Oldest => _order.Peek();

    /// <summary>In the order in which they were answered.</summary>
    public IReadOnlyCollection<DoneCommand> All => _order;

    public DoneCommand? Find(CommandId id) => _byId.GetValueOrDefault(id.Value);

    public DoneCommand Add(CommandId id, Timestamp time, IReadOnlyList<Event> events, ReadOnlyMemory<byte> encoded)
    {
        _head.Clear();
        _head.WriteVar(unchecked(id.Value - _newest.Id.Value));
        _head.WriteVar(unchecked(time.Milliseconds - _newest.Time.Milliseconds));
        var done = new DoneCommand(_number++, id, time, events, encoded, (byte)_head.Length);
        _heads.Append(_head.Written);
        _byId.Add(id.Value, done);
        _order.Enqueue(done);
        if (events.Count > 0) _told.Add(done);
        return _newest = done;
    }

    public void DropOldest()
    {
        _before = _order.Dequeue();
        _heads.Drop(_before.HeadBytes);
        _byId.Remove(_before.Id.Value);
        if (_told.Count > 0 && _told[0] == _before) _told.RemoveAt(0);
        if (_order.Count == 0) _before = _newest = DoneCommand.None;
    }

    /// <summary>What a command's answer said is no longer kept.</summary>
    public void Forget(CommandId id)
    {
        if (!_byId.TryGetValue(id.Value, out DoneCommand? done) || done.Events.Count == 0) return;
        done.Forget();
        _told.Remove(done);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_before.Id.Value);
        writer.WriteTimestamp(_before.Time);
        writer.WriteInt32(_order.Count);
        writer.WriteBytes(_heads.Span);
        writer.WriteInt32(_told.Count);
        foreach (DoneCommand done in _told)
        {
            writer.WriteInt32((int)(done.Number - Oldest.Number));
            writer.WriteRaw(done.Encoded.Span);
        }
    }

    public void Read(StateReader reader)
    {
        _before = _newest = new DoneCommand(-1, new CommandId(reader.ReadInt64()), reader.ReadTimestamp(), [], default, 0);
        int count = reader.ReadInt32();
        var heads = new StateReader(reader.ReadBytes().ToArray());
        var ids = new CommandId[heads.Remaining >= count && count >= 0 ? count : throw reader.Fault($"{count} answered commands cannot be there")];
        var times = new Timestamp[count];
        (long id, long time) = (_before.Id.Value, _before.Time.Milliseconds);
        for (int i = 0; i < count; i++)
        {
            ids[i] = new CommandId(id = unchecked(id + heads.ReadVar()));
            times[i] = new Timestamp(time = unchecked(time + heads.ReadVar()));
        }

        heads.ExpectEnd();
        int told = reader.ReadCount(4 + 4);
        int next = 0;
        for (int i = 0; i < told; i++)
        {
            int index = reader.ReadInt32();
            if (index < next || index >= count) throw reader.Fault($"answer {index} of {count} is out of order");
            while (next < index) AddForgotten(ids[next], times[next++]);
            int start = reader.Position;
            Event[] events = CommandLedger.ReadEvents(reader);
            Add(ids[next], times[next++], events, reader.CopySince(start));
        }

        while (next < count) AddForgotten(ids[next], times[next++]);
    }

    private void AddForgotten(CommandId id, Timestamp time) => Add(id, time, [], default);
}

/// <summary>A command that was answered, and what with.</summary>
/// <param name="number">Its place among all that were answered.</param>
/// <param name="encoded">The events as records hold them.</param>
/// <param name="headBytes">Bytes that its id and time take.</param>
internal sealed class DoneCommand(
    long number, CommandId id, Timestamp time, IReadOnlyList<Event> events, ReadOnlyMemory<byte> encoded, byte headBytes)
{
    public static readonly DoneCommand None = new(-1, CommandId.None, default, [], default, 0);

    public long Number => number;
    public CommandId Id => id;
    public Timestamp Time => time;
    public byte HeadBytes => headBytes;
    public IReadOnlyList<Event> Events { get; private set; } = events;
    public ReadOnlyMemory<byte> Encoded { get; private set; } = encoded;

    public void Forget() => (Events, Encoded) = ([], default);
}
