using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>The orders of one account.</summary>
public sealed partial class LimitOrderBook
{
    /// <summary>Orders an account has on the book.</summary>
    public int CountOf(AccountId account) => _accounts.Of(account).Count;

    /// <summary>Reduce-only orders an account has on the book.</summary>
    public int ReduceOnlyCountOf(AccountId account) => _accounts.Of(account).ReduceOnlyCount;

    /// <summary>An account's orders, highest order id first. The order in hand may be removed; no other change while enumerating.</summary>
    public AccountOrders NewestFirst(AccountId account) => new(_nodes, _accounts.Of(account).Newest, newestFirst: true);

    /// <summary>An account's orders, lowest order id first. The order in hand may be removed; no other change while enumerating.</summary>
    public AccountOrders OldestFirst(AccountId account) => new(_nodes, _accounts.Of(account).Oldest, newestFirst: false);

    /// <summary>The account's newest resting reduce-only order that closes one leg: the next to be cut.</summary>
    public bool TryNewestReduceOnly(AccountId account, PositionSide positionSide, Side side, out int number)
    {
        AccountEntry entry = _accounts.Of(account);
        int left = entry.ReduceOnlyCount;
        for (number = entry.Newest; left > 0; number = _nodes[number].Older)
        {
            ref OrderNode node = ref _nodes[number];
            if (!node.IsReduceOnly) continue;
            if (node.PositionSide == positionSide && node.Side == side) return true;
            left--;
        }

        number = 0;
        return false;
    }

    /// <summary>The open quantity of an account's resting reduce-only orders that close one leg.</summary>
    public Quantity ReduceOnlyQuantity(AccountId account, PositionSide positionSide, Side side)
    {
        AccountEntry entry = _accounts.Of(account);
        int left = entry.ReduceOnlyCount;
        long lots = 0;
        for (int number = entry.Newest; left > 0; number = _nodes[number].Older)
        {
            ref OrderNode node = ref _nodes[number];
            if (!node.IsReduceOnly) continue;
            if (node.PositionSide == positionSide && node.Side == side) lots += node.RemainingLots;
            left--;
        }

        return new Quantity(lots);
    }
}

/// <summary>The node numbers of an account's orders.</summary>
public ref struct AccountOrders
{
    private readonly NodePool _nodes;
    private readonly bool _newestFirst;
    private int _next;

    internal AccountOrders(NodePool nodes, int first, bool newestFirst)
    {
        _nodes = nodes;
        _next = first;
        _newestFirst = newestFirst;
    }

    public int Current { get; private set; }

    public readonly AccountOrders GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next == 0) return false;
        Current = _next;
        ref OrderNode node = ref _nodes[_next];
        _next = _newestFirst ? node.Older : node.Newer;
        return true;
    }
}
