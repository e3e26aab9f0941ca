using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// What a trader remembers of one market's price: a fast and a slow moving average and the mean size of a move between two looks.
/// Averages are exponential, in integers: each look moves them by 1/n of the distance. State of a trader.
/// </summary>
public struct PriceTrend
{
    // Room below one price unit, so that an average can creep by less than a unit a look.
    private const int Scale = 256;

    private long _last;
    private long _fast;
    private long _slow;
    private long _volatility;

    /// <summary>Number of looks so far, at most 2^31.</summary>
    public int Looks { get; private set; }

    /// <summary>(fast − slow) / slow; positive while the price rises.</summary>
    public readonly Rate Strength => _slow == 0 ? Rate.Zero : new Rate(Rounding.MulDivDown(_fast - _slow, Rate.One, _slow));

    /// <summary>Mean |move| between two looks, as a fraction of the price; ≥ 0.</summary>
    public readonly Rate Volatility => new(_volatility / Scale);

    /// <summary>A look at a price &gt; 0; fast and slow: lengths of the averages in looks, ≥ 1.</summary>
    public void Look(Price price, int fast, int slow)
    {
        long now = price.Units * Scale;
        if (Looks == 0)
        {
            _last = _fast = _slow = now;
            Looks = 1;
            return;
        }

        long move = Rounding.MulDivDown(Math.Abs(now - _last), Rate.One, _last);
        _volatility += (move * Scale - _volatility) / fast;
        _fast += (now - _fast) / fast;
        _slow += (now - _slow) / slow;
        _last = now;
        if (Looks < int.MaxValue) Looks++;
    }

    public readonly void Write(StateWriter writer)
    {
        writer.WriteInt32(Looks);
        writer.WriteInt64(_last);
        writer.WriteInt64(_fast);
        writer.WriteInt64(_slow);
        writer.WriteInt64(_volatility);
    }

    public void Read(StateReader reader)
    {
        Looks = reader.ReadInt32();
        _last = reader.ReadInt64();
        _fast = reader.ReadInt64();
        _slow = reader.ReadInt64();
        _volatility = reader.ReadInt64();
    }
}
