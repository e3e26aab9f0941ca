using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Tests.Markets;
using CrossMargin.Model;
using CrossMargin.TestKit;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Liquidation;

/// <summary>Rounds that share an asking: who joins, who waits, and how each ends.</summary>
public class GatheredRoundsTests
{
    private static readonly AccountId s_eve = new(5);
    private static readonly AccountId s_finn = new(6);

    [Fact]
    public void Start_WhileTheFirstAreAsked_JoinsAndAsksNobodyAnew()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        Assert.Equal([Bob, Cleo], Asked(m));
        m.Restart();
        m.From(Dan, Start(m, "2", "96"));
        Assert.Empty(m.Sent);
        DeleverageRoundStarted joined = Assert.Single(m.Emitted<DeleverageRoundStarted>());
        Assert.Equal((2L, Dan, 2, m.Q("2")), (joined.Round, joined.Bankrupt, joined.Asked, joined.Quantity));
        Assert.Equal(2, m.View.PendingDeleverages);
        m.Restart();
        m.From(Bob, Answer(1, wallet: "1000", equity: "1010", maintenance: "1"));
        m.From(Cleo, Answer(1, wallet: "1000", equity: "1030", maintenance: "1"));

        // Cleo's profit is the larger: of her 3, one goes to Ann, and with what is left she is first again.
        Assert.Equal([(1L, "1", 1), (2L, "2", 1)], m.Emitted<Deleveraged>().Select(d => (d.Round, m.Spec.Format(d.Quantity), d.Rank)));
        Assert.Equal([m.P("95"), m.P("96")], m.Emitted<Deleveraged>().Select(d => d.Price));
        Assert.Equal([(1L, m.Q("1")), (2L, m.Q("2"))], m.Emitted<DeleverageRoundEnded>().Select(e => (e.Round, e.Closed)));
        Assert.Equal([1L], m.To<DeleverageRelease>(Bob).Select(r => r.Round));
        Assert.Equal([1L], m.To<DeleverageRelease>(Cleo).Select(r => r.Round));
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Dan).Leaves);
        Assert.Equal(0, m.View.PendingDeleverages);

        m.From(s_eve, Start(m, "1", "95"));
        Assert.Equal(3, m.Only<DeleverageQuery>(Bob).Round);
    }

    [Fact]
    public void Start_OfTheOtherSide_WaitsForTheNextAsking()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        m.From(Bob, Start(m, "-1", "85"));
        m.From(Dan, Start(m, "2", "96")); // overtakes Bob, whose side is not asked
        Assert.Empty(m.Sent);
        Assert.Equal(3, m.View.PendingDeleverages);
        m.Restart();
        m.From(Cleo, Answer(1, "1000", "1030", "1"));
        m.From(Bob, Declined(1));
        Assert.Single(m.To<DeleverageDone>(Ann));
        Assert.Single(m.To<DeleverageDone>(Dan));
        Assert.Equal([Bob], m.Emitted<DeleverageRoundStarted>().Where(s => s.Round == 3).Select(s => s.Bankrupt));
        Assert.Equal(1, m.View.PendingDeleverages);
        Assert.Equal([s_eve], Asked(m)); // the only long that is left; it is not in profit
    }

    [Fact]
    public void Start_InTheSecondTurn_WaitsForTheNextAsking()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        m.From(Bob, Declined(1));
        m.From(Cleo, Declined(1));
        Assert.Equal([s_finn], Asked(m));
        m.From(Dan, Start(m, "2", "96"));
        Assert.Empty(m.Sent);
        Assert.Empty(m.Emitted<DeleverageRoundStarted>());
        m.Restart();
        m.From(s_finn, Answer(1, "1000", "1000", "1"));
        Assert.Single(m.To<DeleverageDone>(Ann));
        Assert.Equal([Bob, Cleo], Asked(m).Distinct());
        Assert.Equal([2L], m.To<DeleverageQuery>(Bob).Select(q => q.Round));
    }

    [Fact]
    public void Rounds_ThatNeedNoSecondTurn_EndBeforeIt()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        m.From(Dan, Start(m, "2", "120"));
        m.From(Bob, Answer(1, "1000", "1000", "1"));
        m.From(Cleo, Answer(1, "10", "30", "1")); // at 120 she would end without equity, and Bob has 1 only
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Equal([1L], m.Emitted<DeleverageRoundEnded>().Select(e => e.Round));
        Assert.Equal([(1L, Cleo, 1), (2L, Bob, 2)], Closed(m));
        Assert.Equal([s_finn], Asked(m));
        Assert.Empty(m.To<DeleverageRelease>(Bob));
        Assert.Equal(1, m.View.PendingDeleverages);
        m.Restart();
        m.From(s_finn, Answer(1, "1000", "1000", "1"));
        Assert.Equal([(2L, s_finn, 3)], Closed(m));
        Assert.Empty(m.To<DeleverageDone>(Ann));
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Dan).Leaves);
        foreach (AccountId held in (AccountId[])[Bob, Cleo, s_finn]) Assert.Single(m.To<DeleverageRelease>(held));
    }

    [Fact]
    public void TimeOut_ServesEveryRoundThatWaits()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        m.Advance(3000);
        m.From(Dan, Start(m, "1", "96")); // does not make it longer
        m.From(Cleo, Answer(1, "1000", "1030", "1"));
        m.Advance(1999);
        Assert.Equal(2, m.View.PendingDeleverages);
        m.Advance(1);
        Assert.Equal([(1L, Cleo, 1), (2L, Cleo, 1)], Closed(m));
        Assert.Equal(0, m.View.PendingDeleverages);
        Assert.Single(m.To<DeleverageRelease>(Bob));
        m.From(Bob, Answer(1, "1000", "1030", "1"));
        Assert.Empty(m.Sent);
    }

    [Fact]
    public void TimeOut_OfBothTurns_LeavesTheRestAndReleasesAll()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        m.From(Dan, Start(m, "1", "96"));
        m.Advance(5000);
        Assert.Equal([s_finn], Asked(m));
        m.From(Cleo, Answer(1, "1000", "1030", "1")); // too late for its turn
        Assert.Empty(m.Sent);
        m.Restart();
        m.Advance(5000);
        Assert.Equal([m.Q("1")], m.To<DeleverageDone>(Ann).Select(d => d.Leaves));
        Assert.Equal([m.Q("1")], m.To<DeleverageDone>(Dan).Select(d => d.Leaves));
        foreach (AccountId asked in (AccountId[])[Bob, Cleo, s_finn]) Assert.Single(m.To<DeleverageRelease>(asked));
    }

    [Fact]
    public void Round_OfAPositionThatIsGone_ClosesNothing()
    {
        MarketHarness m = ThreeLongs();
        m.From(Ann, Start(m, "1", "95"));
        m.From(Dan, Start(m, "2", "96"));
        m.From(AccountId.Fund, new TakeOver { Account = Dan, Liquidation = new LiquidationId(8), Quantity = m.Q("2"), Price = m.P("91") });
        m.From(new AccountId(77), Start(m, "3", "90")); // never held anything
        Assert.Equal([Quantity.Zero], m.Emitted<DeleverageRoundStarted>().Select(s => s.Quantity));
        m.From(Bob, Answer(1, "1000", "1010", "1"));
        m.From(Cleo, Answer(1, "1000", "1030", "1"));
        Assert.Equal([(1L, Cleo, 1)], Closed(m));
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(new AccountId(77)).Leaves);
        m.From(s_finn, Answer(1, "1000", "1000", "1")); // Dan's has a rest on paper: the others were asked too
        Assert.Equal(m.Q("2"), m.Only<DeleverageDone>(Dan).Leaves);
        Assert.Equal("2", m.Position(AccountId.Fund));
    }

    [Fact]
    public void Round_WhoBecameBankruptBehindItsAnswer_IsNoCounterparty()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "1", "100");
        m.From(Dan, m.Order(70, Side.Buy, "2", "100") with { PositionSide = PositionSide.Long });
        m.Sell(Cleo, 71, "2", "100", TimeInForce.Ioc);
        m.From(Dan, m.Order(72, Side.Sell, "2", "100") with { PositionSide = PositionSide.Short });
        m.Buy(s_eve, 73, "2", "100", TimeInForce.Ioc);
        m.Index("90");
        m.From(Ann, Start(m, "1", "95"));
        Assert.Equal([Bob, Cleo, Dan], Asked(m));
        m.From(Bob, Declined(1));
        m.From(Dan, Answer(1, "1000", "1030", "1") with { PositionSide = PositionSide.Short });
        m.From(Dan, Start(m, "2", "96") with { PositionSide = PositionSide.Long });
        m.From(Cleo, Answer(1, "1000", "1030", "1"));
        Assert.Equal([(1L, Cleo, 1), (2L, Cleo, 1)], Closed(m));
        Assert.Equal("-2", m.Position(Dan, PositionSide.Short));
        Assert.Single(m.To<DeleverageRelease>(Dan));
    }

    [Fact]
    public void Rounds_LastComesTheHouse_ForEach()
    {
        var m = new MarketHarness(TestProfiles.Simple("""{"markets":{"AAAUSDT":{"house":{"enabled":true}}}}"""));
        m.Index("100");
        m.Buy(Ann, 1, "3", "100.1", TimeInForce.Ioc);
        m.Buy(Dan, 1, "2", "100.1", TimeInForce.Ioc);
        m.Trade(s_eve, Bob, "1", "100");
        m.Index("99");
        m.From(Ann, Start(m, "5", "95"));
        m.From(Dan, Start(m, "2", "95"));
        m.From(Bob, Declined(1));
        Assert.Equal([(AccountId.House, m.Q("3"))], m.To<Fill>(Ann).Select(f => (f.Counterparty, f.Quantity)));
        Assert.Equal([(AccountId.House, m.Q("2"))], m.To<Fill>(Dan).Select(f => (f.Counterparty, f.Quantity)));
        Assert.Equal("0", m.Spec.Format(m.View.HouseQuantity));
        Assert.Equal(2, m.Emitted<DeleverageRoundEnded>().Count);
    }

    [Fact]
    public void Asking_ServesSoManyRounds_TheOthersWaitInTheirOrder()
    {
        var m = new MarketHarness();
        m.Index("100");
        int requests = DeleverageRounds.MostGathered + 3;
        for (int i = 0; i < requests; i++) m.Trade(new AccountId(100 + i), Bob, "1", "100");
        m.Index("90");
        for (int i = 0; i < requests; i++) m.From(new AccountId(100 + i), Start(m, "1", "95"));
        Assert.Equal(requests, m.View.PendingDeleverages);
        m.Restart();
        m.From(Bob, Answer(1, "100000", "110000", "1"));
        Assert.Equal(DeleverageRounds.MostGathered, m.Emitted<Deleveraged>().Count);
        Assert.Equal([1L], m.To<DeleverageRelease>(Bob).Select(r => r.Round));
        Assert.Equal([DeleverageRounds.MostGathered + 1L], m.To<DeleverageQuery>(Bob).Select(q => q.Round));
        Assert.Equal(
            [100 + DeleverageRounds.MostGathered, 101 + DeleverageRounds.MostGathered, 102 + DeleverageRounds.MostGathered],
            m.Emitted<DeleverageRoundStarted>().Select(s => s.Bankrupt.Value));
        m.From(Bob, Answer(DeleverageRounds.MostGathered + 1, "100000", "110000", "1"));
        Assert.Equal(3, m.Emitted<DeleverageRoundEnded>().Count);
        Assert.Equal(0, m.View.PendingDeleverages);
    }

    [Fact]
    public void Read_AnOpenRoundOfTheLayoutBefore_IsRefusedInClearWords()
    {
        MarketHarness m = ThreeLongs();
        byte[] idle = m.State();
        m.From(Ann, Start(m, "1", "95"));
        byte[] open = m.State();
        int at = 0;
        while (idle[at] == open[at] || open[at] != 2) at++; // the round's number comes first and is 1
        byte[] older = [.. open];
        older[at] = 1;
        StateFormatException e = Assert.Throws<StateFormatException>(() => new MarketActor(m.Spec, m.Profile).Read(new StateReader(older)));
        Assert.Contains("an open deleveraging round has layout 1, this release reads layout 2", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Longs from 100: Ann 1, Dan 2, Eve 3. Shorts: Bob 1 and Cleo 3 from 100, in profit at 90; Finn 2 from 85.</summary>
    private static MarketHarness ThreeLongs()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "1", "100");
        m.Trade(Dan, Cleo, "2", "100");
        m.Trade(s_eve, Cleo, "1", "100");
        m.Index("90");
        m.Trade(s_eve, s_finn, "2", "85");
        Assert.Equal(m.P("90"), m.View.Mark);
        return m;
    }

    private static List<AccountId> Asked(MarketHarness m) =>
        [.. m.Sent.Where(s => s.Kind == MessageKind.DeleverageQuery).Select(s => new AccountId(s.To.Number))];

    private static List<(long Round, AccountId Account, int Rank)> Closed(MarketHarness m) =>
        [.. m.Events.Where(e => e.Kind == EventKind.Deleveraged).Select(e => (e.Body<Deleveraged>().Round, e.Account, e.Body<Deleveraged>().Rank))];

    private static StartDeleverage Start(MarketHarness m, string quantity, string price) =>
        new() { Liquidation = new LiquidationId(8), Quantity = quantity[0] == '-' ? -m.Q(quantity[1..]) : m.Q(quantity), Price = m.P(price) };

    private static DeleverageAnswer Answer(long round, string wallet, string equity, string maintenance) =>
        new() { Round = round, Wallet = A(wallet), Equity = A(equity), Maintenance = A(maintenance) };

    private static DeleverageAnswer Declined(long round) => new() { Round = round, Declined = true };
}
