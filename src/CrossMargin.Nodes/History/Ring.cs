using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.History;

/// <summary>The newest rows of a kind, at most so many, oldest first. Not thread-safe.</summary>
internal sealed class Ring<T>(int most)
{
    private readonly List<T> _rows = []; // from _first on, then from the start
    private int _first;

    public int Count => _rows.Count;

    /// <summary>0 is the oldest.</summary>
    public T this[int i]
    {
        get => _rows[(_first + i) % _rows.Count];
        set => _rows[(_first + i) % _rows.Count] = value;
    }

    public void Add(T row)
    {
        if (_rows.Count < most)
        {
            _rows.Add(row);
            return;
        }

        _rows[_first] = row;
        _first = (_first + 1) % most;
    }

    /// <summary>The newest row that fits, or -1.</summary>
    public int FindLast(Func<T, bool> fits)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (fits(this[i])) return i;
        }

        return -1;
    }

    /// <summary>The rows of a page, in order.</summary>
    public List<T> Page(HistoryPage page, Func<T, Timestamp> time, Func<T, long> id, Func<T, bool> fits)
    {
        var found = new List<T>();
        for (int n = 0; n < Count && found.Count < page.Limit; n++)
        {
            T row = this[page.Newest ? Count - 1 - n : n];
            Timestamp at = time(row);
            if (at >= page.From && at <= page.To && id(row) >= page.FromId && fits(row)) found.Add(row);
        }

        if (page.Newest) found.Reverse();
        return found;
    }

    public void Write(StateWriter writer, Action<T, StateWriter> write)
    {
        writer.WriteVar(Count);
        for (int i = 0; i < Count; i++) write(this[i], writer);
    }

    public void Read(StateReader reader, Func<StateReader, T> read)
    {
        int count = reader.ReadVarCount();
        if (count > most) throw reader.Fault($"{count} rows are in a ring of {most}");
        for (int i = 0; i < count; i++) Add(read(reader));
    }
}
