using CrossMargin.Conformance;
using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Directory;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.History;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Grains.Tests.Cluster;

/// <summary>Three silos in this process, and the ports over them as a silo's gateway has them.</summary>
internal sealed class OrleansHost : IConformanceHost
{
    private readonly ExchangeCluster _cluster;
    private readonly ClusterEvents _events = new();
    private readonly ClusterSettings _settings;
    private long _command = Random.Shared.NextInt64(1L << 32, 1L << 60);
    private int _account;
    private int _market;

    private OrleansHost(ExchangeCluster cluster, ClusterCalls calls)
    {
        _cluster = cluster;
        Nodes[0].Committed += _events.Publish;
        Gateway = new ClusterGateway(cluster.Profile, calls, TakeCommand);
        History = new ClusterHistory(cluster.Profile, calls);
        _settings = new ClusterSettings(calls);
    }

    public HostFeatures Features => HostFeatures.CommandsOnce;
    public IExchangeGateway Gateway { get; }
    public IEventStream Events => _events;
    public IExchangeHistory History { get; }
    public IAccountDirectory? Directory => null;
    public ISettingsStore? Settings => _settings;

    private SiloNode[] Nodes => [.. _cluster.Silos.Silos.Select(s => _cluster.Silos.GetSiloServiceProvider(s.SiloAddress).GetRequiredService<SiloNode>())];

    public static async Task<IConformanceHost> StartAsync()
    {
        ExchangeCluster cluster = await ExchangeCluster.StartAsync(3, ConformanceVenue.Profile);
        var host = new OrleansHost(cluster, new ClusterCalls(cluster.Silos.Client));
        await host._settings.StartAsync();
        return host;
    }

    public MarketId TakeMarket() => new(Interlocked.Increment(ref _market));

    public AccountId TakeAccount() => new(Interlocked.Increment(ref _account));

    public CommandId TakeCommand() => new(Interlocked.Increment(ref _command));

    public async Task SetIndexAsync(MarketId market, Price index)
    {
        await _cluster.Silos.Client.GetGrain<IFeedGrain>(0).Push([new PushedPrice(market.Value, index.Units, 0)]);
        long began = Environment.TickCount64;
        while (!Nodes.All(n => n.Watch.Prices.Index(market) == index))
        {
            Assert.True(Environment.TickCount64 - began < 60_000, $"not every node knows the price of {market}");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _settings.DisposeAsync();
        await _cluster.DisposeAsync();
        _events.Dispose();
    }
}

/// <summary>Three silos for the whole suite: each test has markets and accounts of its own.</summary>
public sealed class OrleansConformance : ExchangeConformance
{
    private static readonly Lazy<Task<IConformanceHost>> s_host = new(OrleansHost.StartAsync);

    protected override async Task<IConformanceHost> StartAsync() => new Shared(await s_host.Value);

    private sealed class Shared(IConformanceHost host) : IConformanceHost
    {
        public HostFeatures Features => host.Features;
        public IExchangeGateway Gateway => host.Gateway;
        public IEventStream Events => host.Events;
        public IExchangeHistory History => host.History;
        public IAccountDirectory? Directory => host.Directory;
        public ISettingsStore? Settings => host.Settings;

        public MarketId TakeMarket() => host.TakeMarket();

        public AccountId TakeAccount() => host.TakeAccount();

        public CommandId TakeCommand() => host.TakeCommand();

        public Task SetIndexAsync(MarketId market, Price index) => host.SetIndexAsync(market, index);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
