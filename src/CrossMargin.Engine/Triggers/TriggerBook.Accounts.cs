using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>The conditional orders of one account.</summary>
public sealed partial class TriggerBook
{
    public int CountOf(AccountId account)
    {
        int slot = _accounts.Find(account.Value);
        return slot < 0 ? 0 : _accounts[slot].Count;
    }

    /// <summary>An account's orders, lowest algo id first. The order in hand may be removed; no other change while enumerating.</summary>
    public AccountTriggers OldestFirst(AccountId account)
    {
        int slot = _accounts.Find(account.Value);
        return new AccountTriggers(_nodes, slot < 0 ? 0 : _accounts[slot].Oldest);
    }

    private void LinkToAccount(int number, ref TriggerNode node)
    {
        ref AccountEntry entry = ref _accounts[_accounts.FindOrAdd(node.Order.Account.Value)];
        entry.Count++;
        int newer = 0;
        int older = entry.Newest;
        while (older != 0 && _nodes[older].Order.AlgoId.Value > node.Order.AlgoId.Value)
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

    private void UnlinkFromAccount(ref TriggerNode node)
    {
        int slot = _accounts.Find(node.Order.Account.Value);
        InvariantViolation.Check(slot >= 0, "a conditional order's account is not in the index");
        ref AccountEntry entry = ref _accounts[slot];
        if (node.Newer != 0) _nodes[node.Newer].Older = node.Older;
        else entry.Newest = node.Older;
        if (node.Older != 0) _nodes[node.Older].Newer = node.Newer;
        else entry.Oldest = node.Newer;
        if (--entry.Count == 0) _accounts.RemoveAt(slot);
    }
}

/// <summary>The numbers of an account's conditional orders.</summary>
public ref struct AccountTriggers
{
    private readonly TriggerPool _nodes;
    private int _next;

    internal AccountTriggers(TriggerPool nodes, int first)
    {
        _nodes = nodes;
        _next = first;
    }

    public int Current { get; private set; }

    public readonly AccountTriggers GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next == 0) return false;
        Current = _next;
        _next = _nodes[_next].Newer;
        return true;
    }
}
