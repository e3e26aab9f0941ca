using CrossMargin.Model;

namespace CrossMargin.Engine.Pricing;

/// <summary>
/// The prices one node's accounts judge by: per market mark, index, last and why liquidation is paused there, under one version, with the
/// leverage brackets that operators have set. Written
/// only by the risk monitor when a <see cref="PriceTick"/> arrives; older ticks (by epoch, then sequence) are ignored.
/// </summary>
public sealed class PriceTable(int marketCount)
{
    private readonly Entry[] _entries = Fill(new Entry[marketCount + 1]);
    private readonly Price[] _marks = new Price[marketCount];
    private readonly Price[] _indexes = new Price[marketCount];
    private readonly TakenBrackets[] _brackets = new TakenBrackets[marketCount];

    /// <summary>Rises by one with each tick or change of brackets that was taken.</summary>
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

    /// <summary>A market's leverage brackets for new risk; null while they are its specification's.</summary>
    public LeverageBrackets? Brackets(MarketId market) => _brackets[market.Value - 1].Brackets;

    /// <summary>Takes what is told to a node beside prices: <see cref="FundStatus"/>, <see cref="BracketsTick"/>.</summary>
    public void Inform(in Message message)
    {
        if (message.Kind == MessageKind.BracketsTick) TakeBrackets(message.Body<BracketsTick>());
        else WithdrawalsClosed = message.Body<FundStatus>().WithdrawalsClosed;
    }

    private void TakeBrackets(in BracketsTick tick)
    {
        ref TakenBrackets taken = ref _brackets[tick.Market.Value - 1];
        if (tick.Epoch < taken.Epoch || (tick.Epoch == taken.Epoch && tick.Sequence <= taken.Sequence)) return;
        var brackets = new LeverageBrackets(tick.MaxLeverage, tick.Count, tick.Cap);
        taken = new TakenBrackets { Brackets = brackets, Sequence = tick.Sequence, Epoch = tick.Epoch };
        Version++;
    }

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

    /// <summary>
    /// The market's prices can no longer be trusted (nobody has confirmed them): it is paused as stale until a tick comes, be it the one
    /// that is already here.
    /// </summary>
    public void Suspend(MarketId market)
    {
        ref Entry entry = ref _entries[market.Value];
        if (entry.IsSuspended || entry.Pause == PauseReason.NoPrice) return;
        entry = entry with { Pause = PauseReason.Stale, Sequence = entry.Sequence - 1, IsSuspended = true };
        Version++;
    }

    /// <summary>A table of its own with the same prices: later changes here do not show there.</summary>
    public PriceTable Copy()
    {
        var copy = new PriceTable(MarketCount) { Version = Version, WithdrawalsClosed = WithdrawalsClosed };
        _entries.CopyTo(copy._entries, 0);
        _marks.CopyTo(copy._marks, 0);
        _indexes.CopyTo(copy._indexes, 0);
        _brackets.CopyTo(copy._brackets, 0); // brackets themselves never change
        return copy;
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
            ref readonly TakenBrackets b = ref _brackets[i];
            writer.WriteBool(b.Brackets is not null);
            if (b.Brackets is null) continue;
            writer.WriteInt64(b.Sequence);
            writer.WriteInt32(b.Epoch);
            b.Brackets.Write(writer);
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
            if (!reader.ReadBool()) continue;
            ref TakenBrackets b = ref _brackets[i];
            b.Sequence = reader.ReadInt64();
            b.Epoch = reader.ReadInt32();
            b.Brackets = LeverageBrackets.Read(reader);
        }
    }

    private static Entry[] Fill(Entry[] entries)
    {
        entries.AsSpan().Fill(new Entry { Pause = PauseReason.NoPrice, Sequence = -1 });
        return entries;
    }

    private struct TakenBrackets
    {
        public LeverageBrackets? Brackets;
        public long Sequence;
        public int Epoch;
    }

    private struct Entry
    {
        public Price Last;
        public long Sequence;
        public int Epoch;
        public PauseReason Pause;
        public bool IsSuspended;
    }
}
