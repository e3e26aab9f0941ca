using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Load.Cluster;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;
using CrossMargin.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace CrossMargin.Grains.Tests.Cluster;

/// <summary>Silos of the exchange in this process, with a store that outlives them; prices are pushed.</summary>
public sealed class ExchangeCluster : IAsyncDisposable
{
    private long _commands;

    private ExchangeCluster(InProcessTestCluster silos, VenueProfile profile, SharedStorage storage)
    {
        Silos = silos;
        Profile = profile;
        Storage = storage;
        Calls = new ClusterCalls(silos.Client);
    }

    public InProcessTestCluster Silos { get; }
    public VenueProfile Profile { get; }
    public SharedStorage Storage { get; }
    public IActorCalls Calls { get; }

    public static Task<ExchangeCluster> StartAsync(short silos) => StartAsync(silos, TestProfiles.Simple());

    public static async Task<ExchangeCluster> StartAsync(short silos, VenueProfile profile)
    {
        var storage = new SharedStorage();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>("crossmargin", storage);
            silo.AddCrossMargin(o => o.Profile = profile);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new ExchangeCluster(cluster, profile, storage);
    }

    /// <summary>Hands a command in until it is answered, under one id, while silos die.</summary>
    public async Task<CommandAnswer> DoAsync<T>(int account, T body, CancellationToken deadline = default)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message command = Message.Of(
            ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(Interlocked.Increment(ref _commands)), body);
        while (true)
        {
            try
            {
                return await Calls.SubmitAsync(command, []).WaitAsync(deadline);
            }
            catch (Exception e) when (e is not OperationCanceledException && !deadline.IsCancellationRequested && deadline.CanBeCanceled)
            {
                await Task.Delay(50, deadline);
            }
        }
    }

    public async Task OpenAsync(int account, long deposit = 1_000_000_00000000)
    {
        await DoAsync(account, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) });
        await DoAsync(account, new Deposit { Amount = new Amount(deposit) });
    }

    public Task PriceAsync(int market, string price)
    {
        MarketSpec spec = Profile[new MarketId(market)];
        if (!spec.TryParsePrice(price, DecimalRounding.Exact, out Price index)) throw new ArgumentException(price);
        return Silos.Client.GetGrain<IFeedGrain>(0).Push([new PushedPrice(market, index.Units, 1_000)]);
    }

    /// <summary>Sets a price again and again, as a feed does, so that it never gets stale; ends with the token.</summary>
    public async Task KeepPriceAsync(int market, string price, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await PriceAsync(market, price);
                await Task.Delay(500, end);
            }
            catch (Exception) when (!end.IsCancellationRequested)
            {
                // The market or the feed is on its way to another silo.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public PlaceOrder Order(int market, Side side, long lots, string price, TimeInForce tif = TimeInForce.Gtc)
    {
        if (!Profile[new MarketId(market)].TryParsePrice(price, DecimalRounding.Exact, out Price limit)) throw new ArgumentException(price);
        return new PlaceOrder
        {
            Market = new MarketId(market),
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = tif,
            Quantity = new Quantity(lots),
            Price = limit,
        };
    }

    /// <summary>Waits until the accounts' positions and the market's have added up twice in a row: nothing is on its way.</summary>
    public async Task UntilAtRestAsync(int accounts, CancellationToken deadline)
    {
        long before = -1;
        while (true)
        {
            long lots = 0;
            for (int a = 1; a <= accounts; a++)
            {
                AccountSnapshot account = (await RetryAsync(() => Calls.ReadAccountAsync(new AccountId(a)), deadline))!;
                foreach (LegSnapshot leg in account.Legs) lots += leg.Quantity.Lots;
            }

            foreach (MarketSpec spec in Profile.Markets)
                lots += (await RetryAsync(() => Calls.ReadMarketAsync(spec.Id), deadline)).HouseQuantity.Lots;
            if (lots == 0 && before == 0) return;
            before = lots;
            await Task.Delay(200, deadline);
        }
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken deadline)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(100, deadline);
            }
        }
    }

    public ValueTask DisposeAsync() => Silos.DisposeAsync();
}
