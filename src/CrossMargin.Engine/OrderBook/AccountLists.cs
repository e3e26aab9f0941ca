using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>An order in place, as the list of its account sees it.</summary>
internal interface IAccountNode
{
    int Owner { get; }

    /// <summary>Rises with each order of the account.</summary>
    long Id { get; }
    bool IsReduceOnly { get; }

    /// <summary>Neighbours in the list by id, node numbers; 0: none.</summary>
    int Newer { get; set; }
    int Older { get; set; }
}

/// <summary>The nodes of a book by number. A struct, so that each book gets code of its own and no call is virtual.</summary>
internal interface IAccountNodes<TNode>
    where TNode : struct, IAccountNode
{
    ref TNode this[int number] { get; }
}

/// <summary>The orders of each account in a book, kept by id; links are in the nodes.</summary>
internal sealed class AccountLists<TNodes, TNode>(TNodes nodes)
    where TNodes : struct, IAccountNodes<TNode>
    where TNode : struct, IAccountNode
{
    private readonly AccountIndex _index = new();

    public long AllocatedBytes => _index.AllocatedBytes;

    /// <summary>Both ends of the account's list and its counts; all 0 if it has no orders.</summary>
    public AccountEntry Of(AccountId account)
    {
        int slot = _index.Find(account.Value);
        return slot < 0 ? default : _index[slot];
    }

    /// <summary>Ids rise, so an order nearly always becomes the newest; one that is queued again after a change finds its old place.</summary>
    public void Link(int number, ref TNode node)
    {
        ref AccountEntry entry = ref _index[_index.FindOrAdd(node.Owner)];
        entry.Count++;
        if (node.IsReduceOnly) entry.ReduceOnlyCount++;
        int newer = 0;
        int older = entry.Newest;
        while (older != 0 && nodes[older].Id > node.Id)
        {
            newer = older;
            older = nodes[older].Older;
        }

        node.Newer = newer;
        node.Older = older;
        if (newer != 0) nodes[newer].Older = number;
        else entry.Newest = number;
        if (older != 0) nodes[older].Newer = number;
        else entry.Oldest = number;
    }

    public void Unlink(ref TNode node)
    {
        int slot = _index.Find(node.Owner);
        InvariantViolation.Check(slot >= 0, "an order's account is not in the index of its book");
        ref AccountEntry entry = ref _index[slot];
        if (node.Newer != 0) nodes[node.Newer].Older = node.Older;
        else entry.Newest = node.Older;
        if (node.Older != 0) nodes[node.Older].Newer = node.Newer;
        else entry.Oldest = node.Newer;
        if (node.IsReduceOnly) entry.ReduceOnlyCount--;
        if (--entry.Count == 0) _index.RemoveAt(slot);
    }

    public void Clear() => _index.Clear();
}
