using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Grains.Tests.Cluster;

public sealed class TradingTests
{
    [Fact]
    public async Task Submit_CrossingOrdersOnThreeSilos_FillBothSides()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await using ExchangeCluster x = await ExchangeCluster.StartAsync(3);
        await x.OpenAsync(1);
        await x.OpenAsync(2);
        await x.PriceAsync(1, "100");
        CommandAnswer rests = await UntilPricedAsync(x, 1, x.Order(1, Side.Buy, 1_000, "100"), deadline.Token);
        CommandAnswer takes = await UntilPricedAsync(x, 2, x.Order(1, Side.Sell, 1_000, "100"), deadline.Token);
        Assert.True(rests.Refusal.IsNone, rests.Refusal.ToString());
        Assert.Contains(takes.Events, e => e.Kind == EventKind.OrderFilled);
    }

    // A node learns a price a moment after the market has it.
    private static async Task<CommandAnswer> UntilPricedAsync(ExchangeCluster x, int account, PlaceOrder order, CancellationToken deadline)
    {
        while (true)
        {
            CommandAnswer answer = await x.DoAsync(account, order, deadline);
            if (answer.Refusal.Reason != RejectReason.PriceUnavailable) return answer;
            deadline.ThrowIfCancellationRequested();
        }
    }
}
