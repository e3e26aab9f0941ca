using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Exchange;

/// <summary>What random runs have covered; written to the file that CROSSMARGIN_COVERAGE names.</summary>
internal static class Coverage
{
    private static readonly Lock s_lock = new();
    private static readonly SortedDictionary<string, long> s_seen = new(StringComparer.Ordinal);

    public static void Add(string run, OrderRules rules)
    {
        string? file = Environment.GetEnvironmentVariable("CROSSMARGIN_COVERAGE");
        if (file is null) return;
        lock (s_lock)
        {
            foreach ((string what, long count) in rules.Seen)
            {
                string key = $"{run}: {what}";
                s_seen[key] = s_seen.GetValueOrDefault(key) + count;
            }

            File.WriteAllLines(file, s_seen.Select(s => $"{s.Value,10} {s.Key}"));
        }
    }
}
