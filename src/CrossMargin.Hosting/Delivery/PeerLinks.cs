using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>The links of one actor to all it ever spoke with.</summary>
internal sealed class PeerLinks(ActorId self)
{
    private readonly Dictionary<ActorId, PeerLink> _links = []; // to look up, never to go through
    private readonly List<PeerLink> _all = [];

    public IReadOnlyList<PeerLink> All => _all;

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

    /// <summary>In the order of the peers' addresses: equal links write equal bytes.</summary>
    public void Write(StateWriter writer)
    {
        _all.Sort(static (a, b) => a.Peer.CompareTo(b.Peer));
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
        _links.Add(link.Peer, link);
        _all.Add(link);
    }
}
