using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>
/// The activated trailing stops of one side and source. Those with the same extreme are a group; who was activated earlier has seen more
/// prices, so the groups are a stack with the least extreme on top, and a new extreme joins the groups it passes into one. Prices of buys
/// are negated, so that an extreme is always a maximum and a retracement a fall. A price inside all extremes and above all fire prices
/// costs two comparisons.
/// </summary>
internal sealed class TrailingGroups(TriggerPool nodes, bool isSell)
{
    private readonly CallbackHeap _heaps = new(nodes);
    private (long Extreme, int Root)[] _groups = new (long, int)[8];
    private int _count;

    // The highest fire price of all groups.
    private long _nextFire = long.MinValue;

    /// <summary>Adds an order whose extreme starts at a price no group's extreme is inside of: the latest price of the source.</summary>
    public void Add(int number, Price price)
    {
        ref TriggerNode node = ref nodes[number];
        (node.Child, node.Sibling, node.Previous) = (0, 0, 0);
        Push(KeyOf(price), number);
        _nextFire = Math.Max(_nextFire, FirePrice(_groups[_count - 1]));
    }

    public void Remove(int number)
    {
        if (nodes[number].Previous != 0)
        {
            _heaps.RemoveInner(number);
            return;
        }

        int i = _count - 1;
        while (i >= 0 && _groups[i].Root != number) i--;
        InvariantViolation.Check(i >= 0, "a trailing stop is in no group");
        _groups[i].Root = _heaps.RemoveRoot(number);
        DropEmptyGroups();
    }

    /// <summary>Moves the extremes to a new price and takes out the orders that fire there.</summary>
    public void Update(Price price, FiredList fired)
    {
        if (_count == 0) return;
        long key = KeyOf(price);
        if (_groups[_count - 1].Extreme < key) RaiseTo(key);
        if (key > _nextFire) return;
        for (int i = 0; i < _count; i++)
        {
            while (_groups[i].Root != 0 && key <= FirePrice(_groups[i]))
            {
                int root = _groups[i].Root;
                _groups[i].Root = _heaps.RemoveRoot(root);
                fired.Add(root, nodes[root].Sequence);
            }
        }

        DropEmptyGroups();
    }

    /// <summary>The extreme of each order, into a table by order number.</summary>
    public void CopyExtremes(Price[] extremes)
    {
        for (int i = 0; i < _count; i++) CopyHeap(_groups[i].Root, PriceOf(_groups[i].Extreme), extremes);
    }

    private long KeyOf(Price price) => isSell ? price.Units : -price.Units;

    private Price PriceOf(long key) => new(isSell ? key : -key);

    /// <summary>
    /// The first price at which the group's smallest callback is complete: extreme × (1 − rate) rounded down for sells, extreme × (1 +
    /// rate) rounded up for buys. Never early.
    /// </summary>
    private long FirePrice((long Extreme, int Root) group)
    {
        long rate = nodes[group.Root].Order.CallbackRate.E8;
        return isSell
            ? Rounding.MulDivDown(group.Extreme, Rate.One - rate, Rate.One)
            : -Rounding.MulDivUp(-group.Extreme, Rate.One + rate, Rate.One);
    }

    private void RaiseTo(long key)
    {
        int joined = 0;
        while (_count > 0 && _groups[_count - 1].Extreme < key) joined = _heaps.Join(joined, _groups[--_count].Root);
        Push(key, joined);
        FindNextFire();
    }

    private void Push(long key, int root)
    {
        if (_count > 0 && _groups[_count - 1].Extreme == key)
        {
            _groups[_count - 1].Root = _heaps.Join(_groups[_count - 1].Root, root);
            return;
        }

        InvariantViolation.Check(_count == 0 || _groups[_count - 1].Extreme > key, "a trailing stop's extreme is out of order");
        if (_count == _groups.Length) Array.Resize(ref _groups, _count * 2);
        _groups[_count++] = (key, root);
    }

    private void DropEmptyGroups()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_groups[i].Root != 0) _groups[kept++] = _groups[i];
        }

        _count = kept;
        FindNextFire();
    }

    private void FindNextFire()
    {
        _nextFire = long.MinValue;
        for (int i = 0; i < _count; i++) _nextFire = Math.Max(_nextFire, FirePrice(_groups[i]));
    }

    private void CopyHeap(int root, Price extreme, Price[] extremes)
    {
        var open = new Stack<int>();
        open.Push(root);
        while (open.TryPop(out int number))
        {
            extremes[number] = extreme;
            if (nodes[number].Sibling != 0) open.Push(nodes[number].Sibling);
            if (nodes[number].Child != 0) open.Push(nodes[number].Child);
        }
    }
}
