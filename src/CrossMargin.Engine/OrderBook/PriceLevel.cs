using System.Runtime.CompilerServices;

namespace CrossMargin.Engine.OrderBook;

/// <summary>All orders of one side at one price, first come first served. Numbers of nodes and levels, 0: none.</summary>
internal struct PriceLevel
{
    public long PriceUnits;
    public long Tick;
    public long TotalLots;
    public int First;
    public int Last;
    public int Count;
    public int ReduceOnlyCount;

    /// <summary>The neighbouring levels of the same side.</summary>
    public int Better;
    public int Worse;
}

/// <summary>The levels of both sides; freed ones are reused. Level 0 is no level.</summary>
internal sealed class LevelPool
{
    private PriceLevel[] _levels = new PriceLevel[16];
    private int _used = 1;
    private int _free;

    public long AllocatedBytes => _levels.LongLength * Unsafe.SizeOf<PriceLevel>();

    /// <summary>The reference is good until the next <see cref="Take"/>.</summary>
    public ref PriceLevel this[int level]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _levels[level];
    }

    public int Take()
    {
        int level = _free;
        if (level != 0)
        {
            _free = _levels[level].Worse;
        }
        else
        {
            if (_used == _levels.Length) Array.Resize(ref _levels, _used * 2);
            level = _used++;
        }

        _levels[level] = default;
        return level;
    }

    public void Free(int level)
    {
        _levels[level].Worse = _free;
        _free = level;
    }

    public void Clear()
    {
        _used = 1;
        _free = 0;
    }
}
