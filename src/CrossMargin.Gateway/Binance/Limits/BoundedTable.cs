using System.Collections.Concurrent;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Values made when first asked for, at most so many: when it is full, those not used for two minutes go, then any that are not held, oldest
/// use first. Thread-safe.
/// </summary>
internal sealed class BoundedTable<TKey, TValue>(int capacity, Func<TValue> make)
    where TKey : notnull
{
    private const long Idle = 120_000;

    private readonly ConcurrentDictionary<TKey, Slot> _slots = new();
    private readonly Lock _sweep = new();

    public int Count => _slots.Count;

    public TValue Get(TKey key, long now)
    {
        if (!_slots.TryGetValue(key, out Slot? slot))
        {
            if (_slots.Count >= capacity) Sweep(now);
            slot = _slots.GetOrAdd(key, _ => new Slot(make()));
        }

        Volatile.Write(ref slot.Used, now);
        return slot.Value;
    }

    /// <summary>The value counts as used until then.</summary>
    public void Hold(TKey key, long until)
    {
        if (_slots.TryGetValue(key, out Slot? slot)) Volatile.Write(ref slot.HeldUntil, until);
    }

    private void Sweep(long now)
    {
        lock (_sweep)
        {
            if (_slots.Count < capacity) return;
            foreach (KeyValuePair<TKey, Slot> pair in _slots)
            {
                if (now - Volatile.Read(ref pair.Value.Used) > Idle && Volatile.Read(ref pair.Value.HeldUntil) <= now) _slots.TryRemove(pair);
            }

            if (_slots.Count < capacity) return;

            // All are in use: an eighth of the room is made, so that this is not done at each call.
            foreach (KeyValuePair<TKey, Slot> pair in _slots
                .OrderBy(p => Volatile.Read(ref p.Value.HeldUntil) > now)
                .ThenBy(p => Volatile.Read(ref p.Value.Used))
                .Take(Math.Max(1, capacity / 8)))
            {
                _slots.TryRemove(pair);
            }
        }
    }

    private sealed class Slot(TValue value)
    {
        public readonly TValue Value = value;
        public long Used;
        public long HeldUntil;
    }
}
