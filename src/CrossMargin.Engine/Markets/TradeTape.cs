using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Trade numbers, the last price, and what prices the trades of the running step passed through: its high and low in the order in which
/// they were reached, then the last, so that a gap inside one step triggers what it jumped over.
/// </summary>
internal sealed class TradeTape
{
    private long _lastId;
    private long _trades;
    private Price _high;
    private Price _low;
    private long _highAt;
    private long _lowAt;

    /// <summary>Price of the last trade in the book, or none. Takeovers and deleveraging do not count.</summary>
    public Price Last { get; private set; }

    public bool HasTrades => _trades > 0;

    public TradeId NextId() => new(++_lastId);

    /// <summary>A trade in the book.</summary>
    public void Record(Price price)
    {
        _trades++;
        Last = price;
        if (_trades == 1 || price > _high) (_high, _highAt) = (price, _trades);
        if (_trades == 1 || price < _low) (_low, _lowAt) = (price, _trades);
    }

    /// <summary>The step's distinct prices to watch, at most three; ends the step.</summary>
    public int TakeExtremes(Span<Price> into)
    {
        if (_trades == 0) return 0;
        int n = 0;
        into[n++] = _highAt <= _lowAt ? _high : _low;
        Price second = _highAt <= _lowAt ? _low : _high;
        if (second != into[0]) into[n++] = second;
        if (Last != into[n - 1]) into[n++] = Last;
        _trades = 0;
        return n;
    }

    public void Write(StateWriter writer)
    {
        InvariantViolation.Check(_trades == 0, "the state of a market is written inside a step");
        writer.WriteInt64(_lastId);
        writer.WritePrice(Last);
    }

    public void Read(StateReader reader)
    {
        _lastId = reader.ReadInt64();
        Last = reader.ReadPrice();
    }
}
