using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>How far a market's trades and mark have strayed from its index.</summary>
public struct MarketWatch
{
    /// <summary>Lowest and highest trade since <see cref="Restart"/>; none without a trade.</summary>
    public Price Low;
    public Price High;

    /// <summary>Largest |last − index| / index and |mark − index| / index at the start of a step, 1e-8.</summary>
    public long LastGap;
    public long MarkGap;

    /// <summary>The same for the price of any trade, against the index of its step.</summary>
    public long TradeGap;

    /// <summary>How often liquidation was paused here.</summary>
    public int Pauses;

    /// <summary>The newest index, the lowest and the highest of the run.</summary>
    public Price Index;
    public Price IndexLow;
    public Price IndexHigh;

    public void Look(in MarketData data)
    {
        if (data.Index.IsNone) return;
        MarkGap = Math.Max(MarkGap, Gap(data.Mark));
        LastGap = Math.Max(LastGap, Gap(data.Last));
    }

    public void Reprice(Price index)
    {
        Index = index;
        if (IndexLow.IsNone || index < IndexLow) IndexLow = index;
        if (index > IndexHigh) IndexHigh = index;
    }

    public void Trade(Price price)
    {
        if (Low.IsNone || price < Low) Low = price;
        if (price > High) High = price;
        if (!Index.IsNone) TradeGap = Math.Max(TradeGap, Gap(price));
    }

    public void Restart() => (Low, High) = (Price.None, Price.None);

    public readonly void Write(StateWriter writer)
    {
        writer.WritePrice(Low);
        writer.WritePrice(High);
        writer.WriteInt64(LastGap);
        writer.WriteInt64(MarkGap);
        writer.WriteInt64(TradeGap);
        writer.WriteInt32(Pauses);
        writer.WritePrice(Index);
        writer.WritePrice(IndexLow);
        writer.WritePrice(IndexHigh);
    }

    public static MarketWatch Read(StateReader reader) => new()
    {
        Low = reader.ReadPrice(),
        High = reader.ReadPrice(),
        LastGap = reader.ReadInt64(),
        MarkGap = reader.ReadInt64(),
        TradeGap = reader.ReadInt64(),
        Pauses = reader.ReadInt32(),
        Index = reader.ReadPrice(),
        IndexLow = reader.ReadPrice(),
        IndexHigh = reader.ReadPrice(),
    };

    private readonly long Gap(Price price) =>
        price.IsNone ? 0 : (long)(Int128.Abs(price.Units - Index.Units) * Rate.One / Index.Units);
}
