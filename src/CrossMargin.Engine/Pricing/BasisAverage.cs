using CrossMargin.Model;

namespace CrossMargin.Engine.Pricing;

/// <summary>
/// Moving average of (mid − index) over the last samples of a window. Kept doubled (bid + ask − 2 × index), so that a mid between two
/// units stays exact.
/// </summary>
public sealed class BasisAverage(FundingSpec funding)
{
    private readonly int _capacity = checked((int)(funding.BasisWindowMilliseconds / funding.BasisSampleMilliseconds));

    private long[] _ring = new long[16];
    private int _start;
    private Int128 _sum;

    /// <summary>Samples in the window.</summary>
    public int Count { get; private set; }

    /// <summary>Twice the mean, to the nearest unit with ties to even; 0 without samples.</summary>
    public long TwiceMeanHalfEven => Count == 0 ? 0 : (long)Rounding.DivHalfEven(_sum, Count);

    /// <summary>Adds a sample for each of <paramref name="times"/> sample times that passed with these prices.</summary>
    public void Add(Price bid, Price ask, Price index, long times)
    {
        long twice = bid.Units + ask.Units - 2 * index.Units;
        for (long i = Math.Min(times, _capacity); i > 0; i--) Add(twice);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(Count);
        for (int i = 0; i < Count; i++) writer.WriteInt64(_ring[(_start + i) % _ring.Length]);
    }

    public void Read(StateReader reader)
    {
        (_start, Count, _sum) = (0, 0, 0);
        int count = reader.ReadCount(8);
        if (count > _capacity) throw reader.Fault($"{count} basis samples, the window has room for {_capacity}");
        for (int i = 0; i < count; i++) Add(reader.ReadInt64());
    }

    private void Add(long twice)
    {
        if (Count == _capacity)
        {
            _sum -= _ring[_start];
            _start = (_start + 1) % _ring.Length;
            Count--;
        }
        else if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + Count) % _ring.Length] = twice;
        Count++;
        _sum += twice;
    }

    private void Grow()
    {
        long[] larger = new long[Math.Min(_ring.Length * 2, Math.Max(_capacity, _ring.Length + 1))];
        for (int i = 0; i < Count; i++) larger[i] = _ring[(_start + i) % _ring.Length];
        _ring = larger;
        _start = 0;
    }
}
