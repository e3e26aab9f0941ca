using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Accounts;

/// <summary>Refusals of everything but new orders, the uppermost row first: each row breaks its rule and all below it.</summary>
public sealed class SettingsPrecedenceTests
{
    private static readonly MarketId s_nowhere = new(99);

    [Fact]
    public void SetLeverage_RowByRow()
    {
        AccountBench b = Frozen(position: "600", isolated: true);
        Expect(b, RejectReason.UnknownMarket, new SetLeverage { Market = s_nowhere, Leverage = 0 });
        Expect(b, RejectReason.InvalidLeverage, new SetLeverage { Market = AccountBench.Market, Leverage = 101 });
        Expect(b, RejectReason.InLiquidation, new SetLeverage { Market = AccountBench.Market, Leverage = 100 });
        b.State.Liquidations = null;
        // 60,000 at the mark; leverage 100 ends at 50,000. Lowering an isolated leg's leverage is 412, after it.
        Expect(b, RejectReason.LeverageTooHighForNotional, new SetLeverage { Market = AccountBench.Market, Leverage = 100 });
        Expect(b, RejectReason.LeverageReductionIsolated, new SetLeverage { Market = AccountBench.Market, Leverage = 1 });
        AccountBench cross = new();
        cross.Hold("10");
        cross.Fund("60");
        Expect(cross, RejectReason.MarginInsufficient, new SetLeverage { Market = AccountBench.Market, Leverage = 10 });
        Expect(cross, RejectReason.None, new SetLeverage { Market = AccountBench.Market, Leverage = 20 });
    }

    [Fact]
    public void SetMarginMode_RowByRow()
    {
        AccountBench b = Frozen(position: "1");
        Expect(b, RejectReason.UnknownMarket, new SetMarginMode { Market = s_nowhere, Mode = (MarginMode)2 });
        Expect(b, RejectReason.InvalidFlags, new SetMarginMode { Market = AccountBench.Market, Mode = (MarginMode)2 });
        Expect(b, RejectReason.InLiquidation, new SetMarginMode { Market = AccountBench.Market, Mode = MarginMode.Cross });
        b.State.Liquidations = null;
        Expect(b, RejectReason.NothingToChange, new SetMarginMode { Market = AccountBench.Market, Mode = MarginMode.Cross });
        Expect(b, RejectReason.OpenOrdersExist, new SetMarginMode { Market = AccountBench.Market, Mode = MarginMode.Isolated });
        AccountBench flat = new();
        flat.Hold("1");
        Expect(flat, RejectReason.PositionExists, new SetMarginMode { Market = AccountBench.Market, Mode = MarginMode.Isolated });
    }

    [Fact]
    public void SetPositionMode_RowByRow()
    {
        AccountBench b = Frozen(position: "1");
        Expect(b, RejectReason.InLiquidation, new SetPositionMode { Hedge = false });
        b.State.Liquidations = null;
        Expect(b, RejectReason.NothingToChange, new SetPositionMode { Hedge = false });
        Expect(b, RejectReason.OpenOrdersExist, new SetPositionMode { Hedge = true });
        AccountBench flat = new();
        flat.Hold("1");
        Expect(flat, RejectReason.PositionExists, new SetPositionMode { Hedge = true });
    }

    [Fact]
    public void Withdraw_RowByRow()
    {
        AccountBench b = Frozen(position: "1");
        b.Tick(PauseReason.Stale);
        b.Prices.WithdrawalsClosed = true;
        Expect(b, RejectReason.UnknownAsset, new Withdraw { Asset = new AssetId(7), Amount = new Amount(-1) });
        Expect(b, RejectReason.InvalidAmount, new Withdraw { Amount = Amount.Zero });
        Withdraw much = new() { Amount = TestExchange.Money("5000") };
        Expect(b, RejectReason.PriceUnavailable, much);
        b.Tick(PauseReason.None);
        Expect(b, RejectReason.InLiquidation, much);
        b.State.Liquidations = null;
        Expect(b, RejectReason.HeldForDeleveraging, much);
        b.State.HeldByRound = 0;
        Expect(b, RejectReason.BalanceInsufficient, much);
        Expect(b, RejectReason.WithdrawalsClosed, new Withdraw { Amount = TestExchange.Money("1") });
    }

    [Fact]
    public void AdjustIsolatedMargin_RowByRow()
    {
        AccountBench b = Frozen(position: "0");
        b.Hold("1", PositionSide.Long);
        b.Tick(PauseReason.Wild);
        Expect(b, RejectReason.UnknownMarket, new AdjustIsolatedMargin { Market = s_nowhere });
        Expect(b, RejectReason.InvalidAmount, new AdjustIsolatedMargin { Market = AccountBench.Market });
        var take = new AdjustIsolatedMargin { Market = AccountBench.Market, Amount = new Amount(-1) };
        Expect(b, RejectReason.PriceUnavailable, take);
        b.Tick(PauseReason.None);
        Expect(b, RejectReason.InLiquidation, take);
        b.State.Liquidations = null;
        Expect(b, RejectReason.HeldForDeleveraging, take);
        b.State.HeldByRound = 0;
        Expect(b, RejectReason.NoPosition, take);
        Expect(b, RejectReason.NotIsolated, take with { PositionSide = PositionSide.Long });
        AccountBench isolated = new();
        isolated.Hold("10", mode: MarginMode.Isolated, isolated: "50");
        Expect(isolated, RejectReason.MarginInsufficient, take);
        Expect(isolated, RejectReason.MarginInsufficient, take with { Amount = TestExchange.Money("950.00000001") });
        Expect(isolated, RejectReason.None, take with { Amount = TestExchange.Money("950") });
    }

