using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CrossMargin.Load.Cluster;

/// <summary>
/// Waits until every holder of a position is watched by a silo that lives, as the markets know it: all silos that answer see as many silos
/// as answer, all markets are active on them, and none of these has a holder whom nobody watches, for three seconds on end.
/// </summary>
internal sealed class WatchReport(string[] health, int markets) : IDisposable
{
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public void Dispose() => _http.Dispose();

    public async Task ReportAsync(long since)
    {
        long? seen = null; // all silos that answer agree who is there
        long? whole = null;
        int most = 0;
        while (Stopwatch.GetElapsedTime(since) < s_patience)
        {
            State now = await LookAsync();
            long at = Stopwatch.GetTimestamp();
            if (now.IsAgreed) seen ??= at;
            else seen = null;
            most = Math.Max(most, now.Unwatched);
            if (now.IsAgreed && now.Markets == markets && now.Unwatched == 0) whole ??= at;
            else whole = null;
            if (whole is { } steady && Stopwatch.GetElapsedTime(steady) >= s_steady)
            {
                Console.WriteLine(
                    $"  {now.Silos} silos agree after {Seconds(since, seen!.Value)} s, every holder watched after {Seconds(since, steady)} s"
                    + $" (at most {most} unwatched, {now.Pools} pools watched)");
                return;
            }

            await Task.Delay(100);
        }

        State last = await LookAsync();
        Console.WriteLine($"  NOT ALL WATCHED after {s_patience.TotalSeconds} s: {last}");
    }

    private static string Seconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds.ToString("f1", CultureInfo.InvariantCulture);

    private async Task<State> LookAsync()
    {
        JsonElement[] answers = [.. (await Task.WhenAll(health.Select(AskAsync))).OfType<JsonElement>()];
        int Sum(string name) => answers.Sum(a => a.GetProperty(name).GetInt32());
        bool isAgreed = answers.Length > 0 && answers.All(a => a.GetProperty("silos").GetInt32() == answers.Length);
        bool isKnown = answers.All(a => a.GetProperty("unwatchedHolders").GetInt32() >= 0);
        return new State(answers.Length, isAgreed && isKnown, Sum("markets"), Math.Max(0, Sum("unwatchedHolders")), Sum("watched"));
    }

    private async Task<JsonElement?> AskAsync(string address)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync(address));
            return answer.RootElement.GetProperty("checks").GetProperty("exchange").GetProperty("data").Clone();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            return null; // dead: it watches nobody
        }
    }

    private sealed record State(int Silos, bool IsAgreed, int Markets, int Unwatched, int Pools);
}
