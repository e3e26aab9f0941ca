using CrossMargin.Conformance;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Directory;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.History;
using CrossMargin.TestKit.Cluster;

namespace CrossMargin.Nodes.Tests.Conformance;

/// <summary>Three nodes in this process, with the real pumps, and a gateway over them. Time is told to the markets as the feed would.</summary>
internal sealed class LocalClusterHost : IConformanceHost
{
    private readonly ClusterEvents _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterSettings _settings;
    private readonly SettingsDirectory _directory;
    private readonly Task _time;
    private long _command = Random.Shared.NextInt64(1L << 32, 1L << 60);
    private int _account;
    private int _market;

    public LocalClusterHost()
    {
        Cluster = new LocalCluster(ConformanceVenue.Profile, 3);
        Cluster.Committed += _events.Publish;
        var calls = new LocalCalls(Cluster);
        Gateway = new ClusterGateway(ConformanceVenue.Profile, calls, TakeCommand);
        History = new ClusterHistory(ConformanceVenue.Profile, calls);
        _settings = new ClusterSettings(new LocalDirectory(Cluster.Store));
        _settings.StartAsync().GetAwaiter().GetResult();
        _directory = new SettingsDirectory(_settings, SecretProtection.Over(new SettingsXmlRepository(_settings)), TimeProvider.System);
        _time = Task.Run(TellTimeAsync);
    }

    public LocalCluster Cluster { get; }

    /// <summary>It lives as long as the process.</summary>
    public bool IsShared { get; init; }

    public HostFeatures Features => HostFeatures.CommandsOnce;
    public IExchangeGateway Gateway { get; }
    public IEventStream Events => _events;
    public IExchangeHistory History { get; }
    public IAccountDirectory Directory => _directory;
    public ISettingsStore Settings => _settings;

    public MarketId TakeMarket() => new(Interlocked.Increment(ref _market));

    public AccountId TakeAccount() => new(Interlocked.Increment(ref _account));

    public CommandId TakeCommand() => new(Interlocked.Increment(ref _command));

    public async Task SetIndexAsync(MarketId market, Price index)
    {
        var body = new SetIndexPrice { Market = market, Index = index };
        await Cluster.SubmitAsync(Message.Of(ActorId.Client, ActorId.Of(market), CommandId.None, body));
        long began = Environment.TickCount64;
        while (!Cluster.KnowsIndex(market, index))
        {
            Assert.True(Environment.TickCount64 - began < 30_000, $"not every node knows the price of {market}");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsShared) return;
        await _stop.CancelAsync();
        await _time;
        _directory.Dispose();
        await _settings.DisposeAsync();
        Cluster.Dispose();
        _events.Dispose();
    }

    private async Task TellTimeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var time = new AdvanceTime { Now = Cluster.Clock.Now };
            IEnumerable<ActorId> told = Enumerable.Range(1, Volatile.Read(ref _market)).Select(m => ActorId.Of(new MarketId(m))).Append(ActorId.Fund);
            await Task.WhenAll(told.Select(to => Cluster.SubmitAsync(Message.Of(ActorId.Client, to, CommandId.None, time))));
            await Task.Delay(100);
        }
    }
}

/// <summary>One cluster for all tests of the suite: its nodes ask every market before they begin.</summary>
public sealed class LocalClusterConformance : ExchangeConformance
{
    private static readonly Lazy<LocalClusterHost> s_shared = new(() => new LocalClusterHost { IsShared = true });

    protected override Task<IConformanceHost> StartAsync() => Task.FromResult<IConformanceHost>(s_shared.Value);
}
