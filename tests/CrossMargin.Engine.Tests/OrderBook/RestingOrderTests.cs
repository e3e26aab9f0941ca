using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.OrderBook;

public sealed class RestingOrderTests
{
    private static readonly AccountId One = new(1);

    [Fact]
    public void TryFind_SameIdOfTwoAccounts_AreTwoOrders()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 5);
        desk.Rest(2, Side.Buy, 99, 6);
        Assert.Equal(new Price(100), desk.Book.PriceOf(desk.Node(1, 1)));
        Assert.Equal(new Price(99), desk.Book.PriceOf(desk.Node(2, 1)));
        Assert.False(desk.Rests(2, 2));
    }

    [Fact]
    public void Add_SameIdTwice_Throws()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 5);
        RestingOrder again = desk.Book.Get(desk.Node(1, 1));
        Assert.Throws<InvariantViolation>(() => desk.Book.Add(in again));
    }

    [Fact]
    public void Remove_MiddleOfAQueue_OthersKeepTheirOrder()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 1);
        desk.Rest(2, Side.Buy, 100, 2);
        desk.Rest(3, Side.Buy, 100, 3);
        Assert.Equal(2, desk.Book.Remove(desk.Node(2, 1)).Remaining.Lots);
        desk.Take(9, Side.Sell, 100, 4);
        Assert.Equal("1#1 1@100, 3#1 3@100", desk.Tape());
        Assert.True(desk.Book.BestBid.IsNone);
    }

    [Fact]
    public void Remove_Twice_Throws()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 1);
        int node = desk.Node(1, 1);
        desk.Book.Remove(node);
        Assert.Throws<InvariantViolation>(() => desk.Book.Remove(node));
    }

    [Fact]
    public void NewestFirst_AfterAnOldOrderIsQueuedAgain_StaysByOrderId()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 1);
        desk.Rest(1, Side.Sell, 110, 1);
        desk.Rest(1, Side.Buy, 98, 1);
        RestingOrder amended = desk.Book.Remove(desk.Node(1, 2));
        amended.Price = new Price(111);
        desk.Book.Add(in amended);
        Assert.Equal([3, 2, 1], Ids(desk.Book, desk.Book.NewestFirst(One)));
        Assert.Equal([1, 2, 3], Ids(desk.Book, desk.Book.OldestFirst(One)));
        Assert.Equal(3, desk.Book.CountOf(One));
    }

    [Fact]
    public void OldestFirst_RemovingEachInHand_CancelsAll()
    {
        var desk = new BookDesk();
        for (int i = 0; i < 40; i++) desk.Rest(1, Side.Buy, 100 - i % 3, 1);
        desk.Rest(2, Side.Buy, 100, 1);
        foreach (int node in desk.Book.OldestFirst(One)) desk.Book.Remove(node);
        Assert.Equal(0, desk.Book.CountOf(One));
        Assert.Equal("1@100/1", desk.Depth(Side.Buy));
    }

    [Fact]
    public void TryNewestReduceOnly_TwoLegs_FindsTheNewestOfTheLeg()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Sell, 110, 1, reduceOnly: true, leg: PositionSide.Long);
        desk.Rest(1, Side.Sell, 111, 2, reduceOnly: true, leg: PositionSide.Long);
        desk.Rest(1, Side.Buy, 90, 1, reduceOnly: true, leg: PositionSide.Short);
        desk.Rest(1, Side.Sell, 112, 1, leg: PositionSide.Long);
        Assert.True(desk.Book.TryNewestReduceOnly(One, PositionSide.Long, Side.Sell, out int node));
        Assert.Equal(2, desk.Book[node].OrderId.Value);
        Assert.False(desk.Book.TryNewestReduceOnly(One, PositionSide.Both, Side.Sell, out _));
        Assert.Equal(3, desk.Book.ReduceOnlyCountOf(One));
        Assert.Equal(3, desk.Book.ReduceOnlyQuantity(One, PositionSide.Long, Side.Sell).Lots);
    }

    [Fact]
    public void Levels_FarApartPrices_AreListedBestFirst()
    {
        var desk = new BookDesk();
        long[] prices = [1, 63, 64, 65, 4_095, 4_096, 300_000_000, 299_999_999, 5_000_000_000_000];
        foreach (long price in prices) desk.Rest(1, Side.Buy, price, 2);
        desk.Rest(2, Side.Buy, 64, 3);
        Assert.Equal("2@5000000000000/1 2@300000000/1 2@299999999/1 2@4096/1 2@4095/1 2@65/1 5@64/2 2@63/1 2@1/1", desk.Depth(Side.Buy));
        Assert.InRange(desk.Book.AllocatedBytes, 1, 200_000);
    }

    [Fact]
    public void TryNextExpired_SeveralDates_ComeByDateAccountAndId()
    {
        var desk = new BookDesk();
        desk.Rest(2, Side.Buy, 100, 1, goodTill: 50);
        desk.Rest(1, Side.Buy, 100, 1, goodTill: 60);
        desk.Rest(1, Side.Buy, 100, 1, goodTill: 50);
        desk.Rest(1, Side.Buy, 100, 1, goodTill: 50);
        desk.Rest(3, Side.Buy, 100, 1, goodTill: 40);
        desk.Book.Remove(desk.Node(3, 1));
        var expired = new List<(int, long)>();
        while (desk.Book.TryNextExpired(new Timestamp(50), out int node))
        {
            RestingOrder order = desk.Book.Remove(node);
            expired.Add((order.Account.Value, order.OrderId.Value));
        }

        Assert.Equal([(1, 2L), (1, 3L), (2, 1L)], expired);
        Assert.Equal(1, desk.Book.Count);
    }

    [Fact]
    public void Remove_ManyDatedOrders_DoesNotLeaveTheirDatesBehind()
    {
        var desk = new BookDesk();
        for (int i = 0; i < 20_000; i++)
        {
            long id = desk.Rest(1, Side.Buy, 100, 1, goodTill: 1_000_000 + i);
            desk.Book.Remove(desk.Node(1, id));
        }

        Assert.InRange(desk.Book.AllocatedBytes, 1, 300_000);
        Assert.False(desk.Book.TryNextExpired(new Timestamp(long.MaxValue), out _));
    }

    [Fact]
    public void Add_DatedOrderQueuedAgainManyTimes_DoesNotPileUpDates()
    {
        var desk = new BookDesk();
        desk.Rest(1, Side.Buy, 100, 1, goodTill: 77);
        for (int i = 0; i < 20_000; i++)
        {
            RestingOrder order = desk.Book.Remove(desk.Node(1, 1));
            desk.Book.Add(in order);
        }

        Assert.InRange(desk.Book.AllocatedBytes, 1, 300_000);
        Assert.True(desk.Book.TryNextExpired(new Timestamp(77), out _));
    }

    [Fact]
    public void Match_SteadyState_AllocatesNothing()
    {
        var desk = new BookDesk();
        var sink = new RecordingSink(desk.Book, new List<BookEvent>(100_000), desk.House, cuts: false);
        const int Measured = 20_000;
        long before = 0;
        for (int i = -2_000; i < Measured; i++)
        {
            if (i == 0) before = GC.GetAllocatedBytesForCurrentThread();
            int n = i + 2_001;
            desk.Rest(1 + n % 7, Side.Sell, 100 + n % 5, 3, goodTill: n);
            var taker = new TakerOrder { Side = Side.Buy, Limit = new Price(110), Remaining = new Quantity(3) };
            desk.Book.Match(ref taker, ref sink);
        }

        // The runtime may put objects of its own on this thread when it compiles a hot method anew, whenever that is. An object of ours for
        // each order would be at least 24 bytes an order.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Measured / 2);
    }

    private static List<long> Ids(LimitOrderBook book, AccountOrders orders)
    {
        var ids = new List<long>();
        foreach (int node in orders) ids.Add(book[node].OrderId.Value);
        return ids;
    }
}
