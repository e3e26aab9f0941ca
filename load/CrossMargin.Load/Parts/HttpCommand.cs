using System.CommandLine;
using CrossMargin.Load.Generator;
using CrossMargin.Load.Measuring;

namespace CrossMargin.Load.Parts;

/// <summary><c>http</c>: measures a server over HTTP and WebSocket on this machine and prints one table.</summary>
internal static class HttpCommand
{
    public static Command Create()
    {
        var parts = new Argument<string[]>("part") { Description = $"Which of {string.Join(", ", HttpOptions.KnownParts)}; all where none is named." };
        parts.AcceptOnlyFromAmong(HttpOptions.KnownParts);
        var rounds = new Option<int>("--rounds") { Description = "Rounds of server and bare endpoint in turn.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "Length of each round.", DefaultValueFactory = _ => 4 };
        var connections = new Option<int>("--connections") { Description = "Connections, one account each.", DefaultValueFactory = _ => 64 };
        var subscribers = new Option<int>("--subscribers") { Description = "WebSockets.", DefaultValueFactory = _ => 2_000 };
        var data = new Option<string?>("--data-root") { Description = "Where the server's data folder is made for the time of the test." };
        var json = new Option<string?>("--json") { Description = "Writes the table as JSON too." };
        var command = new Command("http", "Measures the server against a bare endpoint that only checks the signature.")
        {
            parts, rounds, seconds, connections, subscribers, data, json,
        };
        command.SetAction(async result =>
        {
            var options = new HttpOptions(
                result.GetValue(parts) ?? [], result.GetValue(rounds), result.GetValue(seconds), result.GetValue(connections),
                result.GetValue(subscribers), result.GetValue(data), result.GetValue(json));
            IReadOnlyList<ResultRow> rows = await RunAsync(options, result.InvocationConfiguration.Error);
            ResultTable.Print(rows, result.InvocationConfiguration.Output);
            if (options.Json is not null) ResultTable.WriteJson(rows, options.Json);
            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<ResultRow>> RunAsync(HttpOptions options, TextWriter log)
    {
        var rows = new List<ResultRow>();
        using TestBench bench = await TestBench.StartAsync(options);
        if (options.Has("rate") || options.Has("latency") || options.Has("fill")) await OrdersAsync(bench, options, rows, log);
        if (options.Has("memory")) rows.AddRange(await ConnectionMemory.RunAsync(bench, options.Subscribers));
        if (options.Has("streams"))
        {
            rows.AddRange(await Subscribers.RunAsync(bench, options.Subscribers, TimeSpan.FromSeconds(2.5 * options.Seconds), log));
        }

        return rows;
    }

    private static async Task OrdersAsync(TestBench bench, HttpOptions options, List<ResultRow> rows, TextWriter log)
    {
        using OrderGenerator server = await bench.ServerGeneratorAsync(options.Connections);
        using OrderGenerator bare = bench.BareGenerator(options.Connections);
        (IReadOnlyList<ResultRow> rate, double serverRate, double bareRate) = RateParts.Rate(bench, server, bare, options, log);
        if (options.Has("rate")) rows.AddRange(rate);
        if (options.Has("latency")) rows.AddRange(RateParts.Latency(server, bare, serverRate, bareRate, options, log));
        if (!options.Has("fill")) return;
        TimeSpan duration = TimeSpan.FromSeconds(2 * options.Seconds);
        rows.AddRange(await FillLag.RunAsync(bench, duration, "nothing else going on"));

        // The generator needs a thread of its own: it never waits asynchronously.
        SendSchedule plan = SendSchedule.Poisson(Math.Max(1, serverRate / 2), duration + TimeSpan.FromSeconds(2), 3);
        Task<RunResult> load = Task.Factory.StartNew(() => server.RunOpen(plan, RateParts.Patience), TaskCreationOptions.LongRunning);
        await Task.Delay(TimeSpan.FromSeconds(1));
        rows.AddRange(await FillLag.RunAsync(bench, duration, "at half the greatest rate"));
        await load;
    }
}
