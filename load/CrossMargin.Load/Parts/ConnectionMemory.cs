using System.Net;
using System.Net.Sockets;
using CrossMargin.Load.Measuring;
using CrossMargin.Load.Streams;

namespace CrossMargin.Load.Parts;

/// <summary>What the server's resident memory grows by for each open connection: what it costs the first time, when nothing is pooled yet.</summary>
internal static class ConnectionMemory
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(TestBench bench, int count)
    {
        var meter = new ProcessMeter(bench.Server.Process);
        await Task.Delay(s_settle);
        long before = meter.Resident;
        IReadOnlyList<Socket> idle = await Subscribers.OpenAsync(count, _ => PingAsync(bench.Server.Address));
        await Task.Delay(s_settle);
        long withIdle = meter.Resident;
        foreach (Socket socket in idle) socket.Dispose();
        await Task.Delay(s_settle);

        long released = meter.Resident;
        IReadOnlyList<EventSocket> sockets = await Subscribers.OpenAsync(
            count, _ => EventSocket.OpenAsync(bench.Server.Address, "/ws", _ => { }, 4096));
        await Task.Delay(s_settle);
        long withSockets = meter.Resident;
        foreach (EventSocket socket in sockets) await socket.SubscribeAsync("!markPrice@arr@1s");
        await Task.Delay(s_settle + s_settle);
        long withSubscribers = meter.Resident;
        foreach (EventSocket socket in sockets) await socket.DisposeAsync();
        return
        [
            Row($"memory of an idle keep-alive connection, of {count:N0} (resident, grown)", withIdle - before, count),
            Row("memory of a WebSocket without subscription", withSockets - Math.Min(released, before), count),
            Row("memory of a WebSocket with one subscription", withSubscribers - Math.Min(released, before), count),
            new ResultRow("resident memory of the server before them", before / 1048576.0, "MiB"),
        ];
    }

    private static ResultRow Row(string what, long bytes, int count) => new(what, bytes / 1024.0 / count, "KiB");

    private static async Task<Socket> PingAsync(Uri server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        await socket.SendAsync("GET /fapi/v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        if (await socket.ReceiveAsync(new byte[1024]) == 0) throw new InvalidDataException("the server closed an idle connection");
        return socket;
    }
}
