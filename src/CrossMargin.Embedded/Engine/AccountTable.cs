using CrossMargin.Engine.Actors;

namespace CrossMargin.Embedded.Engine;

/// <summary>
/// Accounts by id: open addressing with linear probing, at most half full, so that the hot path is one look into one array. Accounts are
/// never removed.
/// </summary>
internal sealed class AccountTable
{
    private Entry[] _entries = new Entry[64];
    private IActor[] _sorted = [];
    private int _shift = 26;

    public int Count { get; private set; }

    public IActor? Find(int id)
    {
        Entry[] entries = _entries;
        int i = Slot(id);
        while (true)
        {
            ref readonly Entry entry = ref entries[i];
            if (entry.Id == id) return entry.Actor;
            if (entry.Id == 0) return null;
            i = (i + 1) & (entries.Length - 1);
        }
    }

    /// <summary>The caller has made sure that the id (not 0) is not there.</summary>
    public void Add(int id, IActor actor)
    {
        if ((Count + 1) * 2 > _entries.Length) Grow();
        Insert(id, actor);
        Count++;
    }

    /// <summary>All accounts in id order. Sorted anew only after accounts were added; valid until the next one is.</summary>
    public ReadOnlySpan<IActor> Sorted()
    {
        if (_sorted.Length == Count) return _sorted;
        var sorted = new IActor[Count];
        int n = 0;
        foreach (Entry entry in _entries)
        {
            if (entry.Id != 0) sorted[n++] = entry.Actor!;
        }

        Array.Sort(sorted, static (a, b) => a.Address.Number.CompareTo(b.Address.Number));
        _sorted = sorted;
        return sorted;
    }

    private int Slot(int id) => unchecked((int)((uint)id * 2654435769u >> _shift));

    private void Insert(int id, IActor actor)
    {
        int i = Slot(id);
        while (_entries[i].Id != 0) i = (i + 1) & (_entries.Length - 1);
        _entries[i] = new Entry { Id = id, Actor = actor };
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[old.Length * 2];
        _shift--;
        foreach (Entry entry in old)
        {
            if (entry.Id != 0) Insert(entry.Id, entry.Actor!);
        }
    }

    private struct Entry
    {
        public int Id;
        public IActor? Actor;
    }
}
