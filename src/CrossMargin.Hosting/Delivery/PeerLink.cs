using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>Both directions of one pair of actors, as one of the two sees them.</summary>
internal sealed class PeerLink(ActorId peer)
{
    private Message[] _queue = [];
    private int _head;

    public ActorId Peer => peer;

    /// <summary>The last number queued for the peer.</summary>
    public long Queued { get; private set; }

    /// <summary>All numbers up to this are acknowledged; the queue begins after it.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Numbers up to this are covered by a write that has ended: they may leave.</summary>
    public long Committed { get; set; }

    /// <summary>Numbers up to this are covered by the write in flight.</summary>
    public long InWrite { get; set; }

    /// <summary>Numbers up to this have been given to the transport; not more than one batch beyond <see cref="Acknowledged"/>.</summary>
    public long Sent { get; set; }

    /// <summary>When the last batch was sent.</summary>
    public Timestamp SentAt { get; set; }

    /// <summary>The last number of the peer's that was applied in memory.</summary>
    public long Applied { get; set; }

    /// <summary>As <see cref="Applied"/>, of the write in flight.</summary>
    public long AppliedInWrite { get; set; }

    /// <summary>As <see cref="Applied"/>, durably: what may be acknowledged.</summary>
    public long Durable { get; set; }

    /// <summary>How many things must arrive elsewhere before this peer is acknowledged; see <see cref="Custody"/>.</summary>
    public int HeldBy { get; set; }

    /// <summary>Marks of the activation's work lists: whether this link is on them.</summary>
    public LinkLists On { get; set; }

    public int Count => (int)(Queued - Acknowledged);

    /// <summary>The message with a number that is queued.</summary>
    public ref readonly Message this[long number] => ref _queue[(_head + (int)(number - Acknowledged - 1)) & (_queue.Length - 1)];

    public long Enqueue(in Message message)
    {
        int count = Count;
        if (count == _queue.Length) Grow(count);
        _queue[(_head + count) & (_queue.Length - 1)] = message;
        return ++Queued;
    }

    /// <summary>Forgets the messages up to a number that is not beyond the last one.</summary>
    public void Forget(long through)
    {
        if (through <= Acknowledged) return;
        InvariantViolation.Check(through <= Queued, "6: the peer acknowledges what was never sent to it");
        _head = (_head + (int)(through - Acknowledged)) & Math.Max(0, _queue.Length - 1);
        Acknowledged = through;
        if (Sent < through) Sent = through;
        if (Count == 0 && _queue.Length > 16) (_queue, _head) = ([], 0); // a burst is over: most pairs are idle most of the time
    }

    /// <summary>All that was read is durable; nothing has been sent by this activation.</summary>
    public void Restart()
    {
        Committed = InWrite = Queued;
        Sent = Acknowledged;
        Durable = AppliedInWrite = Applied;
        On = LinkLists.None;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteByte((byte)peer.Kind);
        writer.WriteInt32(peer.Number);
        writer.WriteInt64(Applied);
        writer.WriteInt64(Acknowledged);
        writer.WriteInt32(Count);
        for (long n = Acknowledged + 1; n <= Queued; n++) MessageCodec.WriteBody(this[n], writer);
    }

    public static PeerLink Read(StateReader reader, ActorId self)
    {
        var peer = new ActorId((ActorKind)reader.ReadByte(), reader.ReadInt32());
        var link = new PeerLink(peer) { Applied = reader.ReadInt64() };
        link.Acknowledged = link.Queued = reader.ReadInt64();
        int count = reader.ReadCount(MessageCodec.LeastBytes);
        for (int i = 0; i < count; i++) link.Enqueue(MessageCodec.ReadBody(reader, self, peer));
        return link;
    }

    private void Grow(int count)
    {
        var larger = new Message[Math.Max(4, _queue.Length * 2)];
        for (int i = 0; i < count; i++) larger[i] = _queue[(_head + i) & (_queue.Length - 1)];
        (_queue, _head) = (larger, 0);
    }
}

[Flags]
internal enum LinkLists
{
    None = 0,

    /// <summary>Has messages that may leave.</summary>
    ToSend = 1,

    /// <summary>Changed since the last write began.</summary>
    Changed = 2,

    /// <summary>The peer is to be told how far its messages are applied.</summary>
    ToAcknowledge = 4,

    /// <summary>Was sent something by the record being applied.</summary>
    Output = 8,
}
