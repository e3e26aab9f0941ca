using CrossMargin.Model;

namespace CrossMargin.Engine.Actors;

/// <summary>A first-in-first-out ring of messages that grows by doubling and never shrinks: no allocation in steady state.</summary>
public sealed class MessageQueue
{
    private Message[] _ring = new Message[64];
    private int _head;
    private int _count;

    public int Count => _count;

    /// <summary>
    /// A slot at the end, to be filled whole (addresses, cause, kind and body) before the next call. It is not cleared: bytes behind the
    /// body have no meaning, and clearing them would cost more than the rest of a send.
    /// </summary>
    public ref Message Add()
    {
        if (_count == _ring.Length) Grow();
        return ref _ring[(_head + _count++) & (_ring.Length - 1)];
    }

    /// <summary>
    /// The oldest message, where it lies. It stays readable while it is handled, also when adding to the queue makes the ring grow;
    /// <see cref="Drop"/> ends that.
    /// </summary>
    public ref readonly Message First => ref _ring[_head];

    /// <summary>Forgets the oldest message.</summary>
    public void Drop()
    {
        InvariantViolation.Check(_count > 0, "dropped from an empty message queue");
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
    }

    /// <summary>Takes the oldest message. Throws <see cref="InvariantViolation"/> when empty.</summary>
    public Message Take()
    {
        InvariantViolation.Check(_count > 0, "taken from an empty message queue");
        Message message = _ring[_head];
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        return message;
    }

    /// <summary>The i-th oldest message, for checks of what is in flight.</summary>
    public ref readonly Message this[int i] => ref _ring[(_head + i) & (_ring.Length - 1)];

    public void Clear() => _head = _count = 0;

    private void Grow()
    {
        var larger = new Message[_ring.Length * 2];
        for (int i = 0; i < _count; i++) larger[i] = this[i];
        _ring = larger;
        _head = 0;
    }
}
