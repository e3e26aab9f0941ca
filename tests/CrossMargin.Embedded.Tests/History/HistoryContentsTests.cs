using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>What the views print of events written by hand. The simple profile's AAAUSDT: unit 0.00001, lot 0.001.</summary>
public sealed class HistoryContentsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ExchangeHistory _history;
    private readonly Script _script;

    public HistoryContentsTests()
    {
        _history = ExchangeHistory.Open(_directory.Path, TestProfiles.Simple(), new HistoryOptions()).OrThrow();
        _script = new Script(_history);
    }

    [Fact]
    public void Orders_FilledAmendedCancelledRefused_ShowTheirFinalState()
    {
        _script.Command(Script.Of(7, 1, Script.Accepted(1, 1_500, 12_345_600, "mine-1")));
        _script.Command(Script.Of(7, 1, Script.Filled(1, 500, 500, 1_500, 12_345_600)));
        _history.Flush();
        Assert.Equal(
            "1|AAAUSDT|BUY|LIMIT|GTC|123.456|1.5|0.5|61.728|PARTIALLY_FILLED||mine-1|2021-05-19T12:00:00.001Z|2021-05-19T12:00:00.002Z|",
            Order(1));

        _script.Command(Script.Of(7, 1, new OrderAmended
        {
            Order = new OrderId(1),
            Quantity = new Quantity(2_000),
            Leaves = new Quantity(1_500),
            Price = new Price(12_400_000),
        }));
        _script.Command(Script.Of(7, 1, new OrderReduced
        {
            Order = new OrderId(1),
            Canceled = new Quantity(400),
            Quantity = new Quantity(1_600),
            Leaves = new Quantity(1_100),
        }));
        _script.Command(Script.Of(7, 1, new OrderEnded
        {
            Order = new OrderId(1),
            Quantity = new Quantity(1_600),
            Cumulative = new Quantity(500),
            Price = new Price(12_400_000),
            Status = OrderStatus.Canceled,
            Reason = CancelReason.ByClient,
        }));
        _script.Command(
            Script.Of(7, 1, Script.Accepted(2, 10, 100_000)),
            Script.Of(7, 1, new OrderEnded
            {
                Order = new OrderId(2),
                Quantity = new Quantity(10),
                Price = new Price(100_000),
                Status = OrderStatus.Rejected,
                Refusal = new PackedRefusal(RejectReason.ReduceOnlyRejected, 3, 10),
            }));
        _history.Flush();
        Assert.Equal(
            "1|AAAUSDT|BUY|LIMIT|GTC|124|1.6|0.5|61.728|CANCELED|BY_CLIENT|mine-1|2021-05-19T12:00:00.001Z|"
            + "2021-05-19T12:00:00.005Z|2021-05-19T12:00:00.005Z",
            Order(1));
        Assert.Equal(
            "REDUCE_ONLY_REJECTED|3|10", HistoryDump.One(
                _directory.Path, "SELECT refusal, refusal_limit, refusal_actual FROM orders WHERE order_id = 2"));
        Assert.Empty(HistoryDump.Rows(_directory.Path, "SELECT * FROM open_orders"));
    }

    [Fact]
    public void FillsIncomeTransfers_OfOneAccount_AddUpToItsWallet()
    {
        _script.Command(Script.Of(7, 0, new BalanceChanged
        {
            Change = new Amount(1_000_00000000),
            WalletAfter = new Amount(1_000_00000000),
            Reason = BalanceReason.Deposit,
        }));
        OrderFilled fill = Script.Filled(1, 5, 5, 5, 12_345_601, profit: -3_00000001, fee: 25);
        fill.WalletAfter = new Amount(996_99999974);
        fill.IsMaker = true;
        fill.Counterparty = AccountId.House;
        fill.PositionAfter = new Quantity(-5);
        fill.OpenCostAfter = new Amount(-61728005);
        _script.Command(Script.Of(7, 1, Script.Accepted(1, 5, 12_345_601)), Script.Of(7, 1, fill));
        _script.Command(Script.Of(7, 2, new BalanceChanged
        {
            Change = new Amount(-1),
            WalletAfter = new Amount(996_99999973),
            Reason = BalanceReason.Funding,
        }));
        _script.Command(Script.Of(7, 2, new BalanceChanged { Reason = BalanceReason.IsolatedMargin }));
        _history.AppendEquity(new AccountId(7), new Timestamp(Script.Start), new Amount(99), new Amount(-50000000));
        _history.Flush();

        Assert.Equal(
            "7|2021-05-19T12:00:00.002Z|AAAUSDT|705|1|BUY|BOTH|123.45601|0.005|0.00000025|-3.00000001|1|TRADE||-1|"
            + "-0.005|-0.61728005|996.99999974",
            HistoryDump.One(_directory.Path, """
                SELECT account, time, symbol, trade_id, order_id, side, position_side, price, quantity, fee, realized_profit, maker, kind,
                    liquidation_id, counterparty, position, open_cost, wallet FROM fills
                """));
        Assert.Equal(
            ["DEPOSIT||1000", "COMMISSION|AAAUSDT|-0.00000025", "REALIZED_PROFIT|AAAUSDT|-3.00000001", "FUNDING|BBBUSDT|-0.00000001"],
            HistoryDump.Rows(_directory.Path, "SELECT reason, symbol, income FROM income WHERE account = 7 ORDER BY id, reason"));
        Assert.Equal("99699999973", HistoryDump.One(_directory.Path, "SELECT sum(income_e8) FROM income WHERE account = 7"));
        Assert.Equal("DEPOSIT|USDT|1000", HistoryDump.One(_directory.Path, "SELECT reason, asset, change FROM transfers"));
        Assert.Equal("0.00000099|-0.5", HistoryDump.One(_directory.Path, "SELECT wallet, equity FROM equity WHERE account = 7"));
        Assert.Equal("AAAUSDT|-0.005|-0.61728005", HistoryDump.One(_directory.Path, "SELECT symbol, position, open_cost FROM positions"));
        Assert.Equal("BUY|1|2021-05-19T12:00:00.002Z", HistoryDump.One(_directory.Path, "SELECT side, order_id, ended FROM orders"));
    }

    [Fact]
    public void Markets_TradesPricesFundingPauses_AreAllThere()
    {
        _script.Command(
            Script.Of(0, 1, new Traded
            {
                Trade = new TradeId(9),
                Price = new Price(10_000_001),
                Quantity = new Quantity(7),
                Buyer = new AccountId(3),
                Seller = AccountId.House,
                BuyOrder = new OrderId(4),
                TakerSide = Side.Buy,
                Type = FillKind.Liquidation,
            }),
            Script.Of(0, 1, new PriceChanged
            {
                Index = new Price(10_000_000),
                Mark = new Price(10_100_000),
                OpenInterest = new Quantity(70),
            }),
            Script.Of(0, 2, new FundingSettled
            {
                Rate = new Rate(-10_000),
                Mark = new Price(5),
                FundingTime = new Timestamp(Script.Start),
                Paid = new Amount(12),
                Received = new Amount(10),
                Holders = 3,
            }),
            Script.Of(0, 2, new FundingSkipped { FundingTime = new Timestamp(Script.Start) }),
            Script.Of(0, 2, new MarketStatusChanged { Status = MarketStatus.Halted }),
            Script.Of(0, 2, new LiquidationPaused { Reason = PauseReason.Stale, LastUpdate = new Timestamp(Script.Start) }),
            Script.Of(0, 2, new LiquidationResumed { Reason = PauseReason.Stale }),
            Script.Of(-2, 0, new FundBalanceChanged
            {
                Change = new Amount(-5),
                WalletAfter = new Amount(100),
                Reason = FundReason.Shortfall,
                From = new AccountId(3),
            }),
            Script.Of(-2, 0, new DeficitChanged { Change = new Amount(-6), DeficitAfter = new Amount(-6), From = new AccountId(3) }));
        _history.Flush();

        Assert.Equal("AAAUSDT|9|100.00001|0.007|BUY|LIQUIDATION|3|-1|4|", HistoryDump.One(
            _directory.Path,
            "SELECT symbol, trade_id, price, quantity, taker_side, kind, buyer, seller, buy_order_id, sell_order_id FROM trades"));
        Assert.Equal("100|101||0.07", HistoryDump.One(_directory.Path, "SELECT index_price, mark, last, open_interest FROM prices"));
        Assert.Equal(["0|-0.0001|0.00000012|3", "1|||"], HistoryDump.Rows(
            _directory.Path, "SELECT skipped, rate, paid, holders FROM funding ORDER BY id"));
        Assert.Equal(
            ["MARKET_STATUS_CHANGED|HALTED|", "LIQUIDATION_PAUSED||STALE", "LIQUIDATION_RESUMED||STALE"],
            HistoryDump.Rows(_directory.Path, "SELECT kind, status, reason FROM market_states ORDER BY id"));
        Assert.Equal("-0.00000005|0.000001|SHORTFALL|3", HistoryDump.One(
            _directory.Path, "SELECT change, balance, reason, account FROM fund"));
        Assert.Equal("-0.00000006|-0.00000006|3", HistoryDump.One(_directory.Path, "SELECT change, balance, account FROM deficit"));
    }

    [Fact]
    public void EveryKindOfEvent_HasAPlace()
    {
        foreach (EventKind kind in Enum.GetValues<EventKind>())
        {
            if (kind != EventKind.None) _script.Command(EmptyEvents.Of(kind));
        }

        _history.Flush();
        Assert.Equal(_script.Sequence, _history.WrittenSequence);
        foreach ((string name, _) in HistoryViews.All) HistoryDump.Rows(_directory.Path, $"SELECT * FROM {name}");
    }

    [Fact]
    public void AccountQueries_OnLargeTables_UseTheIndex()
    {
        _history.Flush();
        string[] views =
        [
            "orders", "open_orders", "conditional_orders", "fills", "income", "transfers", "equity", "settings", "refusals", "liquidations",
        ];
        foreach (string view in views)
        {
            List<string> plan = HistoryDump.Rows(_directory.Path, $"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE account = 7");
            Assert.Contains(plan, line => line.Contains("|SEARCH", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, IsScanOfRows);
        }
    }

    public void Dispose()
    {
        _history.Dispose();
        _directory.Dispose();
    }

    // The large tables are r and e in the views, or named *_rows; markets and assets may be scanned.
    private static bool IsScanOfRows(string line) =>
        line.Contains("SCAN r", StringComparison.Ordinal) || line.Contains("SCAN e", StringComparison.Ordinal)
        || (line.Contains("SCAN", StringComparison.Ordinal) && line.Contains("_rows", StringComparison.Ordinal));

    private string Order(long order) => HistoryDump.One(_directory.Path, $"""
        SELECT order_id, symbol, side, type, time_in_force, price, quantity, filled, filled_quote, status, reason, client_order_id, time,
            changed, ended
        FROM orders WHERE account = 7 AND order_id = {order}
        """);
}
