using CrossMargin.Embedded.History;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Simulate;

namespace CrossMargin.Server.Serve;

/// <summary>The options of <c>serve</c>, read and checked.</summary>
public sealed record ServeOptions
{
    public const int DefaultPort = 8080;
    public const int DefaultTraders = 200;
    public const string DefaultFolder = "data";
    public const string DefaultBind = "127.0.0.1";

    /// <summary>Null: nothing is kept.</summary>
    public string? Folder { get; init; }

    /// <summary>Addresses to listen at, each with its scheme and port.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Null: as it was, or the shipped one.</summary>
    public VenueProfile? Profile { get; init; }

    /// <summary>Null: as it was.</summary>
    public FeedChoice? Feed { get; init; }

    /// <summary>Null: as they were.</summary>
    public int? Traders { get; init; }

    /// <summary>Null: as it is.</summary>
    public bool? House { get; init; }

    public bool Limits { get; init; }

    /// <summary>Null: as it was.</summary>
    public decimal? Speed { get; init; }

    public HistoryMode History { get; init; }

    /// <summary>Read-only: the state after this command; or null.</summary>
    public long? Until { get; init; }

    public int KeepDays { get; init; }

    public bool Demo { get; init; }

    public bool JsonLogs { get; init; }

    /// <summary>Whatever cannot be used is a <see cref="BadInputException"/>.</summary>
    public static ServeOptions Read(ServeTexts texts)
    {
        if (texts.Ephemeral && texts.Data is not null) throw new BadInputException("--ephemeral: nothing is kept, so --data cannot be given with it");
        if (texts.Urls is not null && (texts.Port ?? texts.Bind) is not null) throw new BadInputException("--urls: stands instead of --port and --bind");
        long? until = texts.Until is { } command ? OptionText.Whole("--until", command, 0, long.MaxValue) : null;
        if (until is not null && texts.Ephemeral) throw new BadInputException("--until: an exchange that keeps nothing has no old state");
        string history = OptionText.OneOf("--history", texts.History ?? "all", "all", "trades", "none");
        _ = HistoryModes.TryParse(history, out HistoryMode mode);
        return new ServeOptions
        {
            Folder = texts.Ephemeral ? null : texts.Data ?? DefaultFolder,
            Urls = ReadUrls(texts),
            Profile = texts.Profile is { } profile ? RunProfile.Find("--profile", profile) : null,
            Feed = ReadFeed(texts.Feed),
            Traders = texts.Traders is { } traders ? (int)OptionText.Whole("--traders", traders, 0, RunRequest.MostTraders) : null,
            House = texts.House is { } house ? OnOff("--house", house) : null,
            Limits = texts.Limits is null || OnOff("--limits", texts.Limits),
            Speed = texts.Speed is { } speed ? ReadSpeed(speed) : null,
            History = mode,
            Until = until,
            KeepDays = texts.KeepDays is { } days ? (int)OptionText.Whole("--keep-days", days, 0, 36_500) : 0,
            Demo = texts.Demo is null || OnOff("--demo", texts.Demo),
            JsonLogs = OptionText.OneOf("--log-format", texts.LogFormat ?? "text", "text", "json") == "json",
        };
    }

    private static bool OnOff(string option, string text) => OptionText.OneOf(option, text, "on", "off") == "on";

    private static string[] ReadUrls(ServeTexts texts)
    {
        if (texts.Urls is null)
        {
            long port = texts.Port is { } text ? OptionText.Whole("--port", text, 0, 65_535) : DefaultPort;
            string host = texts.Bind ?? DefaultBind;
            if (!System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address)) throw OptionText.Wrong("--bind", host, "an IP address");
            bool six = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            return [$"http://{(six ? $"[{address}]" : address)}:{port}"];
        }

        string[] urls = OptionText.Names("--urls", texts.Urls);
        foreach (string url in urls)
        {
            bool fits = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/";
            if (!fits) throw OptionText.Wrong("--urls", url, "an address such as http://127.0.0.1:8080");
        }

        return urls;
    }

    private static FeedChoice? ReadFeed(IReadOnlyList<string>? words) => words switch
    {
        null or [] => null,
        ["synthetic"] => new FeedChoice(FeedKind.Synthetic, null, 1),
        ["push"] => new FeedChoice(FeedKind.Push, null, 0),
        ["replay", var file] => new FeedChoice(FeedKind.Replay, Path.GetFullPath(file), 1),
        ["replay"] => throw new BadInputException("--feed: replay needs a file"),
        _ => throw OptionText.Wrong("--feed", string.Join(' ', words), "synthetic, push or replay FILE"),
    };

    private static decimal ReadSpeed(string text) =>
        decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out decimal speed)
            ? speed
            : throw OptionText.Wrong("--speed", text, "a decimal number");
}

/// <summary>The options of <c>serve</c> as they were typed; null where one was not given.</summary>
public sealed record ServeTexts
{
    public string? Port { get; init; }
    public string? Bind { get; init; }
    public string? Urls { get; init; }
    public string? Data { get; init; }
    public bool Ephemeral { get; init; }
    public string? Profile { get; init; }
    public IReadOnlyList<string>? Feed { get; init; }
    public string? Traders { get; init; }
    public string? House { get; init; }
    public string? Limits { get; init; }
    public string? Speed { get; init; }
    public string? History { get; init; }
    public string? Until { get; init; }
    public string? KeepDays { get; init; }
    public string? Demo { get; init; }
    public string? LogFormat { get; init; }
}
