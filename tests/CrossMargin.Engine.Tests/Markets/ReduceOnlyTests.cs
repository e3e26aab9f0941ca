using CrossMargin.Model;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Markets;

public class ReduceOnlyTests
{
    [Theory]
    [InlineData(Side.Buy)]
    [InlineData(Side.Sell)]
    public void Submit_WithoutOppositePosition_IsRefused(Side side)
    {
        var m = new MarketHarness();
        if (side == Side.Buy) m.Trade(Ann, Bob, "1", "100");
        m.ReduceOnly(Ann, 1, side, "1", "100");
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Refused, OrderStatus.Rejected), (update.What, update.Status));
        Assert.Equal(new PackedRefusal(RejectReason.ReduceOnlyRejected, 0, m.Q("1").Lots), update.Refusal);
    }

    [Fact]
    public void Submit_LargerThanThePosition_IsCutBeforeItsFills()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "2", "100");
        m.Buy(Cleo, 1, "5", "99");
        m.ReduceOnly(Ann, 1, Side.Sell, "3", "99");
        Assert.Equal([MessageKind.OrderUpdate, MessageKind.Fill], m.KindsTo(Ann));
        OrderUpdate cut = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Reduced, m.Q("1"), m.Q("2"), m.Q("2")), (cut.What, cut.Canceled, cut.Leaves, cut.Quantity));
        Assert.True(m.Only<Fill>(Ann).Final);
        Assert.Equal("0", m.Position(Ann));
    }

    [Fact]
    public void Submit_BesideOthersThatCloseAll_Ends()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "2", "100");
        m.ReduceOnly(Ann, 1, Side.Sell, "2", "110");
        m.ReduceOnly(Ann, 2, Side.Sell, "1", "111");
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, OrderStatus.Expired, CancelReason.ReduceOnlyCut), (update.What, update.Status, update.Reason));
        Assert.Equal(1, m.View.OpenOrders);
    }

    [Fact]
    public void Submit_BesideOthers_IsCutToWhatTheyLeave()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "5", "100");
        m.ReduceOnly(Ann, 1, Side.Sell, "2", "110");
        m.Buy(Cleo, 1, "1", "99");
        m.ReduceOnly(Ann, 2, Side.Sell, "5", "99"); // 1 trades, 4 are left of the position, 2 of them spoken for
        List<OrderUpdate> updates = m.To<OrderUpdate>(Ann);
        Assert.Equal([OrderUpdateKind.Reduced, OrderUpdateKind.Accepted], updates.Select(u => u.What));
        Assert.Equal((m.Q("2"), m.Q("2"), m.Q("3")), (updates[0].Canceled, updates[0].Leaves, updates[0].Quantity));
    }

    [Fact]
    public void Fill_ThatLowersThePosition_CutsTheNewestFirst()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "5", "100");
        m.ReduceOnly(Ann, 1, Side.Sell, "2", "120");
        m.ReduceOnly(Ann, 2, Side.Sell, "2", "110");
        m.ReduceOnly(Ann, 3, Side.Sell, "1", "115");
        m.Buy(Cleo, 1, "2", "99");
        m.Sell(Ann, 4, "2", "99"); // 3 are left: order 3 goes, order 2 is cut to 1
        List<OrderUpdate> updates = m.To<OrderUpdate>(Ann);
        Assert.Equal([3L, 2L], updates.Select(u => u.Order.Value));
        Assert.Equal([OrderUpdateKind.Ended, OrderUpdateKind.Reduced], updates.Select(u => u.What));
        Assert.Equal((m.Q("1"), m.Q("1")), (updates[1].Canceled, updates[1].Leaves));
        Assert.Equal(MessageKind.Fill, m.KindsTo(Ann)[0]);
    }

    [Fact]
    public void Fill_ThatFlipsThePosition_EndsAllThatClosedIt()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "1", "100");
        m.ReduceOnly(Ann, 1, Side.Sell, "1", "120");
        m.Buy(Cleo, 1, "3", "99");
        m.Sell(Ann, 2, "3", "99");
        Assert.Equal(1, m.Only<OrderUpdate>(Ann).Order.Value);
        Assert.Equal("-2", m.Position(Ann));
        Assert.Equal(0, m.View.OrderCount(Ann));
    }

    [Fact]
    public void Fill_OfAReduceOnlyMaker_CutsNothingElse()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "3", "100");
        m.ReduceOnly(Ann, 1, Side.Sell, "1", "101");
        m.ReduceOnly(Ann, 2, Side.Sell, "2", "102");
        m.Buy(Cleo, 1, "2", "102");
        Assert.Empty(m.To<OrderUpdate>(Ann));
        Assert.Equal("1", m.Position(Ann));
    }

    [Fact]
    public void Hedge_ClosingOrders_MayNotExceedTheLeg()
    {
        var m = new MarketHarness();
        SubmitOrder close = m.Order(1, Side.Sell, "1", "101");
        close.PositionSide = PositionSide.Long;
        m.From(Ann, close);
        Assert.Equal(RejectReason.ReduceOnlyRejected, m.Only<OrderUpdate>(Ann).Refusal.Reason);

        m.Sell(Bob, 1, "2", "100");
        SubmitOrder open = m.Order(2, Side.Buy, "2", "100");
        open.PositionSide = PositionSide.Long;
        m.From(Ann, open);
        close = m.Order(3, Side.Sell, "5", "101");
        close.PositionSide = PositionSide.Long;
        m.From(Ann, close);
        Assert.Equal([OrderUpdateKind.Reduced, OrderUpdateKind.Accepted], m.To<OrderUpdate>(Ann).Select(u => u.What));
        Assert.Equal(m.Q("2"), m.To<OrderUpdate>(Ann)[1].Leaves);
        Assert.Equal("2", m.Position(Ann, PositionSide.Long));
        Assert.Equal("0", m.Position(Ann, PositionSide.Short));
    }

    [Fact]
    public void FillOrKill_CountsWhatItMayClose()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Bob, "1", "100");
        m.Buy(Cleo, 1, "1", "99");
        m.ReduceOnly(Ann, 1, Side.Sell, "4", "99", TimeInForce.Fok);
        Assert.True(m.Only<Fill>(Ann).Final);
        Assert.Equal("0", m.Position(Ann));
    }
}
