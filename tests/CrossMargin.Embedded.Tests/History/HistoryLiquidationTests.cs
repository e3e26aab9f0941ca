using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.History;

public sealed class HistoryLiquidationTests
{
    [Fact]
    public void Liquidation_WithTakeoverAskedAndDeleveraging_ExplainsItself()
    {
        using var directory = new TempDirectory();
        using ExchangeHistory history = ExchangeHistory.Open(directory.Path, TestProfiles.Simple(), new HistoryOptions()).OrThrow();
        var script = new Script(history);
        var id = new LiquidationId(4);
        script.Command(
            Script.Of(7, 0, new LiquidationStarted
            {
                Liquidation = id,
                Equity = new Amount(49),
                Maintenance = new Amount(50),
                Positions = 1,
                Policy = LiquidationPolicy.ReduceUntilSound,
                Rule = LiquidationRule.EquityAtOrBelowMaintenance,
            }),
            Script.Of(7, 1, new LiquidationOrdered
            {
                Liquidation = id,
                Order = new OrderId(31),
                Quantity = new Quantity(20),
                Position = new Quantity(20),
                BankruptcyPrice = new Price(9_000_000),
                Tier = 2,
            }));
        OrderFilled fill = Script.Filled(31, 5, 5, 20, 9_100_000);
        fill.Liquidation = id;
        fill.Type = FillKind.Liquidation;
        script.Command(
            Script.Of(7, 1, fill),
            Script.Of(-2, 1, new TakeoverDecided
            {
                Liquidation = id,
                From = new AccountId(7),
                Quantity = new Quantity(15),
                Limit = new Amount(1),
                Notional = new Amount(9),
            }),
            Script.Of(0, 1, new DeleverageRoundStarted
            {
                Round = 1,
                Liquidation = id,
                Bankrupt = new AccountId(7),
                Quantity = new Quantity(15),
                Asked = 2,
            }));
        history.Flush();
        script.Command(
            Script.Of(9, 1, new Deleveraged
            {
                Round = 1,
                Trade = new TradeId(8),
                Quantity = new Quantity(15),
                Rank = 1,
                Score = Int128.MaxValue,
            }),
            Script.Of(0, 1, new DeleverageRoundEnded
            {
                Round = 1,
                Liquidation = id,
                Bankrupt = new AccountId(7),
                Closed = new Quantity(15),
            }),
            Script.Of(7, 0, new LiquidationEnded { Liquidation = id, Outcome = LiquidationOutcome.TakenOver, Leftover = new Amount(3) }));
        history.Flush();

        Assert.Equal("7|4|EQUITY_AT_OR_BELOW_MAINTENANCE|0.00000049|0.0000005|TAKEN_OVER|0.00000003", HistoryDump.One(
            directory.Path, "SELECT account, liquidation_id, rule, equity, maintenance, outcome, leftover FROM liquidations"));
        Assert.Equal(
            [
                "LIQUIDATION_STARTED||||", "LIQUIDATION_ORDERED|0.02|90|2|", "FILL|0.005|91||0", "TAKEOVER_DECIDED|0.015|||",
                "DELEVERAGE_ROUND_STARTED|0.015|||", "DELEVERAGED|0.015|||9", "DELEVERAGE_ROUND_ENDED|0.015|||", "LIQUIDATION_ENDED||||",
            ],
            HistoryDump.Rows(
                directory.Path,
                "SELECT step, quantity, price, tier, counterparty FROM liquidation_steps WHERE account = 7 ORDER BY id"));
    }
}
