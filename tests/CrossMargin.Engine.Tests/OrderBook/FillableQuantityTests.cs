using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.OrderBook;

public sealed class FillableQuantityTests
{
    [Fact]
    public void FillableQuantity_SeveralLevels_CountsWithinTheLimit()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        desk.Rest(2, Side.Sell, 102, 5);
        desk.Rest(2, Side.Sell, 103, 5);
        Assert.Equal(10, desk.Fillable(9, Side.Buy, 102, 12));
        Assert.Equal(7, desk.Fillable(9, Side.Buy, 102, 7));
    }

    [Theory]
    [InlineData(SelfTradePrevention.None, 14)]
    [InlineData(SelfTradePrevention.ExpireMaker, 10)]
    [InlineData(SelfTradePrevention.ExpireTaker, 5)]
    [InlineData(SelfTradePrevention.ExpireBoth, 5)]
    public void FillableQuantity_OwnOrderInBetween_CountsWhatTheModeLetsItTake(SelfTradePrevention mode, long expected)
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        desk.Rest(9, Side.Sell, 101, 4);
        desk.Rest(1, Side.Sell, 101, 5);
        Assert.Equal(expected, desk.Fillable(9, Side.Buy, 102, 20, mode));
    }

    [Fact]
    public void FillableQuantity_HouseBehindAnOwnOrder_CountsOnlyBetterHousePrices()
    {
        var desk = new BookDesk();
        desk.Rest(9, Side.Sell, 102, 4);
        desk.House.Asks.Add((new Price(101), new Quantity(3)));
        desk.House.Asks.Add((new Price(102), new Quantity(3)));
        desk.House.Asks.Add((new Price(103), new Quantity(3)));
        Assert.Equal(3, desk.Fillable(9, Side.Buy, 105, 20, SelfTradePrevention.ExpireTaker));
        Assert.Equal(9, desk.Fillable(9, Side.Buy, 105, 20, SelfTradePrevention.ExpireMaker));
        Assert.Equal(6, desk.Fillable(9, Side.Buy, 102, 20, SelfTradePrevention.ExpireMaker));
    }

    [Fact]
    public void FillableQuantity_ReduceOnlyMakerThatWillBeCut_CountsOnlyWhatIsCertain()
    {
        var desk = new BookDesk { CutsReduceOnly = true };
        desk.Rest(1, Side.Sell, 101, 6);
        desk.Rest(1, Side.Sell, 102, 10, reduceOnly: true);
        Assert.Equal(10, desk.Fillable(9, Side.Buy, 105, 16));
        Assert.Equal(6, desk.Take(9, Side.Buy, 105, 16));
    }
}
