using System.Globalization;
using CrossMargin.Load.Measuring;
using CrossMargin.Load.Streams;

namespace CrossMargin.Load.Parts;

/// <summary>Many subscribers of all mark prices each second: what they cost, how late they hear, and whether anything is lost.</summary>
internal static class Subscribers
{
    private const string Stream = "!markPrice@arr@1s";
    private const int OpenedAtOnce = 50;

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(TestBench bench, int count, TimeSpan duration, TextWriter log)
    {
        var meter = new ProcessMeter(bench.Server.Process);
        await Task.Delay(TimeSpan.FromSeconds(2));
        meter.Read();
        await Task.Delay(duration);
        (TimeSpan processor, TimeSpan wall) quiet = meter.Read();

        PriceSubscriber[] subscribers = [.. Enumerable.Range(0, count).Select(_ => new PriceSubscriber())];
        IReadOnlyList<EventSocket> sockets = await OpenAsync(
            count, i => EventSocket.OpenAsync(bench.Server.Address, "/ws/" + Stream, subscribers[i].OnMessage, 4096));
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            long from = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            meter.Read();
            await Task.Delay(duration);
            (TimeSpan processor, TimeSpan wall) busy = meter.Read();
            long to = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1_000;
            return Rows(subscribers, sockets, (from, to), Share(busy), Share(quiet), log);
        }
        finally
        {
            foreach (EventSocket socket in sockets) await socket.DisposeAsync();
        }
    }

    /// <summary>So many at a time, in order.</summary>
    public static async Task<IReadOnlyList<T>> OpenAsync<T>(int count, Func<int, Task<T>> open)
    {
        var opened = new List<T>(count);
        for (int i = 0; i < count; i += OpenedAtOnce)
        {
            opened.AddRange(await Task.WhenAll(Enumerable.Range(i, Math.Min(OpenedAtOnce, count - i)).Select(open)));
        }

        return opened;
    }

    private static List<ResultRow> Rows(
        PriceSubscriber[] subscribers, IReadOnlyList<EventSocket> sockets, (long From, long To) window, double busy, double quiet, TextWriter log)
    {
        var sent = new HashSet<long>(subscribers.SelectMany(s => s.Times).Where(t => t >= window.From && t <= window.To));
        long missing = subscribers.Sum(s => sent.Count(t => !s.Times.Contains(t)));
        var lag = new LatencyHistogram();
        foreach (PriceSubscriber subscriber in subscribers) lag.Add(subscriber.Lag);
        EventSocket[] ended = [.. sockets.Where(s => s.Ended is not null)];
        if (ended.Length > 0) log.WriteLine($"{ended.Length} subscribers were cut off, the first: {ended[0].Ended}");
        string p99 = lag.At(0.99).TotalMilliseconds.ToString("0.##", CultureInfo.InvariantCulture);
        return
        [
            new ResultRow($"processor time of the server with {subscribers.Length:N0} subscribers of {Stream}; baseline: with none",
                busy, "% of a core", quiet),
            new ResultRow($"their lag behind the event time: p50 (p99 {p99} ms; the last of {subscribers.Length:N0} is read after all others)",
                lag.At(0.5).TotalMilliseconds, "ms"),
            new ResultRow($"messages missing, of {sent.Count * (long)subscribers.Length:N0} in {sent.Count} s; cut off {ended.Length}; repeated "
                + $"{subscribers.Sum(s => s.Repeats)}", missing, "", Goal: "0"),
        ];
    }

    private static double Share((TimeSpan Processor, TimeSpan Wall) used) => 100 * (used.Processor / used.Wall);
}
