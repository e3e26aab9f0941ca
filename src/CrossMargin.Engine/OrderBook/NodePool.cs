using System.Runtime.CompilerServices;

namespace CrossMargin.Engine.OrderBook;

/// <summary>
/// Order nodes in pages that never move, so that a reference to a node stays good while others come and go, and growing never copies.
/// Freed nodes are reused last in, first out. Number 0 is no node.
/// </summary>
internal sealed class NodePool
{
    private const int PageBits = 11;
    private const int PageSize = 1 << PageBits;

    private OrderNode[][] _pages = [new OrderNode[PageSize]];
    private int _pageCount = 1;
    private int _used = 1;
    private int _free;

    public long AllocatedBytes => (long)_pageCount * PageSize * Unsafe.SizeOf<OrderNode>() + _pages.Length * 8L;

    public ref OrderNode this[int node]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _pages[node >> PageBits][node & (PageSize - 1)];
    }

    public int Take()
    {
        int node = _free;
        if (node != 0)
        {
            _free = this[node].Next;
            return node;
        }

        node = _used;
        if (node >> PageBits == _pageCount) AddPage();
        _used = node + 1;
        return node;
    }

    public void Free(int node)
    {
        this[node].Next = _free;
        _free = node;
    }

    /// <summary>Forgets all nodes and keeps the pages.</summary>
    public void Clear()
    {
        _used = 1;
        _free = 0;
    }

    private void AddPage()
    {
        if (_pageCount == _pages.Length) Array.Resize(ref _pages, _pageCount * 2);
        _pages[_pageCount++] = new OrderNode[PageSize];
    }
}

/// <summary>The pool as the lists of the accounts see it.</summary>
internal readonly struct OrderNodes(NodePool pool) : IAccountNodes<OrderNode>
{
    public ref OrderNode this[int number] => ref pool[number];
}
