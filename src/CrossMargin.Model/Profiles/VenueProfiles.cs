namespace CrossMargin.Model;

/// <summary>The profiles that come with the library. Thread-safe; each is read once, when first asked for.</summary>
public static class VenueProfiles
{
    private static readonly string[] s_names = ["binance", "simple"];
    private static readonly Lazy<VenueProfile>[] s_profiles = [.. s_names.Select(name => new Lazy<VenueProfile>(() => Load(name)))];

    /// <summary>Names of the shipped profiles, in alphabetical order.</summary>
    public static IReadOnlyList<string> ShippedNames { get; } = Array.AsReadOnly(s_names);

    /// <summary>The default profile: Binance USD-M.</summary>
    public static VenueProfile Binance => s_profiles[0].Value;

    /// <summary>Three markets with round numbers, for tests and examples.</summary>
    public static VenueProfile Simple => s_profiles[1].Value;

    /// <summary>A shipped profile by its name (case matters).</summary>
    public static bool TryShipped(string name, out VenueProfile profile)
    {
        int index = Array.IndexOf(s_names, name);
        profile = index < 0 ? null! : s_profiles[index].Value;
        return index >= 0;
    }

    /// <summary>The JSON of a shipped profile, as a start for one's own.</summary>
    public static bool TryShippedText(string name, out string json)
    {
        json = Array.IndexOf(s_names, name) < 0 ? "" : Text(name);
        return json.Length > 0;
    }

    private static VenueProfile Load(string name)
    {
        ProfileReadResult result = VenueProfileReader.Read(Text(name), name);
        return result.Profile ?? throw new InvalidOperationException("a shipped profile is broken: " + string.Join("; ", result.Errors));
    }

    private static string Text(string name)
    {
        using Stream stream = typeof(VenueProfiles).Assembly.GetManifestResourceStream($"profiles/{name}.json")
            ?? throw new InvalidOperationException($"the library was built without the profile {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
