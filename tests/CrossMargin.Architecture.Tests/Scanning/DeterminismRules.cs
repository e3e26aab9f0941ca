namespace CrossMargin.Architecture.Tests.Scanning;

/// <summary>
/// What may not occur in the deterministic assemblies: floating point, clocks, random sources, threads, unordered iteration, hash codes
/// that differ between processes, and files. Each rule names what to use instead.
/// </summary>
public static class DeterminismRules
{
    private static readonly (string Prefix, string Instead)[] Calls =
    [
        ("System.DateTime.get_UtcNow", "the command's Timestamp"),
        ("System.DateTime.get_Now", "the command's Timestamp"),
        ("System.DateTime.get_Today", "the command's Timestamp"),
        ("System.DateTimeOffset.get_UtcNow", "the command's Timestamp"),
        ("System.DateTimeOffset.get_Now", "the command's Timestamp"),
        ("System.TimeProvider.", "the command's Timestamp"),
        ("System.Environment.get_Tick", "the command's Timestamp"),
        ("System.Environment.", "a setting"),
        ("System.Diagnostics.Stopwatch.", "the command's Timestamp"),
        ("System.Random.", "CounterRandom"),
        ("System.Guid.NewGuid", "an id from a counter"),
        ("System.Security.Cryptography.RandomNumberGenerator.", "CounterRandom"),
        ("System.HashCode.", "a hash of its own that is the same in every process"),
        ("System.String.GetHashCode", "a hash of its own that is the same in every process"),
        ("System.Threading.", "messages between actors"),
        ("System.Threading.Tasks.", "messages between actors"),
        ("System.GC.", "nothing"),
        ("System.Double.", "integers"),
        ("System.Single.", "integers"),
    ];

    private static readonly (string Prefix, string Instead)[] Files =
    [
        ("System.IO.File.", "a stream given by the host"),
        ("System.IO.FileStream.", "a stream given by the host"),
        ("System.IO.FileInfo.", "a stream given by the host"),
        ("System.IO.Directory.", "a stream given by the host"),
        ("System.IO.DirectoryInfo.", "a stream given by the host"),
    ];

    private static readonly string[] Unordered =
        ["System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Concurrent.Concurrent"];

    /// <summary>The violations among the uses, one line each.</summary>
    public static List<string> Violations(IEnumerable<Use> uses, bool mayReadFiles)
    {
        var found = new List<string>();
        foreach (Use use in uses)
        {
            string? why = Fault(use.What, mayReadFiles);
            if (why is not null) found.Add($"{use.Where}: {use.What}; {why}");
        }

        return [.. found.Distinct()];
    }

    private static string? Fault(string what, bool mayReadFiles)
    {
        if (what.StartsWith("float ", StringComparison.Ordinal)) return "no floating point: use integers";
        if (what.StartsWith("type ", StringComparison.Ordinal))
        {
            return HasWord(what, "System.Double") || HasWord(what, "System.Single") || HasWord(what, "System.Half")
                ? "no floating point: use integers" : null;
        }

        if (what.StartsWith("generic ", StringComparison.Ordinal))
        {
            if (HasWord(what, "System.Double") || HasWord(what, "System.Single")) return "no floating point: use integers";
            return what.Contains("System.Collections.Generic.KeyValuePair`2", StringComparison.Ordinal)
                ? "iterates a dictionary through LINQ: use a sorted array or a list" : null;
        }

        string call = what["call ".Length..];
        if (Unordered.Any(t => call.StartsWith(t, StringComparison.Ordinal)) && Iterates(call))
        {
            return "iterates in no defined order: use a sorted array or a list";
        }

        foreach ((string prefix, string instead) in Calls)
        {
            if (call.StartsWith(prefix, StringComparison.Ordinal)) return "use " + instead;
        }

        if (mayReadFiles) return null;
        foreach ((string prefix, string instead) in Files)
        {
            if (call.StartsWith(prefix, StringComparison.Ordinal)) return "use " + instead;
        }

        return null;
    }

    private static bool Iterates(string call) =>
        call.EndsWith(".GetEnumerator", StringComparison.Ordinal) || call.EndsWith(".get_Keys", StringComparison.Ordinal)
        || call.EndsWith(".get_Values", StringComparison.Ordinal) || call.EndsWith(".CopyTo", StringComparison.Ordinal)
        || call.Contains("Enumerator", StringComparison.Ordinal);

    private static bool HasWord(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.Ordinal);
        while (at >= 0)
        {
            int end = at + word.Length;
            if (end == text.Length || !char.IsLetterOrDigit(text[end])) return true;
            at = text.IndexOf(word, end, StringComparison.Ordinal);
        }

        return false;
    }
}
