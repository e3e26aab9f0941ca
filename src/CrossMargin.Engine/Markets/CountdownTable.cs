using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Dead-man's countdowns: per account, when all its orders and conditional orders in the market are to be cancelled unless it renews.
/// Kept by account id; searched for due ones only when the earliest can be due.
/// </summary>
internal sealed class CountdownTable
{
    private readonly List<Entry> _entries = [];

    // Not later than the earliest entry.
    private Timestamp _earliest = new(long.MaxValue);

    public int Count => _entries.Count;

    /// <summary>Arms or renews.</summary>
    public void Arm(AccountId account, Timestamp due)
    {
        int i = Find(account);
        if (i >= 0) _entries[i] = new Entry(account, due);
        else _entries.Insert(~i, new Entry(account, due));
        if (due < _earliest) _earliest = due;
    }

    public void Disarm(AccountId account)
    {
        int i = Find(account);
        if (i >= 0) _entries.RemoveAt(i);
    }

    /// <summary>Removes and returns the next due account: the earliest, then the lowest id.</summary>
    public bool TryTakeDue(Timestamp now, out AccountId account)
    {
        account = AccountId.None;
        if (now < _earliest) return false;
        int best = -1;
        for (int i = 0; i < _entries.Count; i++)
        {
            if (best < 0 || _entries[i].Due < _entries[best].Due) best = i;
        }

        _earliest = best < 0 ? new Timestamp(long.MaxValue) : _entries[best].Due;
        if (best < 0 || _earliest > now) return false;
        account = _entries[best].Account;
        _entries.RemoveAt(best);
        return true;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(_entries.Count);
        foreach (Entry entry in _entries)
        {
            writer.WriteInt32(entry.Account.Value);
            writer.WriteTimestamp(entry.Due);
        }
    }

    public void Read(StateReader reader)
    {
        _entries.Clear();
        _earliest = new Timestamp(long.MaxValue);
        int count = reader.ReadCount(12);
        for (int i = 0; i < count; i++) Arm(new AccountId(reader.ReadInt32()), reader.ReadTimestamp());
    }

    private int Find(AccountId account)
    {
        int low = 0;
        int high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int c = _entries[middle].Account.CompareTo(account);
            if (c == 0) return middle;
            if (c < 0) low = middle + 1;
            else high = middle;
        }

        return ~low;
    }

    private readonly record struct Entry(AccountId Account, Timestamp Due);
}
