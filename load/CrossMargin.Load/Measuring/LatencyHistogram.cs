using System.Numerics;

namespace CrossMargin.Load.Measuring;

/// <summary>
/// Counts of durations in log-linear buckets: each power of two of nanoseconds is cut into 128 equal parts, so a percentile is at most
/// 1/128 above the true one, in any range and in fixed memory. One writer.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int PartBits = 7;
    private const int Parts = 1 << PartBits;

    private readonly long[] _counts = new long[(64 - PartBits) * Parts];

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    /// <summary>A negative duration counts as zero.</summary>
    public void Add(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) duration = TimeSpan.Zero;
        _counts[BucketOf(Nanoseconds(duration))]++;
        Count++;
        if (duration > Max) Max = duration;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        if (other.Max > Max) Max = other.Max;
    }

    /// <summary>The duration that this share of all (0 … 1) does not pass; zero where nothing was counted.</summary>
    public TimeSpan At(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen < wanted) continue;
            var top = TimeSpan.FromTicks((TopOf(i) / TimeSpan.NanosecondsPerTick) + 1);
            return top < Max ? top : Max;
        }

        return TimeSpan.Zero;
    }

    private static long Nanoseconds(TimeSpan duration) => duration.Ticks * TimeSpan.NanosecondsPerTick;

    private static int BucketOf(long value)
    {
        if (value < Parts) return (int)value;
        int shift = BitOperations.Log2((ulong)value) - PartBits;
        return ((shift + 1) << PartBits) + (int)((value >> shift) - Parts);
    }

    private static long TopOf(int bucket)
    {
        if (bucket < Parts) return bucket;
        int shift = (bucket >> PartBits) - 1;
        long part = (bucket & (Parts - 1)) + Parts;
        return ((part + 1) << shift) - 1;
    }
}
