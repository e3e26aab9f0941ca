using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>
/// Conditional orders that wait for one price to rise to theirs, or to fall to it: a binary heap with the next to be reached on top. Each
/// node knows its place, so any can be taken out.
/// </summary>
internal sealed class PriceHeap(TriggerPool nodes, bool rising)
{
    private (long Key, int Number)[] _heap = new (long, int)[8];
    private int _count;

    /// <summary>Adds an order that is due when the price is at or beyond a bound.</summary>
    public void Add(int number, Price bound)
    {
        if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
        SiftUp(_count++, (KeyOf(bound), number));
    }

    /// <summary>Takes out the next order that is due at a price, 0 if none is.</summary>
    public int PopDue(Price price)
    {
        if (_count == 0 || _heap[0].Key > KeyOf(price)) return 0;
        int number = _heap[0].Number;
        Remove(number);
        return number;
    }

    public void Remove(int number)
    {
        int hole = nodes[number].HeapIndex;
        InvariantViolation.Check(hole < _count && _heap[hole].Number == number, "a conditional order is not in its price heap");
        (long Key, int Number) last = _heap[--_count];
        if (hole == _count) return;
        if (last.Key < _heap[hole].Key) SiftUp(hole, last);
        else SiftDown(hole, last);
    }

    /// <summary>Falling prices are negated, so that the smaller key is always reached first.</summary>
    private long KeyOf(Price price) => rising ? price.Units : -price.Units;

    private void SiftUp(int i, (long Key, int Number) entry)
    {
        while (i > 0 && _heap[(i - 1) / 2].Key > entry.Key)
        {
            Put(i, _heap[(i - 1) / 2]);
            i = (i - 1) / 2;
        }

        Put(i, entry);
    }

    private void SiftDown(int i, (long Key, int Number) entry)
    {
        while (true)
        {
            int child = 2 * i + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].Key < _heap[child].Key) child++;
            if (_heap[child].Key >= entry.Key) break;
            Put(i, _heap[child]);
            i = child;
        }

        Put(i, entry);
    }

    private void Put(int i, (long Key, int Number) entry)
    {
        _heap[i] = entry;
        nodes[entry.Number].HeapIndex = i;
    }
}
