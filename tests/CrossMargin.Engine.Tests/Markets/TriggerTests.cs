using CrossMargin.Model;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Markets;

public class TriggerTests
{
    [Fact]
    public void StopOnLast_FiresAtTheTradeThatReachesIt()
    {
        var m = Trading();
        m.From(Ann, Stop(m, 10, Side.Sell, "95"));
        Assert.Equal(AlgoStatus.New, m.Only<TriggerUpdate>(Ann).Status);
        m.Trade(Cleo, Dan, "1", "96");
        Assert.Empty(m.To<TriggerFired>(Ann));
        m.Buy(Cleo, 1, "1", "95");
        m.Step(ActorId.Of(Ann), m.Order(99, Side.Sell, "1", "95"), new CommandId(7));
        Message fired = Assert.Single(m.Sent, s => s.Kind == MessageKind.TriggerFired);
        Assert.Equal(CommandId.None, fired.Cause); // her own command did not ask for it
        TriggerFired body = fired.Body<TriggerFired>();
        Assert.Equal((new AlgoId(10), m.P("95"), m.Q("1"), m.Q("4")), (body.Algo, body.FiredAt, body.Quantity, body.PositionQuantity));
        Assert.Equal(MessageKind.TriggerFired, m.KindsTo(Ann)[^1]);
        Assert.Equal(0, m.View.OpenTriggers);
    }

    [Fact]
    public void GapInsideOneStep_TriggersWhatItJumpedOver()
    {
        var m = Trading();
        m.From(Ann, Stop(m, 10, Side.Buy, "105"));
        m.Sell(Bob, 1, "1", "104");
        m.Sell(Bob, 2, "1", "110");
        m.Buy(Cleo, 1, "2", "110");
        Assert.Equal(m.P("110"), m.Only<TriggerFired>(Ann).FiredAt);
    }

    [Fact]
    public void ExtremeThatIsNotTheLastTrade_TriggersToo()
    {
        var m = Trading();
        m.From(Ann, Stop(m, 10, Side.Sell, "90"));
        m.Buy(Bob, 1, "1", "91");
        m.Buy(Bob, 2, "1", "89");
        m.Sell(Cleo, 1, "2", "89");
        Assert.Single(m.To<TriggerFired>(Ann));
        m.From(Ann, Stop(m, 11, Side.Buy, "95"));
        m.Sell(Bob, 3, "1", "94");
        m.Sell(Bob, 4, "1", "96");
        m.Buy(Cleo, 2, "2", "96");
        Assert.Single(m.To<TriggerFired>(Ann));
    }

    [Fact]
    public void StopOnMark_IgnoresTrades()
    {
        var m = Trading();
        SubmitTrigger stop = Stop(m, 10, Side.Sell, "95");
        stop.TriggerSource = TriggerSource.Mark;
        m.From(Ann, stop);
        m.Trade(Cleo, Dan, "1", "90");
        Assert.Empty(m.To<TriggerFired>(Ann));
        m.Index("94");
        Assert.Equal(m.P("94"), m.Only<TriggerFired>(Ann).FiredAt);
    }

    [Fact]
    public void Submit_AlreadyReached_IsRejected()
    {
        var m = Trading(); // last 100
        m.From(Ann, Stop(m, 10, Side.Sell, "101"));
        TriggerUpdate update = m.Only<TriggerUpdate>(Ann);
        Assert.Equal(AlgoStatus.Rejected, update.Status);
        Assert.Equal(new PackedRefusal(RejectReason.WouldImmediatelyTrigger, m.P("101").Units, m.P("100").Units), update.Refusal);
    }

    [Fact]
    public void Cancel_EndsIt_OnceOnly()
    {
        var m = Trading();
        m.From(Ann, Stop(m, 10, Side.Sell, "95"));
        m.From(Ann, new RequestCancelTrigger { Algo = new AlgoId(10), Reason = CancelReason.ByClient });
        Assert.Equal((AlgoStatus.Canceled, CancelReason.ByClient), (m.Only<TriggerUpdate>(Ann).Status, m.Only<TriggerUpdate>(Ann).Reason));
        m.From(Ann, new RequestCancelTrigger { Algo = new AlgoId(10), Reason = CancelReason.ByClient });
        TriggerUpdate unknown = m.Only<TriggerUpdate>(Ann);
        Assert.Equal((AlgoStatus.Rejected, RejectReason.UnknownOrder), (unknown.Status, unknown.Refusal.Reason));
    }

    [Fact]
    public void PriceProtect_RefusesWhileLastAndMarkAreApart()
    {
        var m = Trading();
        SubmitTrigger stop = Stop(m, 10, Side.Sell, "95");
        stop.Flags |= OrderFlags.PriceProtect;
        m.From(Ann, stop);
        m.Trade(Cleo, Dan, "1", "94"); // mark 100, 6 % apart, 5 % are allowed
        TriggerUpdate update = m.Only<TriggerUpdate>(Ann);
        Assert.Equal(AlgoStatus.Rejected, update.Status);
        Assert.Equal(new PackedRefusal(RejectReason.PriceProtected, 5_000_000, 6_000_000), update.Refusal);
        stop.Algo = new AlgoId(11);
        stop.TriggerPrice = m.P("93");
        m.From(Ann, stop);
        m.Index("95");
        m.Trade(Cleo, Dan, "1", "92");
        Assert.Single(m.To<TriggerFired>(Ann));
    }

    [Fact]
    public void GoodTillDate_AndCountdown_EndConditionalOrders()
    {
        var m = Trading();
        SubmitTrigger stop = Stop(m, 10, Side.Sell, "95");
        stop.GoodTill = m.Now.AddMilliseconds(10);
        m.From(Ann, stop);
        m.From(Ann, Stop(m, 11, Side.Sell, "94"));
        m.From(Ann, new RequestCountdown { Milliseconds = 20 });
        m.Restart();
        m.Advance(10);
        Assert.Equal(
            (AlgoStatus.Expired, CancelReason.GoodTillDate),
            (m.Only<TriggerUpdate>(Ann).Status, m.Only<TriggerUpdate>(Ann).Reason));
        m.Advance(10);
        Assert.Equal((AlgoStatus.Canceled, CancelReason.Countdown), (m.Only<TriggerUpdate>(Ann).Status, m.Only<TriggerUpdate>(Ann).Reason));
    }

    [Fact]
    public void Paused_NothingFires_UntilPricesAreUsableAgain()
    {
        var m = Trading();
        SubmitTrigger stop = Stop(m, 10, Side.Sell, "80");
        stop.TriggerSource = TriggerSource.Mark;
        m.From(Ann, stop);
        m.Step(ActorId.Client, new SetMarketStatus { Market = m.Spec.Id, Status = MarketStatus.Halted });
        m.Index("82");
        m.Index("75");
        Assert.Empty(m.To<TriggerFired>(Ann));
        m.Step(ActorId.Client, new SetMarketStatus { Market = m.Spec.Id, Status = MarketStatus.Trading });
        Assert.Equal(m.P("75"), m.Only<TriggerFired>(Ann).FiredAt);
    }

    private static MarketHarness Trading()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "5", "100");
        return m;
    }

    private static SubmitTrigger Stop(MarketHarness m, long algo, Side side, string trigger) => new()
    {
        Algo = new AlgoId(algo),
        Quantity = m.Q("1"),
        TriggerPrice = m.P(trigger),
        Side = side,
        Type = OrderType.StopMarket,
        TimeInForce = TimeInForce.Ioc,
    };
}
