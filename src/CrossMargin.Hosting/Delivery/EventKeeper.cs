using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>Something made of an actor's events alone, and kept beside its state: a history.</summary>
public interface IEventProjection
{
    /// <summary>The events of one write, in order. The same writes in the same order give the same projection.</summary>
    void Apply(long number, IReadOnlyList<Event> events);

    void Write(StateWriter writer);

    /// <summary>Restores what <see cref="Write"/> wrote into a projection that has seen nothing yet.</summary>
    void Read(StateReader reader);
}

/// <summary>An actor whose events make a projection that lies under a key of its own.</summary>
public interface IKeepsEvents
{
    EventKeeper Keeper { get; }
}

/// <summary>
/// Keeps a projection of an actor's events apart from its state, so that not each write holds it. What holds:
/// <list type="bullet">
/// <item>Each state record carries the events that the projection's record does not yet cover, and the number of the last write that it
/// covers. So the events become durable with the state, and a crash loses none and counts none twice.</item>
/// <item>The projection's record names the last write that it covers. It is written when enough events wait, beside the state's writes, and
/// holds only what was durable before; when too many wait, the actor applies nothing more until it is there.</item>
/// <item>An activation that reads a state whose events begin after its projection's last (the two were read around the writes of an older
/// one) drops itself and reads again. A projection that is ahead of the state means the state was read too early: its next write is refused.</item>
/// </list>
/// In memory lies the record as it was written, and the events since; the projection is made of them when it is asked for.
/// </summary>
public sealed class EventKeeper(Func<IEventProjection> make, int due = 64, int most = 512)
{
    internal const string Key = "history";

    private const byte Format = 1;

    private readonly List<Kept> _tail = [];
    private readonly ByteQueue _encoded = new(); // of the tail: each state record holds it
    private readonly StateWriter _one = new();
    private ReadOnlyMemory<byte> _image;
    private long _covered;
    private string? _tag;
    private StoreWrite? _write;
    private long _inWrite;
    private ReadOnlyMemory<byte> _imageInWrite;

    // Of a busy actor, so that each record need not be made from the bytes of the last; of an idle one the collector takes it.
    private WeakReference<IEventProjection>? _newest; // covers all up to _inWrite

    /// <summary>Events that no record of the projection covers.</summary>
    public int Waiting { get; private set; }

    /// <summary>The projection of all events so far; the caller's own.</summary>
    public IEventProjection Project()
    {
        IEventProjection projection = OfImage();
        foreach (Kept kept in _tail)
        {
            if (kept.Number > _covered) projection.Apply(kept.Number, kept.Events);
        }

        return projection;
    }

    internal bool IsFull => Waiting >= most;

    internal bool IsWriting => _write is not null;

    internal void Load(in StoredRecord record)
    {
        _tag = record.Tag;
        if (!record.Exists) return;
        var reader = new StateReader(record.Bytes);
        byte format = reader.ReadByte();
        if (format != Format) throw reader.Fault($"the history has format {format}, this release reads format {Format}");
        _covered = reader.ReadInt64();
        _image = record.Bytes[reader.Position..];
    }

    /// <summary>The new events of a state record that is about to be written under a number, and all that wait.</summary>
    internal void WriteTail(StateWriter writer, long number, List<Event> events)
    {
        if (events.Count > 0) Keep(number, [.. events]);

        writer.WriteInt64(_covered);
        writer.WriteInt32(_tail.Count);
        writer.WriteRaw(_encoded.Span);
    }

    /// <summary>False: the projection's record was read before one that this state relies on.</summary>
    internal bool ReadTail(StateReader reader, PlantedFaults faults)
    {
        long covered = reader.ReadInt64();
        int count = reader.ReadCount(8 + 4);
        for (int i = 0; i < count; i++)
        {
            long number = reader.ReadInt64();
            Event[] events = CommandLedger.ReadEvents(reader);
            if (number > _covered && !faults.HasFlag(PlantedFaults.LoseHistory)) Keep(number, events);
        }

        return covered <= _covered;
    }

    /// <summary>The projection's record, if it is due: of what is durable.</summary>
    internal StoreWrite? TakeDue(long committed)
    {
        if (_write is not null || Waiting < due || _tail.Count == 0 || _tail[0].Number > committed) return null;
        IEventProjection projection = _newest is not null && _newest.TryGetTarget(out IEventProjection? newest) ? newest : OfImage();
        foreach (Kept kept in _tail)
        {
            if (kept.Number > committed) break;
            projection.Apply(kept.Number, kept.Events);
            _inWrite = kept.Number;
        }

        StateWriter writer = ScratchWriter.Take();
        writer.WriteByte(Format);
        writer.WriteInt64(_inWrite);
        int head = writer.Length;
        projection.Write(writer);
        if (_newest is null) _newest = new WeakReference<IEventProjection>(projection);
        else _newest.SetTarget(projection);
        ReadOnlyMemory<byte> record = writer.Written.ToArray();
        _imageInWrite = record[head..];
        return _write = new StoreWrite(Key, record, _tag);
    }

    /// <summary>Whether a write was the projection's; false for its outcome: the activation is over.</summary>
    internal bool TryStored(StoreWrite write, in StoreResult result, out bool isWritten)
    {
        isWritten = result.Outcome == StoreOutcome.Written;
        if (write != _write) return false;
        _write = null;
        if (!isWritten) return true;
        (_tag, _covered, _image) = (result.Tag, _inWrite, _imageInWrite);
        int gone = 0;
        while (gone < _tail.Count && _tail[gone].Number <= _covered)
        {
            Waiting -= _tail[gone].Events.Length;
            _encoded.Drop(_tail[gone++].Bytes);
        }

        _tail.RemoveRange(0, gone);
        return true;
    }

    private void Keep(long number, Event[] events)
    {
        _one.Clear();
        _one.WriteInt64(number);
        CommandLedger.WriteEvents(events, _one);
        _encoded.Append(_one.Written);
        _tail.Add(new Kept(number, events, _one.Length));
        Waiting += events.Length;
    }

    private IEventProjection OfImage()
    {
        IEventProjection projection = make();
        if (!_image.IsEmpty) projection.Read(new StateReader(_image));
        return projection;
    }

    private readonly record struct Kept(long Number, Event[] Events, int Bytes);
}
