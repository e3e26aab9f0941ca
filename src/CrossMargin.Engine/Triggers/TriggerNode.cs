using CrossMargin.Engine.OrderBook;

namespace CrossMargin.Engine.Triggers;

/// <summary>Which structure holds a conditional order.</summary>
internal enum TriggerPlace : byte
{
    Free = 0,

    /// <summary>A heap of trigger prices.</summary>
    Fixed = 1,

    /// <summary>A heap of activation prices.</summary>
    Waiting = 2,

    /// <summary>A group of activated trailing stops.</summary>
    Trailing = 3,
}

internal struct TriggerNode : IAccountNode
{
    public ConditionalOrder Order;

    /// <summary>Placement number within the market: the firing order within one price.</summary>
    public long Sequence;

    /// <summary>Place in a price heap.</summary>
    public int HeapIndex;

    /// <summary>Links in a trailing group's heap; also the free list (<see cref="Sibling"/>).</summary>
    public int Child;
    public int Sibling;

    /// <summary>The parent of a first child, else the sibling before; 0: the heap's root.</summary>
    public int Previous;

    /// <summary>Neighbours among the account's conditional orders, by algo id.</summary>
    public int Newer { readonly get; set; }
    public int Older { readonly get; set; }
    public TriggerPlace Place;

    readonly int IAccountNode.Owner => Order.Account.Value;
    readonly long IAccountNode.Id => Order.AlgoId.Value;

    // Nobody counts them.
    readonly bool IAccountNode.IsReduceOnly => false;
}

/// <summary>Conditional orders by number; 0 is none. Freed numbers are reused.</summary>
internal sealed class TriggerPool
{
    private TriggerNode[] _nodes = new TriggerNode[16];
    private int _free;

    /// <summary>One more than the highest number used so far.</summary>
    public int End { get; private set; } = 1;

    /// <summary>The reference is good until the next <see cref="Take"/>.</summary>
    public ref TriggerNode this[int number] => ref _nodes[number];

    public int Take()
    {
        int number = _free;
        if (number != 0)
        {
            _free = _nodes[number].Sibling;
        }
        else
        {
            if (End == _nodes.Length) Array.Resize(ref _nodes, End * 2);
            number = End++;
        }

        _nodes[number] = default;
        return number;
    }

    public void Free(int number)
    {
        _nodes[number].Place = TriggerPlace.Free;
        _nodes[number].Sibling = _free;
        _free = number;
    }
}

/// <summary>The pool as the lists of the accounts see it.</summary>
internal readonly struct TriggerNodes(TriggerPool pool) : IAccountNodes<TriggerNode>
{
    public ref TriggerNode this[int number] => ref pool[number];
}
