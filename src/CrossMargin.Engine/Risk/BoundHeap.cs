namespace CrossMargin.Engine.Risk;

/// <summary>
/// Bounds of one side of one price, the first to be crossed on top: a 4-ary heap of (key, item), smallest key first. An entry that is out
/// of date stays until it reaches the top or the owner sweeps; a push therefore costs little more than an append.
/// </summary>
internal sealed class BoundHeap
{
    private const int Fan = 4;
    private long[] _keys = new long[16];
    private int[] _items = new int[16];

    public int Count { get; private set; }

    public int Capacity => _keys.Length;

    /// <summary>How many entries are not out of date, kept by the owner.</summary>
    public int Live { get; set; }

    /// <summary>The smallest key; <see cref="long.MaxValue"/> when empty.</summary>
    public long TopKey => Count == 0 ? long.MaxValue : _keys[0];

    public int TopItem => _items[0];

    /// <summary>The owner has made room: <see cref="Count"/> is below <see cref="Capacity"/>.</summary>
    public void Push(long key, int item)
    {
        int hole = Count++;
        long[] keys = _keys;
        int[] items = _items;
        while (hole > 0)
        {
            int parent = (hole - 1) / Fan;
            if (keys[parent] <= key) break;
            keys[hole] = keys[parent];
            items[hole] = items[parent];
            hole = parent;
        }

        keys[hole] = key;
        items[hole] = item;
    }

    public void Pop()
    {
        int last = --Count;
        if (last > 0) SiftDown(0, _keys[last], _items[last]);
    }

    public void Grow()
    {
        int capacity = _keys.Length + _keys.Length / 2;
        Array.Resize(ref _keys, capacity);
        Array.Resize(ref _items, capacity);
    }

    /// <summary>Removes every entry that <paramref name="index"/> does not know as a bound, and orders the rest.</summary>
    public void Sweep(RiskIndex index, int dimension, bool lower)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!index.IsCurrent(_items[i], dimension, lower, _keys[i])) continue;
            _keys[kept] = _keys[i];
            _items[kept++] = _items[i];
        }

        Count = kept;
        for (int i = (kept - 2) / Fan; i >= 0 && kept > 1; i--) SiftDown(i, _keys[i], _items[i]);
    }

    private void SiftDown(int hole, long key, int item)
    {
        long[] keys = _keys;
        int[] items = _items;
        int count = Count;
        while (true)
        {
            int child = hole * Fan + 1;
            if (child >= count) break;
            int end = Math.Min(child + Fan, count);
            int best = child;
            long bestKey = keys[child];
            for (int c = child + 1; c < end; c++)
            {
                if (keys[c] >= bestKey) continue;
                best = c;
                bestKey = keys[c];
            }

            if (bestKey >= key) break;
            keys[hole] = bestKey;
            items[hole] = items[best];
            hole = best;
        }

        keys[hole] = key;
        items[hole] = item;
    }
}
