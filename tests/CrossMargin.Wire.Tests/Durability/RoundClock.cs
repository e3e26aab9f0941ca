using System.Diagnostics;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>
/// Decides when a round ends: with the request that is the last one to be acknowledged, the server is killed while the other lanes'
/// requests are under way. Counts, and says to the lanes whether a broken connection was to be expected.
/// </summary>
internal sealed class RoundClock
{
    private readonly Lock _lock = new();
    private ServerProcess? _server;
    private bool _kills;
    private long _left;
    private long _begun;

    /// <summary>The server was killed or is about to be, or the last round is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Requests that were answered, in all rounds.</summary>
    public long Total { get; private set; }

    /// <summary>Time in which the lanes ran, in all rounds.</summary>
    public TimeSpan Trading { get; private set; }

    /// <summary>Answers a second so far.</summary>
    public double Rate => Trading > TimeSpan.Zero ? Total / Trading.TotalSeconds : 0;

    /// <param name="kills">False: the lanes just stop.</param>
    public void Begin(ServerProcess server, long answers, bool kills)
    {
        (_server, _left, _kills, IsOver, _begun) = (server, answers, kills, false, Stopwatch.GetTimestamp());
    }

    public void Acknowledged()
    {
        lock (_lock)
        {
            if (IsOver) return;
            Total++;
            if (--_left > 0) return;
            IsOver = true;
            Trading += Stopwatch.GetElapsedTime(_begun);
            if (_kills) _server!.Kill();
        }
    }
}
