using System.Numerics;
using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>
/// Tick → price level: a tree of 64-way nodes, each with a bitmap of its used children. The height follows the largest tick seen, so
/// a market whose prices have five digits walks three nodes and one with nine digits five; a lone far price costs one path (264 bytes
/// a node), shared with whatever is near. Neighbours are found with bit scans. The last leaf is remembered: orders cluster.
/// </summary>
internal sealed class PriceLadder
{
    private const int Bits = 6;
    private const int Fan = 1 << Bits;
    private const int MaxHeight = 11;

    // Node 0 is none: its bitmap stays empty. At the lowest height children are price levels, above it nodes.
    private ulong[] _bitmaps = new ulong[4];
    private int[] _children = new int[4 * Fan];
    private int _used = 2;
    private int _free;
    private int _root = 1;
    private int _height = 1;
    private long _leafPrefix = -1;
    private int _leaf;

    public long AllocatedBytes => _bitmaps.LongLength * 8 + _children.LongLength * 4;

    /// <summary>The level at a tick ≥ 0, 0 if there is none.</summary>
    public int Find(long tick)
    {
        long prefix = tick >> Bits;
        if (prefix != _leafPrefix)
        {
            if (!Covers(tick)) return 0;
            int node = _root;
            for (int shift = (_height - 1) * Bits; shift > 0; shift -= Bits) node = _children[node * Fan + Digit(tick, shift)];
            if (node == 0) return 0;
            _leafPrefix = prefix;
            _leaf = node;
        }

        return _children[_leaf * Fan + (int)(tick & (Fan - 1))];
    }

    public void Set(long tick, int level)
    {
        while (!Covers(tick)) AddRoot();
        int node = _root;
        for (int shift = (_height - 1) * Bits; shift > 0; shift -= Bits)
        {
            int at = node * Fan + Digit(tick, shift);
            int child = _children[at];
            if (child == 0)
            {
                child = TakeNode();
                _children[at] = child;
                _bitmaps[node] |= 1UL << Digit(tick, shift);
            }

            node = child;
        }

        _children[node * Fan + Digit(tick, 0)] = level;
        _bitmaps[node] |= 1UL << Digit(tick, 0);
        _leafPrefix = tick >> Bits;
        _leaf = node;
    }

    /// <summary>Removes a tick that is set; nodes left empty are reused.</summary>
    public void Clear(long tick)
    {
        Span<int> path = stackalloc int[MaxHeight];
        int depth = Walk(tick, path);
        InvariantViolation.Check(depth == _height, "a price level that is not on the ladder was removed");
        for (int i = depth - 1, shift = 0; i >= 0; i--, shift += Bits)
        {
            int node = path[i];
            int digit = Digit(tick, shift);
            _children[node * Fan + digit] = 0;
            _bitmaps[node] &= ~(1UL << digit);
            if (_bitmaps[node] != 0 || i == 0) return;
            if (_leaf == node) _leafPrefix = -1;
            _children[node * Fan] = _free;
            _free = node;
        }
    }

    /// <summary>The level at the lowest used tick above one, 0 if there is none.</summary>
    public int Above(long tick)
    {
        if (!Covers(tick)) return 0;
        Span<int> path = stackalloc int[MaxHeight];
        int depth = Walk(tick, path);
        for (int i = depth - 1; i >= 0; i--)
        {
            int digit = Digit(tick, (_height - 1 - i) * Bits);
            ulong above = digit == Fan - 1 ? 0 : _bitmaps[path[i]] & (ulong.MaxValue << (digit + 1));
            if (above == 0) continue;
            int node = _children[path[i] * Fan + BitOperations.TrailingZeroCount(above)];
            for (int h = _height - 1 - i; h > 0; h--) node = _children[node * Fan + BitOperations.TrailingZeroCount(_bitmaps[node])];
            return node;
        }

        return 0;
    }

    /// <summary>The level at the highest used tick below one, 0 if there is none.</summary>
    public int Below(long tick)
    {
        if (!Covers(tick)) return Highest();
        Span<int> path = stackalloc int[MaxHeight];
        int depth = Walk(tick, path);
        for (int i = depth - 1; i >= 0; i--)
        {
            int digit = Digit(tick, (_height - 1 - i) * Bits);
            ulong below = _bitmaps[path[i]] & ((1UL << digit) - 1);
            if (below == 0) continue;
            int node = _children[path[i] * Fan + BitOperations.Log2(below)];
            for (int h = _height - 1 - i; h > 0; h--) node = _children[node * Fan + BitOperations.Log2(_bitmaps[node])];
            return node;
        }

        return 0;
    }

    public void Clear()
    {
        Array.Clear(_bitmaps);
        Array.Clear(_children);
        (_used, _free, _root, _height, _leafPrefix, _leaf) = (2, 0, 1, 1, -1, 0);
    }

    private static int Digit(long tick, int shift) => (int)((tick >> shift) & (Fan - 1));

    private bool Covers(long tick) => _height == MaxHeight || tick >> (_height * Bits) == 0;

    private int Highest()
    {
        if (_bitmaps[_root] == 0) return 0;
        int node = _root;
        for (int h = _height; h > 0; h--) node = _children[node * Fan + BitOperations.Log2(_bitmaps[node])];
        return node;
    }

    /// <summary>The nodes from the root towards a tick, as far as they exist; returns how many.</summary>
    private int Walk(long tick, Span<int> path)
    {
        int node = _root;
        int depth = 0;
        for (int shift = (_height - 1) * Bits; shift >= 0 && node != 0; shift -= Bits)
        {
            path[depth++] = node;
            if (shift > 0) node = _children[node * Fan + Digit(tick, shift)];
        }

        return depth;
    }

    private void AddRoot()
    {
        int root = TakeNode();
        if (_bitmaps[_root] != 0)
        {
            _children[root * Fan] = _root;
            _bitmaps[root] = 1;
        }
        else
        {
            _children[_root * Fan] = _free;
            _free = _root;
            _leafPrefix = -1;
        }

        _root = root;
        _height++;
    }

    private int TakeNode()
    {
        int node = _free;
        if (node != 0)
        {
            _free = _children[node * Fan];
            _children[node * Fan] = 0;
            return node;
        }

        if (_used == _bitmaps.Length)
        {
            Array.Resize(ref _bitmaps, _used * 2);
            Array.Resize(ref _children, _used * 2 * Fan);
        }

        return _used++;
    }
}
