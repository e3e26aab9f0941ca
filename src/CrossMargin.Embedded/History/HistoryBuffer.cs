using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>An event and its place: the command's number and the event's index among all events of the command.</summary>
internal struct HistoryRecord
{
    public long Id;
    public Event Event;
}

/// <summary>
/// The id of a row: command number × 2^23 + index of the event within the command. The same after every replay, rising in time, and
/// it tells which command made the row.
/// </summary>
internal static class RowId
{
    public const int IndexBits = 23;

    /// <summary>The smallest id of a command.</summary>
    public static long First(long sequence) => sequence << IndexBits;

    public static long Of(long sequence, int index)
    {
        if (index >= 1 << IndexBits) throw new InvalidOperationException($"command {sequence} has more than {1 << IndexBits} events");
        return First(sequence) + index;
    }
}

/// <summary>Copied events of whole commands, on their way to the writer.</summary>
internal sealed class HistoryBuffer(int capacity)
{
    private HistoryRecord[] _records = new HistoryRecord[capacity];

    public int Count { get; private set; }

    /// <summary>The last command that this buffer covers, with or without records.</summary>
    public long LastSequence { get; set; }

    /// <summary>When the first record came in, by the clock's ticks.</summary>
    public long Since { get; set; }

    public int Capacity => _records.Length;

    public ReadOnlySpan<HistoryRecord> Records => _records.AsSpan(0, Count);

    public void Add(long id, in Event e)
    {
        if (Count == _records.Length) Array.Resize(ref _records, Count * 2);
        ref HistoryRecord record = ref _records[Count++];
        record.Id = id;
        record.Event = e;
    }

    public void Clear() => Count = 0;
}
