using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.OrderBook;

public sealed class MatchingTests
{
    [Fact]
    public void Match_TwoPrices_BestPriceTradesFirst()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 102, 5);
        desk.Rest(2, Side.Sell, 101, 5);
        Assert.Equal(0, desk.Take(9, Side.Buy, 105, 7));
        Assert.Equal("2#1 5@101, 1#1 2@102", desk.Tape());
    }

    [Fact]
    public void Match_SamePrice_FirstComeFirstServed()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 5);
        desk.Rest(2, Side.Buy, 100, 5);
        desk.Rest(3, Side.Buy, 100, 5);
        desk.Take(9, Side.Sell, 100, 11);
        Assert.Equal("1#1 5@100, 2#1 5@100, 3#1 1@100", desk.Tape());
        Assert.Equal("4@100/1", desk.Depth(Side.Buy));
    }

    [Fact]
    public void Match_PriceBeyondLimit_IsLeftAlone()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        desk.Rest(1, Side.Sell, 103, 5);
        Assert.Equal(5, desk.Take(9, Side.Buy, 102, 10));
        Assert.Equal("5@103/1", desk.Depth(Side.Sell));
    }

    [Fact]
    public void Match_MakerPartlyFilled_KeepsItsPlace()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        desk.Rest(2, Side.Sell, 101, 5);
        desk.Take(9, Side.Buy, 101, 2);
        desk.Take(9, Side.Buy, 101, 4);
        Assert.Equal("1#1 2@101, 1#1 3@101, 2#1 1@101", desk.Tape());
    }

    [Fact]
    public void Reduce_RestingOrder_KeepsItsPlaceAndFilledPart()
    {
        var desk = new BookDesk();
        long id = desk.Rest(1, Side.Sell, 101, 10);
        desk.Rest(2, Side.Sell, 101, 5);
        desk.Take(9, Side.Buy, 101, 3);
        desk.Book.Reduce(desk.Node(1, id), new Quantity(2));
        Assert.Equal(3, desk.Book[desk.Node(1, id)].Filled.Lots);
        Assert.Equal(5, desk.Book[desk.Node(1, id)].Quantity.Lots);
        desk.Take(9, Side.Buy, 101, 3);
        Assert.Equal("1#1 3@101, 1#1 2@101, 2#1 1@101", desk.Tape());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(11)]
    public void Reduce_ToNothingOrMore_Throws(long lots)
    {
        var desk = new BookDesk();
        long id = desk.Rest(1, Side.Sell, 101, 10);
        Assert.Throws<InvariantViolation>(() => desk.Book.Reduce(desk.Node(1, id), new Quantity(lots)));
    }

    [Fact]
    public void Match_HouseAtTheSamePrice_StandsBehindEveryTrader()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        desk.House.Asks.Add((new Price(101), new Quantity(10)));
        desk.Rest(2, Side.Sell, 101, 5);
        desk.Take(9, Side.Buy, 101, 12);
        Assert.Equal("1#1 5@101, 2#1 5@101, house 2@101", desk.Tape());
    }

    [Fact]
    public void Match_HouseAtABetterPrice_GoesFirst()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 5);
        desk.House.Bids.Add((new Price(101), new Quantity(2)));
        desk.House.Bids.Add((new Price(99), new Quantity(9)));
        Assert.Equal(1, desk.Take(9, Side.Sell, 100, 8));
        Assert.Equal("house 2@101, 1#1 5@100", desk.Tape());
    }

    [Fact]
    public void Match_EmptyBookAndHouse_LoneTraderTradesWithTheHouse()
    {
        var desk = new BookDesk();
        desk.House.Asks.Add((new Price(101), new Quantity(2)));
        desk.House.Asks.Add((new Price(102), new Quantity(3)));
        Assert.Equal(5, desk.Take(9, Side.Buy, 200, 10));
        Assert.Equal("house 2@101, house 3@102", desk.Tape());
    }

    [Theory]
    [InlineData(SelfTradePrevention.None, 2, "9#1 5@101, 1#1 5@101", false)]
    [InlineData(SelfTradePrevention.ExpireTaker, -1, "", true)]
    [InlineData(SelfTradePrevention.ExpireMaker, 7, "1#1 5@101", false)]
    [InlineData(SelfTradePrevention.ExpireBoth, -1, "", false)]
    public void Match_OwnOrderInFront_FollowsTheIncomingOrdersMode(SelfTradePrevention mode, long left, string tape, bool ownRests)
    {
        var desk = new BookDesk();
        long own = desk.Rest(9, Side.Sell, 101, 5);
        desk.Rest(1, Side.Sell, 101, 5);
        Assert.Equal(left, desk.Take(9, Side.Buy, 101, 12, mode));
        Assert.Equal(tape, desk.Tape());
        Assert.Equal(ownRests, desk.Rests(9, own));
    }

    [Fact]
    public void Match_SinkCutsTheNextMaker_NextTradeSeesTheCut()
    {
        var desk = new BookDesk { CutsReduceOnly = true };
        desk.Rest(1, Side.Sell, 101, 6);
        long cut = desk.Rest(1, Side.Sell, 101, 4, reduceOnly: true);
        long gone = desk.Rest(1, Side.Sell, 102, 4, reduceOnly: true);
        Assert.Equal(5, desk.Take(9, Side.Buy, 105, 13));
        Assert.Equal("1#1 6@101, 1#2 2@101", desk.Tape());
        Assert.False(desk.Rests(1, cut));
        Assert.False(desk.Rests(1, gone));
        Assert.Equal(0, desk.Book.Count);
    }

    [Theory]
    [InlineData(100, 0, false)]
    [InlineData(101, 0, true)]
    [InlineData(100, 100, true)]
    [InlineData(99, 100, false)]
    public void WouldCross_PostOnlyBuy_LooksAtTradersAndHouse(long limit, long houseAsk, bool crosses)
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        Assert.Equal(crosses, desk.Book.WouldCross(Side.Buy, new Price(limit), new Price(houseAsk)));
    }

    [Fact]
    public void Add_ThatCrosses_Throws()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 101, 5);
        Assert.Throws<InvariantViolation>(() => desk.Rest(2, Side.Buy, 101, 1));
    }

    [Fact]
    public void Add_OffTheTick_Throws() => Assert.Throws<InvariantViolation>(() => new BookDesk(tickUnits: 5).Rest(1, Side.Buy, 101, 1));
}
