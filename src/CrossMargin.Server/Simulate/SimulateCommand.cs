using System.CommandLine;
using CrossMargin.Server.Simulate.Scenarios;

namespace CrossMargin.Server.Simulate;

/// <summary><c>simulate</c>: runs a crash with simulated traders to its end, and reports on it.</summary>
public static class SimulateCommand
{
    // Values are read as text, so that each has a message of its own.
    private static readonly Option<string[]> s_prices = new("--prices")
    {
        Description = "Recorded candles to replay (CSV, gzip or zip): time,symbol,open,high,low,close,volume, or Binance klines, one file a symbol. "
            + "Without: a generated crash of one day.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> s_from = Text("--from", "TIME", "First bar: 2021-05-18, 2021-05-18T12:00 (UTC) or Unix milliseconds.");
    private static readonly Option<string> s_to = Text("--to", "TIME", "Bars that open before this moment.");
    private static readonly Option<string> s_symbols = Text("--symbols", "A,B,C", "Only these markets.");
    private static readonly Option<string> s_ticks = Text("--ticks-per-bar", "N", "Index prices that a bar becomes (20).");
    private static readonly Option<string> s_speed = Text("--speed", "N", "0: as fast as it goes (the default); N: N times as fast as real time.");
    private static readonly Option<string> s_traders = Text("--traders", "N", "Simulated traders (10000).");
    private static readonly Option<string> s_mix = Text("--mix", "FILE.yaml", "Who they are; without: the shipped mix.");
    private static readonly Option<string> s_seed = Text("--seed", "N", "Everything random follows from it (1).");
    private static readonly Option<string> s_profile = Text("--profile", "NAME|FILE", "The venue's rules: binance (the default), simple, or a JSON file.");
    private static readonly Option<string> s_journal = Text(
        "--journal", "DIR", "Folder of the journal; an unfinished run there is resumed. Without: a new folder under ./runs/.");
    private static readonly Option<bool> s_ephemeral = new("--ephemeral") { Description = "Keep no journal." };
    private static readonly Option<string> s_report = Text("--report", "DIR", "Folder of report.html and report.json; without: that of the journal.");
    private static readonly Option<string> s_funding = Text("--funding", "FILE", "Recorded funding rates: time,symbol,funding_rate.");
    private static readonly Option<string> s_scenario = Text(
        "--scenario", "NAME", "A small scripted run instead: " + string.Join(" or ", ScenarioCatalog.All.Select(s => s.Name)) + ".");
    private static readonly Option<string> s_history = Text("--history", "WHAT", "What is kept for each account: all (the default), trades or none.");

    public static System.CommandLine.Command Create()
    {
        var command = new System.CommandLine.Command("simulate", "Runs a crash with simulated traders and reports on it.");
        foreach (Option option in (Option[])[s_prices, s_from, s_to, s_symbols, s_ticks, s_speed, s_traders, s_mix, s_seed, s_profile])
        {
            command.Options.Add(option);
        }

        foreach (Option option in (Option[])[s_journal, s_ephemeral, s_report, s_funding, s_scenario, s_history]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            using var stop = new StopSignal();
            return new Simulation(SimulationHost.Of(streams.Output, streams.Error)).Run(Options(parsed), stop.Token);
        });
        return command;
    }

    private static Option<string> Text(string name, string help, string description) => new(name) { HelpName = help, Description = description };

    private static SimulateOptions Options(ParseResult parsed) => new()
    {
        Prices = parsed.GetValue(s_prices) is { Length: > 0 } prices ? prices : null,
        From = parsed.GetValue(s_from),
        To = parsed.GetValue(s_to),
        Symbols = parsed.GetValue(s_symbols),
        TicksPerBar = parsed.GetValue(s_ticks),
        Speed = parsed.GetValue(s_speed),
        Traders = parsed.GetValue(s_traders),
        Mix = parsed.GetValue(s_mix),
        Seed = parsed.GetValue(s_seed),
        Profile = parsed.GetValue(s_profile),
        Journal = parsed.GetValue(s_journal),
        Ephemeral = parsed.GetValue(s_ephemeral),
        Report = parsed.GetValue(s_report),
        Funding = parsed.GetValue(s_funding),
        Scenario = parsed.GetValue(s_scenario),
        History = parsed.GetValue(s_history),
    };
}
