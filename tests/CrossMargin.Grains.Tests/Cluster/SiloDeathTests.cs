using CrossMargin.Hosting;
using CrossMargin.Model;
using Orleans.TestingHost;

namespace CrossMargin.Grains.Tests.Cluster;

/// <summary>Silos die while orders fly; nothing that was answered is lost, nothing happens twice.</summary>
public sealed class SiloDeathTests
{
    private const int Accounts = 12;
    private const int OrdersEach = 15;

    [Fact]
    public async Task KillTwoSilos_WhileOrdersFly_PositionsAndOrdersAddUp()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await using ExchangeCluster x = await ExchangeCluster.StartAsync(3);
        for (int a = 1; a <= Accounts; a++) await x.OpenAsync(a);
        await x.PriceAsync(1, "100");
        using var end = new CancellationTokenSource();
        Task prices = Task.Run(() => x.KeepPriceAsync(1, "100", end.Token));
        var answered = new long[Accounts + 1]; // orders that were accepted
        Task[] traders = [.. Enumerable.Range(1, Accounts).Select(a => Task.Run(async () =>
        {
            for (int i = 0; i < OrdersEach; i++)
            {
                PlaceOrder order = x.Order(1, a % 2 == 0 ? Side.Buy : Side.Sell, 1_000 * (1 + (i % 3)), "100");
                CommandAnswer answer = await x.DoAsync(a, order, deadline.Token);
                Assert.Null(answer.Unavailable);
                if (answer.Refusal.Reason == RejectReason.PriceUnavailable) i--; // its node has yet to hear of the price
                else if (answer.Events.Any(e => e.Kind == EventKind.OrderAccepted)) answered[a]++;
            }
        }))];
        await x.Silos.KillSiloAsync(x.Silos.Silos[1]);
        InProcessSiloHandle added = await x.Silos.StartAdditionalSiloAsync();
        await x.Silos.KillSiloAsync(x.Silos.Silos.First(s => s != added && s.IsActive));
        await Task.WhenAll(traders).WaitAsync(deadline.Token);
        await x.UntilAtRestAsync(Accounts, deadline.Token);

        Assert.All(answered[1..], n => Assert.Equal(OrdersEach, n));
        MarketSnapshot market = await x.Calls.ReadMarketAsync(new MarketId(1));
        long lots = market.HouseQuantity.Lots;
        for (int a = 1; a <= Accounts; a++)
        {
            AccountSnapshot account = (await x.Calls.ReadAccountAsync(new AccountId(a)))!;
            foreach (LegSnapshot leg in account.Legs) lots += leg.Quantity.Lots;
        }

        Assert.Equal(0, lots);
        await end.CancelAsync();
        await prices;
    }
}
