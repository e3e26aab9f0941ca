namespace CrossMargin.Architecture.Tests;

/// <summary>One of each fault that the scan must find; compiled, never run.</summary>
public static class PlantedFaults
{
    public static readonly double FloatField = 0;

    public static long FloatCast(long x) => (long)(x * 1.5);

    public static float FloatParameter(float x) => x;

    public static long Clock() => DateTime.UtcNow.Ticks;

    public static long Chance() => new Random(1).NextInt64();

    public static void Thread() => System.Threading.Thread.Yield();

    public static int Hash(string text) => text.GetHashCode(StringComparison.Ordinal);

    public static long DictionaryLoop(Dictionary<int, long> d)
    {
        long sum = 0;
        foreach (KeyValuePair<int, long> pair in d) sum += pair.Value;
        return sum;
    }

    public static long DictionaryValues(Dictionary<int, long> d) => d.Values.First();

    public static long DictionaryLinq(Dictionary<int, long> d) => d.Where(p => p.Key > 0).Sum(p => p.Value);

    public static int SetLoop(HashSet<int> s)
    {
        int sum = 0;
        foreach (int x in s) sum += x;
        return sum;
    }

    public static string FileRead() => File.ReadAllText("x");

    /// <summary>Look-ups are allowed.</summary>
    public static long Innocent(Dictionary<int, long> d) => d.TryGetValue(1, out long v) ? v : d.Count;
}
