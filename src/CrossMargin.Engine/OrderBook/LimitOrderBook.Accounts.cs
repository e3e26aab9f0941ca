using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>The orders of one account.</summary>
public sealed partial class LimitOrderBook
{
    /// <summary>Orders an account has on the book.</summary>
    public int CountOf(AccountId account)
    {
        int slot = _accounts.Find(account.Value);
        return slot < 0 ? 0 : _accounts[slot].Count;
    }

    /// <summary>Reduce-only orders an account has on the book.</summary>
    public int ReduceOnlyCountOf(AccountId account)
    {
        int slot = _accounts.Find(account.Value);
        return slot < 0 ? 0 : _accounts[slot].ReduceOnlyCount;
    }

    /// <summary>An account's orders, highest order id first. The order in hand may be removed; no other change while enumerating.</summary>
    public AccountOrders NewestFirst(AccountId account) => new(_nodes, Ends(account).Newest, newestFirst: true);

    /// <summary>An account's orders, lowest order id first. The order in hand may be removed; no other change while enumerating.</summary>
    public AccountOrders OldestFirst(AccountId account) => new(_nodes, Ends(account).Oldest, newestFirst: false);

    /// <summary>The account's newest resting reduce-only order that closes one leg: the next to be cut.</summary>
    public bool TryNewestReduceOnly(AccountId account, PositionSide positionSide, Side side, out int number)
    {
        AccountEntry entry = Ends(account);
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
        AccountEntry entry = Ends(account);
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

    private AccountEntry Ends(AccountId account)
    {
        int slot = _accounts.Find(account.Value);
        return slot < 0 ? default : _accounts[slot];
    }

    /// <summary>
    /// Order ids rise, so an order nearly always becomes the newest; one that is queued again after a change finds its old place.
    /// </summary>
    private void LinkToAccount(int number, ref OrderNode node)
    {
        ref AccountEntry entry = ref _accounts[_accounts.FindOrAdd(node.Owner)];
        entry.Count++;
        if (node.IsReduceOnly) entry.ReduceOnlyCount++;
        int newer = 0;
        int older = entry.Newest;
        while (older != 0 && _nodes[older].Id > node.Id)
        {
            newer = older;
            older = _nodes[older].Older;
        }

        node.Newer = newer;
        node.Older = older;
        if (newer != 0) _nodes[newer].Older = number;
        else entry.Newest = number;
        if (older != 0) _nodes[older].Newer = number;
        else entry.Oldest = number;
    }

    private void UnlinkFromAccount(ref OrderNode node)
    {
        int slot = _accounts.Find(node.Owner);
        InvariantViolation.Check(slot >= 0, "a resting order's account is not in the index");
        ref AccountEntry entry = ref _accounts[slot];
        if (node.Newer != 0) _nodes[node.Newer].Older = node.Older;
        else entry.Newest = node.Older;
        if (node.Older != 0) _nodes[node.Older].Newer = node.Newer;
        else entry.Oldest = node.Newer;
        if (node.IsReduceOnly) entry.ReduceOnlyCount--;
        if (--entry.Count == 0) _accounts.RemoveAt(slot);
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
