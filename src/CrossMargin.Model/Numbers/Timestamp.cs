namespace CrossMargin.Model;

/// <summary>A moment of exchange time: Unix milliseconds, UTC. Set by the host on each command; the engine never reads a clock.</summary>
public readonly record struct Timestamp(long Milliseconds) : IComparable<Timestamp>
{
    public int CompareTo(Timestamp other) => Milliseconds.CompareTo(other.Milliseconds);

    public Timestamp AddMilliseconds(long ms) => new(Milliseconds + ms);

    /// <summary>Milliseconds from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static long operator -(Timestamp a, Timestamp b) => a.Milliseconds - b.Milliseconds;
    public static bool operator <(Timestamp a, Timestamp b) => a.Milliseconds < b.Milliseconds;
    public static bool operator >(Timestamp a, Timestamp b) => a.Milliseconds > b.Milliseconds;
    public static bool operator <=(Timestamp a, Timestamp b) => a.Milliseconds <= b.Milliseconds;
    public static bool operator >=(Timestamp a, Timestamp b) => a.Milliseconds >= b.Milliseconds;

    /// <summary>ISO 8601 with milliseconds ("2021-05-19T12:05:00.000Z").</summary>
    public override string ToString() =>
        DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}
