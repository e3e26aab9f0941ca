using System.Runtime.CompilerServices;

namespace CrossMargin.Engine.OrderBook;

/// <summary>What the book knows of an account that has resting orders: both ends of its list, which is ordered by order id.</summary>
internal struct AccountEntry
{
    /// <summary>0: the slot is empty.</summary>
    public int Account;
    public int Newest;
    public int Oldest;
    public int Count;
    public int ReduceOnlyCount;
}

/// <summary>
/// Account → <see cref="AccountEntry"/>; only accounts with resting orders have one. Linear probing, backward-shift deletion.
/// </summary>
internal sealed class AccountIndex
{
    private AccountEntry[] _slots = new AccountEntry[16];
    private int _count;

    public long AllocatedBytes => _slots.LongLength * Unsafe.SizeOf<AccountEntry>();

    /// <summary>
    /// The entry at a slot that <see cref="Find"/> or <see cref="FindOrAdd"/> returned; good until the next add or remove.
    /// </summary>
    public ref AccountEntry this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _slots[slot];
    }

    /// <summary>The account's slot, −1 if it has no resting orders.</summary>
    public int Find(int account)
    {
        int i = Probe(account);
        return _slots[i].Account == account ? i : -1;
    }

    public int FindOrAdd(int account)
    {
        int i = Probe(account);
        if (_slots[i].Account == account) return i;
        if (++_count * 2 > _slots.Length)
        {
            Grow();
            i = Probe(account);
        }

        _slots[i].Account = account;
        return i;
    }

    public void RemoveAt(int hole)
    {
        AccountEntry[] slots = _slots;
        int mask = slots.Length - 1;
        int i = hole;
        while (true)
        {
            i = (i + 1) & mask;
            if (slots[i].Account == 0) break;
            if (((i - Home(slots[i].Account, mask)) & mask) >= ((i - hole) & mask))
            {
                slots[hole] = slots[i];
                hole = i;
            }
        }

        slots[hole] = default;
        _count--;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        _count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Home(int account, int mask) => unchecked((int)(((uint)account * 0x9E3779B1u) >> 7)) & mask;

    /// <summary>The account's slot, or the empty one where it would go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Probe(int account)
    {
        AccountEntry[] slots = _slots;
        int mask = slots.Length - 1;
        int i = Home(account, mask);
        while (slots[i].Account != account && slots[i].Account != 0) i = (i + 1) & mask;
        return i;
    }

    private void Grow()
    {
        AccountEntry[] old = _slots;
        _slots = new AccountEntry[old.Length * 2];
        foreach (ref readonly AccountEntry entry in old.AsSpan())
        {
            if (entry.Account != 0) _slots[Probe(entry.Account)] = entry;
        }
    }
}
