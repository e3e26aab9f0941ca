using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class MarketMakerTests
{
    private const string Plain =
        "interval: '1', half-spread: '0.0004', quote-size: '0.1', inventory-limit: '2', volatility-multiple: '1', "
        + "take-chance: '0', mark-weight: '0', "
        + "requote-move: '0.0001', pull-volatility: '0.01', skew: '2', quote-life: '0'";

    private static readonly MarketId s_market = new(1);

    [Fact]
    public void Act_QuietMarket_QuotesBothSidesInsideTheTouch()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain);
        bench.HalfSpread = 100_000; // 0.1 % to either side of the mark
        Reprice(bench);
        bench.Run(1);
        Assert.Equal(2, bench.Account.Resting.Count);
        BenchOrder bid = bench.Account.Resting.Single(o => o.Side == Side.Buy);
        BenchOrder ask = bench.Account.Resting.Single(o => o.Side == Side.Sell);
        Assert.True(bid.Price < ask.Price && bid.Price > bench[s_market].BestBid && ask.Price < bench[s_market].BestAsk);
        Assert.Equal(new Price(499_800 * bench.Spec(s_market).TickUnits), bid.Price);
        Assert.Equal(new Price(500_200 * bench.Spec(s_market).TickUnits), ask.Price);
    }

    [Fact]
    public void Act_PriceStays_LeavesItsQuotes()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain);
        bench.HalfSpread = 100_000;
        Reprice(bench);
        bench.Run(10);
        Assert.Equal(2, bench.Placed.Count);
    }

    [Fact]
    public void Act_QuotesWithALife_EndBeforeTheNextStepAndAreMadeAnew()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain.Replace("quote-life: '0'", "quote-life: '14000'", StringComparison.Ordinal));
        bench.HalfSpread = 100_000;
        Reprice(bench);
        bench.Run(3, b => Assert.True(b.Step == 0 || b.Account.Resting.Count == 0));
        Assert.Equal(6, bench.Placed.Count);
        Assert.All(bench.Placed, o => Assert.Equal(TimeInForce.Gtd, o.TimeInForce));
        Assert.Equal(new Timestamp(2 * 15_000 + 14_000), bench.Placed[^1].GoodTill);
        Assert.DoesNotContain(MessageKind.CancelAllOrders, bench.Kinds);
    }

    [Fact]
    public void Act_PriceMoves_ReplacesItsQuotes()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain);
        bench.HalfSpread = 100_000;
        Reprice(bench);
        bench.Run(1);
        bench.Move(1, 200);
        bench.Run(1);
        Assert.Equal(4, bench.Placed.Count);
        Assert.Equal(2, bench.Account.Resting.Count);
        Assert.Contains(MessageKind.CancelAllOrders, bench.Kinds);
    }

    [Fact]
    public void Act_LongInventory_LeansDownAndBuysLess()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain);
        bench.HalfSpread = 100_000;
        Reprice(bench);
        Hold(bench, 10_000_00000000);
        bench.Run(1);
        BenchOrder bid = bench.Account.Resting.Single(o => o.Side == Side.Buy);
        BenchOrder ask = bench.Account.Resting.Single(o => o.Side == Side.Sell);
        Assert.True(bid.Leaves < ask.Leaves);
        Assert.Equal(bench[s_market].Index, ask.Price); // half the limit, twice the half spread: the ask has come down to the price
    }

    [Fact]
    public void Act_AtInventoryLimit_QuotesTheOtherSideOnly()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain);
        bench.HalfSpread = 100_000;
        Reprice(bench);
        Hold(bench, -20_000_00000000);
        bench.Run(1);
        Assert.Equal(Side.Buy, Assert.Single(bench.Account.Resting).Side);
    }

    [Fact]
    public void Act_VolatilityRises_WidensThenWithdraws()
    {
        TraderBench bench = TraderBench.Of("market-maker", Plain);
        bench.HalfSpread = 2_000_000;
        Reprice(bench);
        bench.Run(1);
        long quiet = Width(bench);
        bench.Move(1, 1_000);
        bench.Run(1);
        Assert.True(Width(bench) > quiet);
        bench.Run(20, b => b.Move(1, b.Step % 2 == 0 ? 30_000 : -30_000));
        Assert.Empty(bench.Account.Resting);
    }

    private static void Reprice(TraderBench bench) => bench.SetPrice(s_market, TraderBench.BaseTicks * bench.Spec(s_market).TickUnits);

    private static long Width(TraderBench bench) =>
        bench.Account.Resting.Max(o => o.Price.Units) - bench.Account.Resting.Min(o => o.Price.Units);

    private static void Hold(TraderBench bench, long notionalE8)
    {
        MarketSpec spec = bench.Spec(s_market);
        BenchPosition position = bench.Position(1);
        position.Lots = Math.Sign(notionalE8) * Sizing.Lots(spec, bench[s_market].Mark, new Amount(Math.Abs(notionalE8))).Lots;
        position.OpenCost = spec.Notional(bench[s_market].Mark, new Quantity(position.Lots));
    }
}
