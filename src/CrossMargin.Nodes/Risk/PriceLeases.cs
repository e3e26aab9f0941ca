using CrossMargin.Model;

namespace CrossMargin.Nodes.Risk;

/// <summary>When each market has last confirmed its prices to this node.</summary>
internal sealed class PriceLeases(VenueProfile profile, NodeWatchOptions options)
{
    private readonly Lease[] _leases = new Lease[profile.Markets.Count];

    public IReadOnlyList<MarketId> ToRenew(Timestamp now)
    {
        var due = new List<MarketId>();
        for (int i = 0; i < _leases.Length; i++)
        {
            if (now < _leases[i].RenewAt) continue;
            // An answer that does not come is asked for sooner than the next renewal.
            _leases[i].RenewAt = now.AddMilliseconds(options.RenewMilliseconds / 5);
            due.Add(new MarketId(i + 1));
        }

        return due;
    }

    /// <summary>Markets that have never answered.</summary>
    public int Unknown { get; private set; } = profile.Markets.Count;

    /// <summary>
    /// Whether the market has a newer epoch than it had. An answer of an older epoch comes from an activation that has been replaced: it
    /// confirms nothing.
    /// </summary>
    public bool Renewed(MarketId market, int epoch, Timestamp now)
    {
        ref Lease lease = ref _leases[market.Value - 1];
        if (epoch < lease.Epoch) return false;
        if (lease.Epoch == 0) Unknown--;
        bool isNew = lease.Epoch != epoch;
        lease = new Lease
        {
            RenewAt = now.AddMilliseconds(options.RenewMilliseconds),
            EndsAt = now.AddMilliseconds(options.LeaseMilliseconds),
            Epoch = epoch,
        };
        return isNew;
    }

    /// <summary>Markets whose lease has run out since the last call.</summary>
    public IReadOnlyList<MarketId> TakeExpired(Timestamp now)
    {
        var expired = new List<MarketId>();
        for (int i = 0; i < _leases.Length; i++)
        {
            if (_leases[i].EndsAt.Milliseconds == 0 || now < _leases[i].EndsAt) continue;
            _leases[i].EndsAt = default;
            expired.Add(new MarketId(i + 1));
        }

        return expired;
    }

    private struct Lease
    {
        public Timestamp RenewAt;
        public Timestamp EndsAt;
        public int Epoch;
    }
}
