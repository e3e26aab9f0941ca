using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// The safe boxes of all pools of a node, ordered per price and side, so that a price looks only at the pools whose bound it crosses.
/// Pools are small numbers (handles) that the caller gives out. No allocation once it has grown to the node's size.
/// </summary>
public sealed class RiskIndex
{
    private const int None = -1;
    private readonly BoundHeap[] _lower;
    private readonly BoundHeap[] _upper;
    private readonly PagedArray<int> _first = new();
    private readonly PagedArray<Bound> _bounds = new();
    private int _free = None;
    private int _used;

    public RiskIndex(int dimensions)
    {
        _lower = new BoundHeap[dimensions];
        _upper = new BoundHeap[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            _lower[i] = new BoundHeap();
            _upper[i] = new BoundHeap();
        }
    }

    /// <summary>How many pools have a box.</summary>
    public int Count { get; private set; }

    /// <summary>Handles from 0 up to this one may be used.</summary>
    public void Reach(int pool) => _first.Reach(pool);

    public bool HasBox(int pool) => _first[pool] != 0;

    /// <summary>Gives the pool this box, in place of any it had. A box without bounds is none.</summary>
    public void Set(int pool, ReadOnlySpan<PriceBounds> box)
    {
        if (_first[pool] != 0) Remove(pool);
        if (box.IsEmpty) return;
        int next = None;
        foreach (PriceBounds bounds in box) next = Add(pool, bounds, next);
        _first[pool] = next + 1;
        Count++;
    }

    /// <summary>Drops the pool's box, if it has one.</summary>
    public void Remove(int pool)
    {
        int at = _first[pool] - 1;
        if (at == None) return;
        _first[pool] = 0;
        Count--;
        while (at != None)
        {
            ref Bound bound = ref _bounds[at];
            if (bound.Low > PriceBounds.NoLow) _lower[bound.Dimension].Live--;
            if (bound.High < PriceBounds.NoHigh) _upper[bound.Dimension].Live--;
            int next = bound.Next;
            bound.Dimension = None;
            bound.Next = _free;
            _free = at;
            at = next;
        }
    }

    /// <summary>The bounds of the pool's box in one dimension; false if it has none there.</summary>
    public bool TryGet(int pool, int dimension, out PriceBounds bounds)
    {
        for (int at = _first[pool] - 1; at != None; at = _bounds[at].Next)
        {
            ref Bound bound = ref _bounds[at];
            if (bound.Dimension != dimension) continue;
            bounds = new PriceBounds(dimension, bound.Low, bound.High);
            return true;
        }

        bounds = default;
        return false;
    }

    /// <summary>
    /// A price of the dimension: each pool whose bound it lies beyond loses its box and is appended to <paramref name="crossed"/>, in no
    /// particular order.
    /// </summary>
    public void Cross(int dimension, Price price, List<int> crossed)
    {
        BoundHeap lower = _lower[dimension];
        if (lower.TopKey < -price.Units) Take(lower, dimension, true, -price.Units, crossed);
        BoundHeap upper = _upper[dimension];
        if (upper.TopKey < price.Units) Take(upper, dimension, false, price.Units, crossed);
    }

    /// <summary>Whether a heap's entry still states a bound of some pool; which pool does not matter, bound and price decide.</summary>
    internal bool IsCurrent(int at, int dimension, bool lower, long key)
    {
        ref Bound bound = ref _bounds[at];
        return bound.Dimension == dimension && (lower ? -bound.Low : bound.High) == key;
    }

    private void Take(BoundHeap heap, int dimension, bool lower, long beyond, List<int> crossed)
    {
        while (heap.TopKey < beyond)
        {
            long key = heap.TopKey;
            int at = heap.TopItem;
            heap.Pop();
            if (!IsCurrent(at, dimension, lower, key)) continue;
            int pool = _bounds[at].Pool;
            Remove(pool);
            crossed.Add(pool);
        }
    }

    private int Add(int pool, in PriceBounds bounds, int next)
    {
        int at = _free;
        if (at != None)
        {
            _free = _bounds[at].Next;
        }
        else
        {
            at = _used++;
            _bounds.Reach(at);
        }

        _bounds[at] = new Bound { Low = bounds.Low, High = bounds.High, Dimension = bounds.Dimension, Pool = pool, Next = next };
        if (bounds.Low > PriceBounds.NoLow) Push(_lower[bounds.Dimension], bounds.Dimension, true, -bounds.Low, at);
        if (bounds.High < PriceBounds.NoHigh) Push(_upper[bounds.Dimension], bounds.Dimension, false, bounds.High, at);
        return at;
    }

    private void Push(BoundHeap heap, int dimension, bool lower, long key, int at)
    {
        if (heap.Count == heap.Capacity)
        {
            // Sweep only when it frees a quarter: then its cost is spread over as many pushes.
            if (heap.Live <= heap.Capacity / 4 * 3) heap.Sweep(this, dimension, lower);
            if (heap.Count > heap.Capacity / 8 * 7) heap.Grow();
        }

        heap.Push(key, at);
        heap.Live++;
    }

    private struct Bound
    {
        public long Low;
        public long High;

        /// <summary>−1 while on the free list.</summary>
        public int Dimension;
        public int Pool;
        public int Next;
    }
}
