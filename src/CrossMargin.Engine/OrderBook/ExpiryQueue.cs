using System.Runtime.CompilerServices;
using CrossMargin.Model;

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
/// top or until they are the larger half, when they are thrown out.
/// </summary>
/// <param name="find">The number of the order of an entry if it is still in the book with that date, else 0.</param>
internal sealed class ExpiryQueue(Func<Expiry, int> find)
{
    private Expiry[] _heap = new Expiry[16];
    private int _count;
    private int _live;

    public long AllocatedBytes => _heap.LongLength * Unsafe.SizeOf<Expiry>();

    public void Add(Expiry expiry)
    {
        _live++;
        if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
        int i = _count++;
        while (i > 0)
        {
            int parent = (i - 1) / 2;
            if (_heap[parent].CompareTo(expiry) <= 0) break;
            _heap[i] = _heap[parent];
            i = parent;
        }

        _heap[i] = expiry;
    }

    /// <summary>An order with a date has left the book.</summary>
    public void Forget()
    {
        _live--;
        if (_count > 64 + 2 * _live) Compact();
    }

    /// <summary>The next order whose date is not after <paramref name="now"/>, by (date, account, id).</summary>
    public bool TryNext(Timestamp now, out int number)
    {
        while (_count > 0 && _heap[0].GoodTillMs <= now.Milliseconds)
        {
            number = find(_heap[0]);
            if (number != 0) return true;
            Pop();
        }

        number = 0;
        return false;
    }

    public void Clear() => (_count, _live) = (0, 0);

    private void Pop()
    {
        Expiry last = _heap[--_count];
        if (_count > 0) SiftDown(0, last);
    }

    // Keeps, once each, the entries that are still in the book (an order that was queued again has several).
    private void Compact()
    {
        // Sorted ascending is a heap.
        Array.Sort(_heap, 0, _count);
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (kept > 0 && _heap[kept - 1] == _heap[i]) continue;
            if (find(_heap[i]) != 0) _heap[kept++] = _heap[i];
        }

        _count = kept;
    }

    private void SiftDown(int i, Expiry expiry)
    {
        while (true)
        {
            int child = 2 * i + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].CompareTo(_heap[child]) < 0) child++;
            if (expiry.CompareTo(_heap[child]) <= 0) break;
            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = expiry;
    }
}
