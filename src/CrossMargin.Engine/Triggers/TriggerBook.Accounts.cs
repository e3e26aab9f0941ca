using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>The conditional orders of one account.</summary>
public sealed partial class TriggerBook
{
    public int CountOf(AccountId account) => _accounts.Of(account).Count;

    /// <summary>An account's orders, lowest algo id first. The order in hand may be removed; no other change while enumerating.</summary>
    public AccountTriggers OldestFirst(AccountId account) => new(_nodes, _accounts.Of(account).Oldest);
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
