using System.Runtime.InteropServices;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>
/// Events on their way to the traders they are about: a chain for each, in slots that are used again. A trader's turn takes its chain as
/// one span. No allocation in steady state.
/// </summary>
internal sealed class TraderMail
{
    private readonly int[] _traderOf; // by account id; −1 where there is no trader
    private readonly int[] _head;
    private readonly int[] _tail;
    private Event[] _slots = new Event[1_024];
    private int[] _next = new int[1_024];
    private Event[] _taken = new Event[64];
    private int _free = -1;
    private int _used;

    /// <param name="accounts">Account ids, rising; the n-th is the trader n.</param>
    public TraderMail(ReadOnlySpan<AccountId> accounts)
    {
        _head = new int[accounts.Length];
        _tail = new int[accounts.Length];
        _head.AsSpan().Fill(-1);
        _traderOf = new int[accounts.IsEmpty ? 0 : accounts[^1].Value + 1];
        _traderOf.AsSpan().Fill(-1);
        for (int i = 0; i < accounts.Length; i++) _traderOf[accounts[i].Value] = i;
    }

    public bool HasMail(int trader) => _head[trader] >= 0;

    public void Post(ReadOnlySpan<Event> events)
    {
        foreach (ref readonly Event e in events)
        {
            int account = e.Account.Value;
            if (account <= 0 || account >= _traderOf.Length) continue;
            int trader = _traderOf[account];
            if (trader >= 0) Add(trader, e);
        }
    }

    /// <summary>The trader's events since the last call, in order; valid until the next call.</summary>
    public ReadOnlySpan<Event> Take(int trader)
    {
        int count = 0;
        for (int slot = _head[trader]; slot >= 0;)
        {
            if (count == _taken.Length) Array.Resize(ref _taken, count * 2);
            _taken[count++] = _slots[slot];
            int next = _next[slot];
            _next[slot] = _free;
            _free = slot;
            slot = next;
        }

        _head[trader] = -1;
        return _taken.AsSpan(0, count);
    }

    public void Write(StateWriter writer)
    {
        for (int trader = 0; trader < _head.Length; trader++)
        {
            int count = 0;
            for (int slot = _head[trader]; slot >= 0; slot = _next[slot]) count++;
            writer.WriteInt32(count);
            for (int slot = _head[trader]; slot >= 0; slot = _next[slot]) writer.WriteRaw(MemoryMarshal.AsBytes(_slots.AsSpan(slot, 1)));
        }
    }

    public void Read(StateReader reader)
    {
        int size = MemoryMarshal.AsBytes(_slots.AsSpan(0, 1)).Length;
        for (int trader = 0; trader < _head.Length; trader++)
        {
            int count = reader.ReadCount(size);
            for (int i = 0; i < count; i++) Add(trader, MemoryMarshal.Read<Event>(reader.ReadRaw(size)));
        }
    }

    private void Add(int trader, in Event e)
    {
        int slot = _free;
        if (slot >= 0)
        {
            _free = _next[slot];
        }
        else
        {
            if (_used == _slots.Length)
            {
                Array.Resize(ref _slots, _used * 2);
                Array.Resize(ref _next, _used * 2);
            }

            slot = _used++;
        }

        _slots[slot] = e;
        _next[slot] = -1;
        if (_head[trader] < 0) _head[trader] = slot;
        else _next[_tail[trader]] = slot;
        _tail[trader] = slot;
    }
}
