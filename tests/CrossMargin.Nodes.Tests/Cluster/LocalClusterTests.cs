using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Cluster;

namespace CrossMargin.Nodes.Tests.Cluster;

/// <summary>The real pumps on real threads: what commands answer, and what is left when nodes die.</summary>
public sealed class LocalClusterTests
{
    private static readonly MarketId s_market = new(1);
    private readonly VenueProfile _profile = TestProfiles.Simple();
    private long _commands;

    [Fact]
    public async Task Submit_CrossingOrders_AnswersWithTheFills()
    {
        using var cluster = new LocalCluster(_profile, 2);
        await OpenAsync(cluster, 1);
        await OpenAsync(cluster, 2);
        await PriceAsync(cluster, 100);
        CommandAnswer rests = await OrderAsync(cluster, 1, Side.Buy, 1_000);
        CommandAnswer takes = await OrderAsync(cluster, 2, Side.Sell, 1_000);
        Assert.True(rests.Refusal.IsNone, rests.Refusal.ToString());
        Assert.Contains(rests.Events, e => e.Kind == EventKind.OrderAccepted);
        Assert.DoesNotContain(rests.Events, e => e.Kind == EventKind.OrderFilled);
        Assert.Contains(takes.Events, e => e.Kind == EventKind.OrderFilled);
        Assert.Equal(1_000, await PositionAsync(cluster, 1));
        Assert.Equal(-1_000, await PositionAsync(cluster, 2));
    }

    [Fact]
    public async Task Submit_SameIdTwice_HasOneEffectAndOneAnswer()
    {
        using var cluster = new LocalCluster(_profile, 1);
        await OpenAsync(cluster, 1);
        var deposit = Message.Of(ActorId.Client, ActorId.Of(new AccountId(1)), new CommandId(77), new Deposit { Amount = new Amount(500_00000000) });
        CommandAnswer first = await cluster.SubmitAsync(deposit);
        CommandAnswer again = await cluster.SubmitAsync(deposit);
        Assert.Equal(first.Time, again.Time);
        Assert.Equal(first.Events.Count, again.Events.Count);
        Amount wallet = await cluster.ReadAsync(deposit.To, m => ((AccountMachine)m).Actor.State.Wallet);
        Assert.Equal(new Amount(1_000_500_00000000), wallet);
    }

    [Fact]
    public async Task Kill_WhileOrdersFly_LosesNothingThatWasAnswered()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var cluster = new LocalCluster(_profile, 3);
        const int Accounts = 12;
        for (int a = 1; a <= Accounts; a++) await OpenAsync(cluster, a);
        await PriceAsync(cluster, 100);
        Task[] traders = [.. Enumerable.Range(1, Accounts).Select(a => Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                CommandAnswer answer = await OrderAsync(cluster, a, a % 2 == 0 ? Side.Buy : Side.Sell, 1_000 * (1 + (i % 3)), deadline.Token);
                Assert.Null(answer.Unavailable);
            }
        }))];
        await cluster.KillAsync(1);
        cluster.Add();
        await cluster.KillAsync(0);
        await Task.WhenAll(traders);

        // Answers tell of one side; the other side's fills may still be on their way.
        while ((await LotsAsync(cluster, Accounts), await OrdersAsync(cluster, Accounts)) is not (0, 0)) await Task.Delay(50, deadline.Token);
    }

    [Fact]
    public async Task Account_ThatBreaks_HasItsOrdersTakenOffTheBook()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var cluster = new LocalCluster(_profile, 2);
        await OpenAsync(cluster, 1);
        await OpenAsync(cluster, 2);
        await PriceAsync(cluster, 100);
        await OrderAsync(cluster, 1, Side.Buy, 1_000);
        await OrderAsync(cluster, 2, Side.Buy, 3_000);
        var account = new AccountId(1);
        ActorId nobody = ActorId.Of(new MarketId(2));
        var unfit = Message.Of(nobody, ActorId.Of(account), CommandId.None, new Fence()); // which only a market can take
        Assert.Null(await cluster.DeliverAsync(new DeliveryBatch(nobody, ActorId.Of(account), 1, [unfit], NodeId.None)));
        while (await BookAsync(cluster, account) > 0) await Task.Delay(20, deadline.Token);
        Assert.Equal(1, await BookAsync(cluster, new AccountId(2)));
    }

    private static Task<int> BookAsync(LocalCluster cluster, AccountId account) =>
        cluster.ReadAsync(ActorId.Of(s_market), m => ((MarketMachine)m).Actor.View.OrderCount(account));

    /// <summary>All positions; 0 when nothing is on its way.</summary>
    private static async Task<long> LotsAsync(LocalCluster cluster, int accounts)
    {
        long sum = await cluster.ReadAsync(ActorId.Of(s_market), m => ((MarketMachine)m).Actor.View.HouseQuantity.Lots);
        for (int a = 1; a <= accounts; a++) sum += await PositionAsync(cluster, a);
        return sum;
    }

    /// <summary>Orders that accounts have, less those in the book.</summary>
    private static async Task<long> OrdersAsync(LocalCluster cluster, int accounts)
    {
        long sum = -await cluster.ReadAsync(ActorId.Of(s_market), m => ((MarketMachine)m).Actor.View.OpenOrders);
        for (int a = 1; a <= accounts; a++)
            sum += await cluster.ReadAsync(ActorId.Of(new AccountId(a)), m => ((AccountMachine)m).Actor.State.CountOrders(s_market));
        return sum;
    }

    private async Task OpenAsync(LocalCluster cluster, int account)
    {
        var id = new AccountId(account);
        await cluster.SubmitAsync(Command(id, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) }));
        await cluster.SubmitAsync(Command(id, new Deposit { Amount = new Amount(1_000_000_00000000) }));
    }

    private async Task PriceAsync(LocalCluster cluster, int price)
    {
        MarketSpec spec = _profile[s_market];
        Assert.True(spec.TryParsePrice(price.ToString(), DecimalRounding.Exact, out Price index));
        await cluster.SubmitAsync(Message.Of(
            ActorId.Client, ActorId.Of(s_market), CommandId.None, new SetIndexPrice { Market = s_market, Index = index, DepthVolume = new Quantity(1_000) }));
        Assert.True(SpinWait.SpinUntil(() => cluster.KnowsPrice(s_market), TimeSpan.FromSeconds(30)));
    }

    private Task<CommandAnswer> OrderAsync(LocalCluster cluster, int account, Side side, long lots, CancellationToken deadline = default)
    {
        MarketSpec spec = _profile[s_market];
        Assert.True(spec.TryParsePrice("100", DecimalRounding.Exact, out Price price));
        return cluster.SubmitAsync(
            Command(new AccountId(account), new PlaceOrder
            {
                Market = s_market,
                Side = side,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.Gtc,
                Quantity = new Quantity(lots),
                Price = price,
            }),
            deadline);
    }

    private static Task<long> PositionAsync(LocalCluster cluster, int account) => cluster.ReadAsync(ActorId.Of(new AccountId(account)), m =>
    {
        long lots = 0;
        foreach (ref readonly Engine.Margin.Leg leg in ((AccountMachine)m).Actor.State.Legs.Legs) lots += leg.Quantity.Lots;
        return lots;
    });

    private Message Command<T>(AccountId account, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(account), new CommandId(Interlocked.Increment(ref _commands)), body);
}
