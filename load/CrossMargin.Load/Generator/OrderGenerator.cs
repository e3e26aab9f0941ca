using System.Diagnostics;
using CrossMargin.Load.Measuring;

namespace CrossMargin.Load.Generator;

/// <summary>
/// Sends signed orders over many connections from one thread, so that it takes as little as it can from the machine it shares with the
/// server. Open loop: by a plan, whatever the server does. Closed loop: the next as soon as the answer is there.
/// </summary>
internal sealed class OrderGenerator : IDisposable
{
    private readonly IReadOnlyList<OrderConnection> _connections;
    private readonly Readiness _readiness;

    public OrderGenerator(IReadOnlyList<OrderConnection> connections)
    {
        _connections = connections;
        _readiness = new Readiness([.. connections.Select(c => c.Socket)]);
    }

    /// <summary>As many as the server answers; one at least.</summary>
    public RunResult RunClosed(TimeSpan duration)
    {
        var result = new RunResult();
        long start = Stopwatch.GetTimestamp();
        foreach (OrderConnection connection in _connections) Send(connection, Stopwatch.GetTimestamp());
        while (result.Count == 0 || Stopwatch.GetElapsedTime(start) < duration)
        {
            if (!_readiness.Wait(TimeSpan.FromMilliseconds(100))) continue;
            ReadOnlySpan<bool> ready = _readiness.Ready;
            for (int i = 0; i < ready.Length; i++)
            {
                if (ready[i] && TryFinish(_connections[i], result)) Send(_connections[i], Stopwatch.GetTimestamp());
            }
        }

        result.Elapsed = Stopwatch.GetElapsedTime(start);
        Drain(_connections.Count);
        return result;
    }

    /// <summary>By the plan. What has no answer so long after the plan's end is given up.</summary>
    public RunResult RunOpen(SendSchedule schedule, TimeSpan patience)
    {
        var result = new RunResult();
        var free = new Queue<OrderConnection>(_connections);
        int next = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan end = (schedule.Count == 0 ? TimeSpan.Zero : schedule[schedule.Count - 1]) + patience;
        while (result.Count < schedule.Count)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(start);
            if (now > end) break;
            while (next < schedule.Count && schedule[next] <= now && free.TryDequeue(out OrderConnection? connection))
            {
                result.Lateness.Add(now - schedule[next]);
                Send(connection, start + (long)(schedule[next++].TotalSeconds * Stopwatch.Frequency));
            }

            bool canSend = next < schedule.Count && free.Count > 0;
            if (!_readiness.Wait(canSend ? schedule[next] - Stopwatch.GetElapsedTime(start) : TimeSpan.FromMilliseconds(100))) continue;
            ReadOnlySpan<bool> ready = _readiness.Ready;
            for (int i = 0; i < ready.Length; i++)
            {
                if (ready[i] && TryFinish(_connections[i], result)) free.Enqueue(_connections[i]);
            }
        }

        result.Elapsed = Stopwatch.GetElapsedTime(start);
        result.Unanswered = schedule.Count - result.Count;
        Drain(_connections.Count - free.Count);
        return result;
    }

    public void Dispose()
    {
        foreach (OrderConnection connection in _connections) connection.Dispose();
    }

    private static void Send(OrderConnection connection, long planned)
    {
        connection.Planned = planned;
        connection.Send();
    }

    private static bool TryFinish(OrderConnection connection, RunResult? result)
    {
        if (!connection.Receive()) return false;
        result?.Add(connection.Status, connection.Code, Stopwatch.GetElapsedTime(connection.Planned));
        connection.Prepare();
        return true;
    }

    // Answers still under way belong to no run: the connections are to be used again.
    private void Drain(int open)
    {
        long start = Stopwatch.GetTimestamp();
        while (open > 0)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30)) throw new TimeoutException($"{open} requests were never answered");
            if (!_readiness.Wait(TimeSpan.FromMilliseconds(100))) continue;
            ReadOnlySpan<bool> ready = _readiness.Ready;
            for (int i = 0; i < ready.Length; i++)
            {
                if (ready[i] && TryFinish(_connections[i], null)) open--;
            }
        }
    }
}
