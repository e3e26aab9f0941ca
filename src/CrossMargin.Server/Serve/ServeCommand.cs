using System.CommandLine;

namespace CrossMargin.Server.Serve;

/// <summary><c>serve</c>, which is also what the program does without a command.</summary>
public static class ServeCommand
{
    private static readonly Option<string> s_port = Text("--port", "N", "Port (8080); 0: one that is free.");
    private static readonly Option<string> s_bind = Text("--bind", "ADDRESS", "IP address to listen at (127.0.0.1: this machine only; 0.0.0.0: everybody).");
    private static readonly Option<string> s_urls = Text("--urls", "URL,URL", "Addresses to listen at, instead of --port and --bind.");
    private static readonly Option<string> s_data = Text("--data", "DIR", "Folder of journal, history and keys (data).");
    private static readonly Option<bool> s_ephemeral = new("--ephemeral") { Description = "Keep nothing." };
    private static readonly Option<string> s_profile = Text("--profile", "NAME|FILE",
        "The rules of a new exchange: binance (the default), simple, or a JSON file.");
    private static readonly Option<string[]> s_feed = new("--feed")
    {
        Description = "Prices: synthetic (the default), replay FILE, or push. Without: as it was.",
        HelpName = "FEED",
        AllowMultipleArgumentsPerToken = true,
        Arity = new ArgumentArity(1, 2),
    };

    private static readonly Option<string> s_traders = Text("--traders", "N", "Simulated traders (200). Without: as many as there were.");
    private static readonly Option<string> s_house = Text("--house", "on|off", "House liquidity in all markets. Without: as it was.");
    private static readonly Option<string> s_limits = Text("--limits", "on|off", "Limits on requests and orders (on).");
    private static readonly Option<string> s_speed = Text("--speed", "N", "Exchange time passes N times as fast as the wall clock. Without: as it did.");
    private static readonly Option<string> s_history = Text("--history", "WHAT", "What is kept for each account: all (the default), trades or none.");
    private static readonly Option<string> s_until = Text("--until", "N", "Only look: the state after command N of the journal, read-only.");
    private static readonly Option<string> s_keepDays = Text("--keep-days", "N",
        "Drop commands older than N days once a snapshot stands in for them; 0: never (the default).");
    private static readonly Option<string> s_demo = Text("--demo", "on|off", "A demo account with 100,000 to try things with (on).");
    private static readonly Option<string> s_logs = Text("--log-format", "text|json", "One line a log entry (text), or one JSON object.");

    private static readonly Option[] s_all =
    [
        s_port, s_bind, s_urls, s_data, s_ephemeral, s_profile, s_feed, s_traders, s_house, s_limits, s_speed, s_history, s_until, s_keepDays, s_demo, s_logs,
    ];

    /// <summary>Adds <c>serve</c>, and makes it what happens without a command.</summary>
    public static void AddTo(RootCommand root)
    {
        var command = new Command("serve", "Starts the exchange: real Binance clients trade against it.");
        root.Subcommands.Add(command);
        foreach (Command each in (Command[])[root, command])
        {
            foreach (Option option in s_all) each.Options.Add(option);
            each.SetAction(parsed =>
            {
                InvocationConfiguration streams = parsed.InvocationConfiguration;
                return new ServeRun(streams.Output, streams.Error).RunAsync(Texts(parsed)).GetAwaiter().GetResult();
            });
        }
    }

    private static Option<string> Text(string name, string help, string description) => new(name) { HelpName = help, Description = description };

    private static ServeTexts Texts(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(s_port),
        Bind = parsed.GetValue(s_bind),
        Urls = parsed.GetValue(s_urls),
        Data = parsed.GetValue(s_data),
        Ephemeral = parsed.GetValue(s_ephemeral),
        Profile = parsed.GetValue(s_profile),
        Feed = parsed.GetValue(s_feed) is { Length: > 0 } feed ? feed : null,
        Traders = parsed.GetValue(s_traders),
        House = parsed.GetValue(s_house),
        Limits = parsed.GetValue(s_limits),
        Speed = parsed.GetValue(s_speed),
        History = parsed.GetValue(s_history),
        Until = parsed.GetValue(s_until),
        KeepDays = parsed.GetValue(s_keepDays),
        Demo = parsed.GetValue(s_demo),
        LogFormat = parsed.GetValue(s_logs),
    };
}
