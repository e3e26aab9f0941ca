using System.Runtime.CompilerServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// Gives each pool the monitor knows a small number (handle), and holds what it knows beside the box. Open addressing with linear probing
/// and no tombstones; handles are given out again.
/// </summary>
internal sealed class PoolSlots
{
    private readonly PagedArray<Slot> _slots = new();
    private int[] _table = new int[64]; // handle + 1; 0 is empty
    private int _free = -1;
    private int _used;

    public int Count { get; private set; }

    public ref Slot this[int handle] => ref _slots[handle];

    /// <summary>The pool's handle, or −1.</summary>
    public int Find(PoolId pool)
    {
        int mask = _table.Length - 1;
        for (int at = HomeOf(pool, mask); ; at = (at + 1) & mask)
        {
            int entry = _table[at];
            if (entry == 0) return -1;
            if (_slots[entry - 1].Pool == pool) return entry - 1;
        }
    }

    public int FindOrAdd(PoolId pool)
    {
        int handle = Find(pool);
        if (handle >= 0) return handle;
        if ((Count + 1) * 4 > _table.Length * 3) Grow();
        if (_free >= 0)
        {
            handle = _free;
            _free = _slots[handle].Link;
        }
        else
        {
            handle = _used++;
            _slots.Reach(handle);
        }

        _slots[handle] = new Slot { Pool = pool };
        Count++;
        Enter(handle);
        return handle;
    }

    public void Remove(int handle)
    {
        int mask = _table.Length - 1;
        int hole = HomeOf(_slots[handle].Pool, mask);
        while (_table[hole] != handle + 1) hole = (hole + 1) & mask;
        for (int at = (hole + 1) & mask; _table[at] != 0; at = (at + 1) & mask)
        {
            // An entry may fill the hole unless its home lies behind the hole, on the way to where it is.
            int home = HomeOf(_slots[_table[at] - 1].Pool, mask);
            if (((at - home) & mask) < ((at - hole) & mask)) continue;
            _table[hole] = _table[at];
            hole = at;
        }

        _table[hole] = 0;
        _slots[handle] = new Slot { Link = _free };
        _free = handle;
        Count--;
    }

    private void Grow()
    {
        int[] old = _table;
        _table = new int[old.Length * 2];
        foreach (int entry in old)
        {
            if (entry != 0) Enter(entry - 1);
        }
    }

    private void Enter(int handle)
    {
        int mask = _table.Length - 1;
        int at = HomeOf(_slots[handle].Pool, mask);
        while (_table[at] != 0) at = (at + 1) & mask;
        _table[at] = handle + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HomeOf(PoolId pool, int mask)
    {
        unchecked
        {
            ulong h = (uint)pool.Account.Value * 0x9E3779B97F4A7C15UL + (uint)pool.Market.Value * 0xBF58476D1CE4E5B9UL + (ulong)pool.Side;
            h ^= h >> 32;
            h *= 0x94D049BB133111EBUL;
            return (int)(h >> 33) & mask;
        }
    }

    internal struct Slot
    {
        public PoolId Pool;

        /// <summary>While waiting: the place in the market's list. On the free list: the next free handle.</summary>
        public int Link;

        /// <summary>The paused market the pool waits for, or none.</summary>
        public MarketId WaitsFor;

        /// <summary>To be judged at the next flush.</summary>
        public bool IsDirty;
    }
}
