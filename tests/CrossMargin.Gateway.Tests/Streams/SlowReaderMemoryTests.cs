using System.Net.WebSockets;
using System.Text;
using CrossMargin.Gateway.Binance.Streams;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>Tests that measure the memory of the whole process: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class MemoryMeasuring
{
    public const string Name = "measures memory";
}

[Collection(MemoryMeasuring.Name)]
public sealed class SlowReaderMemoryTests
{
    [Fact]
    public async Task SlowReaders_ManyThatNeverReadAgain_AreCutAndHoldNoMemory()
    {
        const int Slow = 20;
        var options = new StreamOptions { MaxQueuedBytes = 256 << 10, CloseGrace = TimeSpan.FromMilliseconds(200) };
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3, options: options));
        using ClientWebSocket good = await server.ConnectAsync("/ws/!ticker@arr");
        StreamTopic topic = Topic(server);
        await StreamWorld.UntilAsync(() => topic.Topic.Listeners().Length == 1);
        var slow = new List<ClientWebSocket>();
        for (int i = 0; i < Slow; i++) slow.Add(await server.ConnectAsync("/ws/!ticker@arr"));
        await StreamWorld.UntilAsync(() => topic.Topic.Listeners().Length == Slow + 1);
        StreamConnection[] listeners = topic.Topic.Listeners();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int sent = 0;
        for (; listeners.Count(l => l.IsEnding) < Slow; sent++)
        {
            // Each its own bytes: what a queue holds is memory of its own.
            byte[] frame = Encoding.UTF8.GetBytes($"\"{new string('x', 32 << 10)}\"");
            topic.Topic.Publish(frame);
            Assert.NotNull(await StreamServer.ReceiveAsync(good));
            Assert.True(sent < 20_000, "not all slow readers were cut");
            Assert.All(listeners, l => Assert.InRange(l.QueuedFrames, 0, options.MaxQueuedBytes / (32 << 10)));
        }

        Assert.All(listeners.Where(l => l.IsEnding), l => Assert.StartsWith("slow reader", l.CloseReason, StringComparison.Ordinal));
        await StreamWorld.UntilAsync(() => server.World.Streams.Connections.Count == 1);
        Assert.Single(topic.Topic.Listeners());
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < Slow * options.MaxQueuedBytes, $"{grown} bytes are held after {sent} frames");
        foreach (ClientWebSocket client in slow) client.Dispose();
    }

    private static StreamTopic Topic(StreamServer server)
    {
        Assert.True(server.World.Streams.Markets.Topics.TryFind("!ticker@arr", out StreamTopic topic));
        return topic;
    }
}
