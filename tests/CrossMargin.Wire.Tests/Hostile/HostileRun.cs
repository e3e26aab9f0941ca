using System.Collections.Concurrent;
using System.Text;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>Sends hostile things over several connections at a time, and counts.</summary>
internal sealed class HostileRun(Uri address, TestAccount attacker, Victim victim, int seed)
{
    private const int Lanes = 6;
    private const int MostFaults = 20;

    private readonly ConcurrentDictionary<string, int> _kinds = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, string> _faults = new();
    private int _frames;

    /// <summary>How many of each kind were sent, and how they were answered.</summary>
    public string Tally => string.Join(", ", _kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {k.Value}"))
        + "; answers " + string.Join(", ", _statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))
        + $"; frames {_frames}";

    /// <summary>One example of each kind of wrong answer.</summary>
    public IEnumerable<string> Faults => _faults.Values;

    /// <summary>Five of six are requests, the rest WebSocket frames.</summary>
    public Task SendAsync(int count, int part) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => LaneAsync(count / Lanes, unchecked((seed * 31) + (part * 97) + lane)))));

    private async Task LaneAsync(int count, int laneSeed)
    {
        var requests = new RequestForge(laneSeed, attacker, victim);
        var sockets = new SocketForge(laneSeed, address, attacker, victim);
        using var connection = new RawConnection(address);
        int frames = 0;
        for (int sent = 0; sent < count;)
        {
            if (frames * 6 <= sent)
            {
                int more = await sockets.NextAsync();
                frames += more;
                sent += more;
                Interlocked.Add(ref _frames, more);
                continue;
            }

            sent++;
            HostileRequest request = requests.Next();
            RawAnswer answer = await connection.ExchangeAsync(request.Bytes, request.EndsThere);
            _kinds.AddOrUpdate(request.Kind, 1, (_, n) => n + 1);
            _statuses.AddOrUpdate(answer.Status, 1, (_, n) => n + 1);
            if (Judge.Objection(request, answer) is not { } objection) continue;
            string shown = Encoding.Latin1.GetString(request.Bytes);
            string report = $"{request.Kind} (seed {laneSeed}): {objection}: {answer}{Environment.NewLine}{(shown.Length > 2000 ? shown[..2000] : shown)}";
            _faults.TryAdd(string.Join(' ', shown.Split(' ', 2)[0], shown.Split(' ', '?').ElementAtOrDefault(1) ?? "", request.Kind, answer.Status), report);
            if (_faults.Count >= MostFaults) return;
        }
    }
}
