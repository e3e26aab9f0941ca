using CrossMargin.Model;

namespace CrossMargin.Engine.Pricing;

/// <summary>
/// The prices one node's accounts judge by: per market mark, index, last and why liquidation is paused there, under one version. Written
/// only by the risk monitor when a <see cref="PriceTick"/> arrives; older ticks (by epoch, then sequence) are ignored.
/// </summary>
public sealed class PriceTable(int marketCount)
{
    private readonly Entry[] _entries = Fill(new Entry[marketCount + 1]);
    private readonly Price[] _marks = new Price[marketCount];
    private readonly Price[] _indexes = new Price[marketCount];

    /// <summary>Rises by one with each tick that was taken.</summary>
    public long Version { get; private set; }

    /// <summary>Whether a deficit of the insurance fund has closed withdrawals; told by a <see cref="FundStatus"/>.</summary>
    public bool WithdrawalsClosed { get; set; }

    public int MarketCount => _marks.Length;

    /// <summary>Mark and index prices in market id order: market n at index n − 1.</summary>
    public ReadOnlySpan<Price> Marks => _marks;
    public ReadOnlySpan<Price> Indexes => _indexes;

    public Price Mark(MarketId market) => _marks[market.Value - 1];
    public Price Index(MarketId market) => _indexes[market.Value - 1];
    public Price Last(MarketId market) => _entries[market.Value].Last;

    /// <summary>Whether liquidation, market orders and new risk must wait in this market, and why.</summary>
    public PauseReason Pause(MarketId market) => _entries[market.Value].Pause;

    /// <summary>Takes a tick; false when a newer one of the same market is already there.</summary>
    public bool TryApply(in PriceTick tick)
    {
        ref Entry entry = ref _entries[tick.Market.Value];
        if (tick.Epoch < entry.Epoch || (tick.Epoch == entry.Epoch && tick.Sequence <= entry.Sequence)) return false;
        entry = new Entry { Last = tick.Last, Pause = tick.Pause, Epoch = tick.Epoch, Sequence = tick.Sequence };
        _marks[tick.Market.Value - 1] = tick.Mark;
        _indexes[tick.Market.Value - 1] = tick.Index;
        Version++;
        return true;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(Version);
        writer.WriteBool(WithdrawalsClosed);
        for (int i = 0; i < _marks.Length; i++)
        {
            ref readonly Entry e = ref _entries[i + 1];
            writer.WritePrice(_marks[i]);
            writer.WritePrice(_indexes[i]);
            writer.WritePrice(e.Last);
            writer.WriteInt64(e.Sequence);
            writer.WriteInt32(e.Epoch);
            writer.WriteByte((byte)e.Pause);
        }
    }

    public void Read(StateReader reader)
    {
        Version = reader.ReadInt64();
        WithdrawalsClosed = reader.ReadBool();
        for (int i = 0; i < _marks.Length; i++)
        {
            ref Entry e = ref _entries[i + 1];
            _marks[i] = reader.ReadPrice();
            _indexes[i] = reader.ReadPrice();
            e.Last = reader.ReadPrice();
            e.Sequence = reader.ReadInt64();
            e.Epoch = reader.ReadInt32();
            e.Pause = (PauseReason)reader.ReadByte();
        }
    }

    private static Entry[] Fill(Entry[] entries)
    {
        entries.AsSpan().Fill(new Entry { Pause = PauseReason.NoPrice, Sequence = -1 });
        return entries;
    }

    private struct Entry
    {
        public Price Last;
        public long Sequence;
        public int Epoch;
        public PauseReason Pause;
    }
}
