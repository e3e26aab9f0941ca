namespace CrossMargin.Traders;

/// <summary>Who trades: the strategies of a population and their shares. Read from YAML by <see cref="TraderMixReader"/>.</summary>
public sealed class TraderMix(string source, string text, IReadOnlyList<StrategyShare> strategies)
{
    private const string DefaultResource = "mixes/default.yaml";
    private const string LiveResource = "mixes/live.yaml";
    private static readonly Lazy<TraderMix> s_default = new(() => ReadShipped(DefaultResource));
    private static readonly Lazy<TraderMix> s_live = new(() => ReadShipped(LiveResource));

    /// <summary>File or resource it came from, for messages.</summary>
    public string Source { get; } = source;

    /// <summary>The YAML itself; a run's first record keeps it.</summary>
    public string Text { get; } = text;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<StrategyShare> Strategies { get; } = strategies;

    /// <summary>The mix that comes with the library.</summary>
    public static TraderMix Default => s_default.Value;

    /// <summary>The mix for an exchange that serves clients: steps are seconds, each market has its makers, nobody waits for hours.</summary>
    public static TraderMix Live => s_live.Value;

    /// <summary>The text of <see cref="Default"/>, as a start for one's own.</summary>
    public static string DefaultText() => TextOf(DefaultResource);

    private static string TextOf(string resource)
    {
        using Stream stream = typeof(TraderMix).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the library was built without {resource}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static TraderMix ReadShipped(string resource)
    {
        TraderMixResult result = TraderMixReader.Read(TextOf(resource), resource[(resource.IndexOf('/') + 1)..]);
        return result.Mix ?? throw new InvalidOperationException("the shipped mix is broken: " + result.Error);
    }
}

/// <summary>What reading a mix gave: the mix, or one line that names source, line number, value and what was expected.</summary>
public readonly record struct TraderMixResult(TraderMix? Mix, string? Error);
