using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>The links of one actor to all it ever spoke with.</summary>
internal sealed class PeerLinks(ActorId self)
{
    private readonly Dictionary<ActorId, PeerLink> _links = []; // to look up, never to go through
    private readonly List<PeerLink> _all = [];
    private bool _isSorted = true;

    public IReadOnlyList<PeerLink> All => _all;

    /// <summary>Messages that are queued on all of them.</summary>
    public int Queued { get; private set; }

    public PeerLink this[ActorId peer]
    {
        get
        {
            if (_links.TryGetValue(peer, out PeerLink? link)) return link;
            link = new PeerLink(peer);
            Add(link);
            return link;
        }
    }

    public PeerLink? Find(ActorId peer) => _links.GetValueOrDefault(peer);

    /// <summary>Gives the message's number.</summary>
    public long Enqueue(PeerLink link, in Message message)
    {
        Queued++;
        return link.Enqueue(message);
    }

    /// <summary>The peer has the messages up to a number that is not beyond the last one.</summary>
    public void Forget(PeerLink link, long through)
    {
        Queued -= link.Count;
        link.Forget(through);
        Queued += link.Count;
    }

    /// <summary>In the order of the peers' addresses: equal links write equal bytes.</summary>
    public void Write(StateWriter writer)
    {
        if (!_isSorted) _all.Sort(static (a, b) => a.Peer.CompareTo(b.Peer));
        _isSorted = true;
        writer.WriteInt32(_all.Count);
        foreach (PeerLink link in _all) link.Write(writer);
    }

    public void Read(StateReader reader)
    {
        int count = reader.ReadCount(1 + 4 + 8 + 8 + 4);
        for (int i = 0; i < count; i++)
        {
            var link = PeerLink.Read(reader, self);
            if (_links.ContainsKey(link.Peer)) throw reader.Fault($"{link.Peer} is there twice");
            Add(link);
        }
    }

    private void Add(PeerLink link)
    {
        _isSorted &= _all.Count == 0 || _all[^1].Peer.CompareTo(link.Peer) < 0;
        Queued += link.Count;
        _links.Add(link.Peer, link);
        _all.Add(link);
    }
}
