namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// What an account has yet to see through before it acknowledges. Nobody keeps an account active that holds no position: if it
/// acknowledged a market's message while what it sends because of it (a claim to the fund, a liquidation's proceeds) has not arrived, and
/// its host died then, nothing would wake it to send again. So the acknowledgement waits, and until then the market, which is always
/// active, sends its message again and so wakes the account. Markets and the fund acknowledge at once: nothing can wait in a circle.
/// </summary>
internal sealed class Custody
{
    private readonly List<Held> _held = [];

    /// <summary>What was sent for a peer's messages; its acknowledgement waits until all of it has arrived.</summary>
    public void Hold(PeerLink peer, IReadOnlyList<Sent> sent)
    {
        peer.HeldBy++;
        _held.Add(new Held(peer, sent));
    }

    /// <summary>Some of it has arrived: calls back for each peer that may be acknowledged now.</summary>
    public void Release(Action<PeerLink> acknowledge)
    {
        for (int i = 0; i < _held.Count; i++)
        {
            if (!HasArrived(_held[i].Sent)) continue;
            PeerLink peer = _held[i].Peer;
            _held.RemoveAt(i--);
            if (--peer.HeldBy == 0) acknowledge(peer);
        }
    }

    private static bool HasArrived(IReadOnlyList<Sent> sent)
    {
        foreach (Sent s in sent)
        {
            if (s.To.Acknowledged < s.Number) return false;
        }

        return true;
    }

    /// <summary>Messages to a peer up to a number.</summary>
    public readonly record struct Sent(PeerLink To, long Number);

    private readonly record struct Held(PeerLink Peer, IReadOnlyList<Sent> Sent);
}
