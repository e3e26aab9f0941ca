using System.Net;
using CrossMargin.Load.Bare;
using CrossMargin.Load.Generator;
using CrossMargin.Load.Measuring;
using CrossMargin.Load.Server;

namespace CrossMargin.Load.Tests;

/// <summary>Generator and bare endpoint against each other, each in its process.</summary>
public sealed class OrderGeneratorTests : IDisposable
{
    private static readonly ApiKey s_key = new("key0", "secret0");

    private readonly ChildServer _bare = ChildServer.Start(
        "CrossMargin.Load.dll", ["bare"], new Dictionary<string, string> { [BareEndpoint.SecretVariable] = s_key.Secret });

    [Fact]
    public void RunClosed_RightKey_EachIsAnsweredWithoutRefusal()
    {
        using OrderGenerator generator = Generator(s_key);
        RunResult result = generator.RunClosed(TimeSpan.FromMilliseconds(300));
        Assert.True(result.Count > 0);
        Assert.Empty(result.Refusals);
        Assert.Equal(result.Count, result.Latency.Count);
    }

    [Fact]
    public void RunClosed_WrongSecret_EachIsRefused()
    {
        using OrderGenerator generator = Generator(s_key with { Secret = "other" });
        RunResult result = generator.RunClosed(TimeSpan.FromMilliseconds(300));
        Assert.Equal(result.Count, result.Refusals[(400, -1022)]);
    }

    [Fact]
    public void RunOpen_Plan_EachIsSentOnceAndMeasuredFromThePlan()
    {
        using OrderGenerator generator = Generator(s_key);
        SendSchedule plan = SendSchedule.Poisson(500, TimeSpan.FromMilliseconds(500), seed: 1);
        for (int run = 0; run < 2; run++)
        {
            RunResult result = generator.RunOpen(plan, TimeSpan.FromMinutes(1));
            Assert.Equal((plan.Count, 0), (result.Count, result.Unanswered));
            Assert.Equal(plan.Count, result.Lateness.Count);
            Assert.True(result.Latency.At(0.5) >= result.Lateness.At(0.5));
            Assert.True(result.Elapsed >= plan[plan.Count - 1]);
        }
    }

    public void Dispose() => _bare.Dispose();

    private OrderGenerator Generator(ApiKey key)
    {
        var market = new MarketTerms("BTCUSDT", "100", "97", "103", "0.1");
        var server = new IPEndPoint(IPAddress.Loopback, _bare.Address.Port);
        return new OrderGenerator([.. Enumerable.Range(0, 4).Select(i => new OrderConnection(
            server, new OrderScript(_bare.Address.Authority, key, market, i % 2 == 0, $"r{i}x", TimeProvider.System)))]);
    }
}