    [Fact]
    public void MovePosition_RowByRow()
    {
        AccountBench b = Frozen(position: "1");
        b.Tick(PauseReason.Stale);
        Expect(b, RejectReason.UnknownMarket, new MovePosition { Market = s_nowhere, Mode = (MarginMode)2 });
        Expect(b, RejectReason.InvalidFlags, new MovePosition { Market = AccountBench.Market, Mode = (MarginMode)2 });
        var same = new MovePosition { Market = AccountBench.Market, Mode = MarginMode.Cross };
        Expect(b, RejectReason.PriceUnavailable, same);
        b.Tick(PauseReason.None);
        Expect(b, RejectReason.InLiquidation, same);
        b.State.Liquidations = null;
        Expect(b, RejectReason.HeldForDeleveraging, same);
        b.State.HeldByRound = 0;
        Expect(b, RejectReason.NothingToChange, same);
        Expect(b, RejectReason.OpenOrdersExist, same with { Mode = MarginMode.Isolated });
        Expect(b, RejectReason.NoPosition, same with { Mode = MarginMode.Isolated, PositionSide = PositionSide.Short });
        AccountBench poor = new();
        poor.Hold("100");
        poor.Fund("499.99999999");
        Expect(poor, RejectReason.MarginInsufficient, same with { Mode = MarginMode.Isolated });
    }

    [Fact]
    public void AmendOrder_RowByRow()
    {
        AccountBench b = Frozen(position: "0");
        OrderId order = b.State.Orders[0].Id;
        AmendOrder amend = new() { Market = s_nowhere, Order = new OrderId(999), Side = Side.Sell, Quantity = new Quantity(-1), Price = new Price(-1) };
        Expect(b, RejectReason.UnknownMarket, amend);
        amend.Market = AccountBench.Market;
        Expect(b, RejectReason.UnknownOrder, amend);
        amend.Order = order;
        Expect(b, RejectReason.InvalidSide, amend);
        amend.Side = Side.Buy;
        Expect(b, RejectReason.InvalidQuantity, amend);
        amend.Quantity = b.Q("0.009");
        Expect(b, RejectReason.InvalidPrice, amend);
        amend.Price = new Price(b.P("90").Units + 1);
        b.Tick(PauseReason.Halted);
        Expect(b, RejectReason.MarketHalted, amend);
        b.Tick(PauseReason.None);
        Expect(b, RejectReason.PriceOffTick, amend);
        amend.Price = b.P("90");
        Expect(b, RejectReason.QuantityTooSmall, amend);
        amend.Quantity = b.Q("0.01");
        Expect(b, RejectReason.NotionalTooSmall, amend);
        amend.Quantity = b.Q("0.1");
        Expect(b, RejectReason.InLiquidation, amend);
        b.State.Liquidations = null;
        Expect(b, RejectReason.HeldForDeleveraging, amend);
        b.State.HeldByRound = 0;
        Expect(b, RejectReason.NothingToChange, amend);
        b.Fund("1");
        Expect(b, RejectReason.MarginInsufficient, amend with { Quantity = b.Q("1") });
        Expect(b, RejectReason.None, amend with { Quantity = b.Q("0.15") });
    }

    [Fact]
    public void OutsideMoneyAndNames_AreBounded()
    {
        AccountBench b = new();
        Expect(b, RejectReason.AccountExists, new OpenAccount());
        Expect(b, RejectReason.UnknownAsset, new Deposit { Asset = new AssetId(-1), Amount = new Amount(1) });
        Expect(b, RejectReason.InvalidAmount, new Deposit { Amount = new Amount(long.MaxValue) });
        Expect(b, RejectReason.InvalidAmount, new Deposit { Amount = TestExchange.Money("9999999000.00000001") });
        Expect(b, RejectReason.None, new Deposit { Amount = TestExchange.Money("9999999000") });
        Expect(b, RejectReason.UnknownOrder, new CancelOrder { Market = AccountBench.Market, Order = new OrderId(5) });
        Expect(b, RejectReason.UnknownOrder, new CancelTrigger { Market = AccountBench.Market, Algo = new AlgoId(5) });
        Expect(b, RejectReason.UnknownMarket, new CancelOrder { Market = s_nowhere });
        Expect(b, RejectReason.UnknownMarket, new CancelAllOrders { Market = s_nowhere, Scope = CancelScope.All });
        Expect(b, RejectReason.UnknownMarket, new SetCountdown { Market = s_nowhere });
    }

    /// <summary>In liquidation, held by a round, with an open order, and a position if wanted.</summary>
    private static AccountBench Frozen(string position, bool isolated = false)
    {
        AccountBench b = new();
        Refusal placed = b.Do(new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = b.Q("0.1"),
            Price = b.P("90"),
        });
        Assert.True(placed.IsNone, placed.ToString());
        if (position != "0") b.Hold(position, mode: isolated ? MarginMode.Isolated : MarginMode.Cross, isolated: isolated ? "500" : "0");
        b.InLiquidation();
        b.Held();
        return b;
    }

    private static void Expect<T>(AccountBench bench, RejectReason reason, in T command)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Refusal refusal = bench.Do(command);
        Assert.True(reason == refusal.Reason, $"{T.Kind}: expected {reason}, was {refusal}");
    }
}
