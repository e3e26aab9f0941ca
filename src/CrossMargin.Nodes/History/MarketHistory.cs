using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.History;

/// <summary>
/// The newest rows of a market's history: 500 trades in the book and 500 funding settlements, 1,500 candles of each series and interval. Part
/// of the market's state: its log makes them again, its snapshots hold them (about 0.2 MB after a day, 1.5 MB after years).
/// </summary>
internal sealed class MarketHistory(MarketSpec spec)
{
    private const int Rows = 500;

    private static readonly KlineSeries[] s_series = [KlineSeries.Trades, KlineSeries.Mark, KlineSeries.Index];

    private readonly KlineRing[][] _klines =
        [.. s_series.Select(series => KlineIntervals.All.Select(interval => new KlineRing(series, interval)).ToArray())];

    public Ring<TradeRecord> Trades { get; } = new(Rows);
    public Ring<FundingRecord> Funding { get; } = new(Rows);

    public KlineRing Klines(KlineSeries series, KlineInterval interval) => _klines[(int)series - 1][(int)interval - 1];

    public void Apply(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.Traded:
                Trade(e);
                break;
            case EventKind.PriceChanged:
                ref readonly PriceChanged p = ref e.Body<PriceChanged>();
                Change(KlineSeries.Mark, e.Time, p.Mark);
                Change(KlineSeries.Index, e.Time, p.Index);
                break;
            case EventKind.FundingSettled:
                ref readonly FundingSettled f = ref e.Body<FundingSettled>();
                Funding.Add(new FundingRecord(e.Market, f.FundingTime, f.Rate, f.Mark, false));
                break;
            case EventKind.FundingSkipped:
                Funding.Add(new FundingRecord(e.Market, e.Body<FundingSkipped>().FundingTime, default, Price.None, true));
                break;
        }
    }

    public void Write(StateWriter writer)
    {
        Trades.Write(writer, HistoryCodec.Write);
        Funding.Write(writer, HistoryCodec.Write);
        foreach (KlineRing[] rings in _klines)
        {
            foreach (KlineRing ring in rings) ring.Write(writer);
        }
    }

    public void Read(StateReader reader)
    {
        Trades.Read(reader, HistoryCodec.ReadTradeRecord);
        Funding.Read(reader, HistoryCodec.ReadFundingRecord);
        foreach (KlineRing[] rings in _klines)
        {
            foreach (KlineRing ring in rings) ring.Read(reader);
        }
    }

    private void Trade(in Event e)
    {
        ref readonly Traded t = ref e.Body<Traded>();
        if (t.Type is FillKind.Takeover or FillKind.Deleverage) return;
        Trades.Add(new TradeRecord(e.Time, e.Market, t.Trade, t.Price, t.Quantity, t.TakerSide, t.Buyer, t.Seller, t.Type));
        Int128 unitLots = Int128.Min(long.MaxValue, (Int128)t.Price.Units * t.Quantity.Abs.Lots);
        var quote = new Amount((long)Int128.Min(long.MaxValue, unitLots * spec.AmountPerUnitLot));
        foreach (KlineRing ring in _klines[(int)KlineSeries.Trades - 1]) ring.Trade(e.Time, t, quote);
    }

    private void Change(KlineSeries series, Timestamp time, Price price)
    {
        if (price.IsNone) return;
        foreach (KlineRing ring in _klines[(int)series - 1]) ring.Change(time, price);
    }
}
