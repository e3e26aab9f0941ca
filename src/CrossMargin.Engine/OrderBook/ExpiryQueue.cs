using System.Runtime.CompilerServices;

namespace CrossMargin.Engine.OrderBook;

/// <summary>When a resting order expires, and which.</summary>
internal readonly record struct Expiry(long GoodTillMs, int Account, long OrderId) : IComparable<Expiry>
{
    public int CompareTo(Expiry other)
    {
        if (GoodTillMs != other.GoodTillMs) return GoodTillMs.CompareTo(other.GoodTillMs);
        return Account != other.Account ? Account.CompareTo(other.Account) : OrderId.CompareTo(other.OrderId);
    }
}

/// <summary>
/// Good-till-date orders by (time, account, order id): a binary heap. Orders that leave the book early stay in it until they come to the
/// top or until they are the larger half, when <see cref="Compact"/> throws them out.
/// </summary>
internal sealed class ExpiryQueue
{
    private Expiry[] _heap = new Expiry[16];

    public int Count { get; private set; }

    public ref readonly Expiry First => ref _heap[0];

    public long AllocatedBytes => _heap.LongLength * Unsafe.SizeOf<Expiry>();

    public void Push(Expiry expiry)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        int i = Count++;
        while (i > 0)
        {
            int parent = (i - 1) / 2;
            if (_heap[parent].CompareTo(expiry) <= 0) break;
            _heap[i] = _heap[parent];
            i = parent;
        }

        _heap[i] = expiry;
    }

    public void Pop()
    {
        Expiry last = _heap[--Count];
        if (Count > 0) SiftDown(0, last);
    }

    /// <summary>Keeps, once each, the entries that <paramref name="isLive"/> says are still on the book (an order that was queued again
    /// has several).</summary>
    public void Compact(Func<Expiry, bool> isLive)
    {
        // Sorted ascending is a heap.
        Array.Sort(_heap, 0, Count);
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (kept > 0 && _heap[kept - 1] == _heap[i]) continue;
            if (isLive(_heap[i])) _heap[kept++] = _heap[i];
        }

        Count = kept;
    }

    public void Clear() => Count = 0;

    private void SiftDown(int i, Expiry expiry)
    {
        while (true)
        {
            int child = 2 * i + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _heap[child + 1].CompareTo(_heap[child]) < 0) child++;
            if (expiry.CompareTo(_heap[child]) <= 0) break;
            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = expiry;
    }
}
