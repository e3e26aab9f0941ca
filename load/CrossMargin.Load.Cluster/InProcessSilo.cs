using CrossMargin.Grains;
using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.Pumps;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace CrossMargin.Load.Cluster;

/// <summary>
/// One silo in this process. Its storage is the process's memory, or, where the configuration (environment) names a provider for
/// Orleans:GrainStorage:crossmargin, that one.
/// </summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private long _commands = DateTime.UtcNow.Ticks;

    private InProcessSilo(IHost host, VenueProfile profile, SharedStorage? storage)
    {
        _host = host;
        Profile = profile;
        Memory = storage;
        Node = host.Services.GetRequiredService<SiloNode>();
        Grains = host.Services.GetRequiredService<IGrainFactory>();
        Calls = new ClusterCalls(Grains);
        Gateway = new ClusterGateway(profile, Calls, () => new CommandId(Interlocked.Increment(ref _commands)));
    }

    public VenueProfile Profile { get; }
    public SharedStorage? Memory { get; }
    public SiloNode Node { get; }
    public IGrainFactory Grains { get; }
    public IActorCalls Calls { get; }

    /// <summary>As clients of the HTTP API reach the actors; it also tells them which answers have arrived.</summary>
    public ClusterGateway Gateway { get; }

    public string StorageName =>
        Memory is null ? _host.Services.GetRequiredService<IConfiguration>()["Orleans:GrainStorage:crossmargin:ProviderType"]! : "memory";

    public static async Task<InProcessSilo> StartAsync(VenueProfile profile, int batchInputs = 256)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        bool isConfigured = builder.Configuration["Orleans:GrainStorage:crossmargin:ProviderType"] is not null;
        SharedStorage? storage = isConfigured ? null : new SharedStorage();
        builder.UseOrleans(silo =>
        {
            if (builder.Configuration["Orleans:Clustering:ProviderType"] is null) silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: FreePort());
            if (storage is not null) silo.Services.AddKeyedSingleton<IGrainStorage>("crossmargin", storage);
            silo.AddCrossMargin(o =>
            {
                o.Profile = profile;
                o.BatchInputs = batchInputs;
            });
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new InProcessSilo(host, profile, storage);
    }

    public Task<CommandAnswer> DoAsync<T>(int account, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Calls.SubmitAsync(
            Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(Interlocked.Increment(ref _commands)), body), []);

    public async Task OpenAsync(int account, long depositE8)
    {
        await DoAsync(account, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) });
        await DoAsync(account, new Deposit { Amount = new Amount(depositE8) });
    }

    public Task PriceAsync(int market, string price) => Grains.GetGrain<IFeedGrain>(0).Push([Pushed(Profile, market, price)]);

    public static PushedPrice Pushed(VenueProfile profile, int market, string price) =>
        profile[new MarketId(market)].TryParsePrice(price, DecimalRounding.Exact, out Price index)
            ? new PushedPrice(market, index.Units, 1_000)
            : throw new ArgumentException(price);

    public static PlaceOrder Order(VenueProfile profile, int market, Side side, long lots, string price, TimeInForce tif = TimeInForce.Gtc) => new()
    {
        Market = new MarketId(market),
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = tif,
        Quantity = new Quantity(lots),
        Price = profile[new MarketId(market)].TryParsePrice(price, DecimalRounding.Exact, out Price limit) ? limit : throw new ArgumentException(price),
    };

    /// <summary>Waits until this node has a price of the market to judge by.</summary>
    public async Task UntilPricedAsync(int market)
    {
        while (Node.Watch.Prices.Pause(new MarketId(market)) != PauseReason.None) await Task.Delay(20);
    }

    public (long Writes, long Messages) Counts()
    {
        long writes = 0;
        long messages = 0;
        foreach (ActorPump pump in Node.Pumps)
        {
            writes += pump.Counters.Writes;
            messages += pump.Counters.Messages;
        }

        return (writes, messages);
    }

    public (long Failed, long Drops) Troubles()
    {
        long failed = 0;
        long drops = 0;
        foreach (ActorPump pump in Node.Pumps)
        {
            failed += pump.Counters.FailedBatches;
            drops += pump.Counters.Drops;
        }

        return (failed, drops);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}
