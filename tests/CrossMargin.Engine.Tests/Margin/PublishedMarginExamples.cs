using CrossMargin.Engine.Margin;
using CrossMargin.Model;
using CrossMargin.TestKit.Margin;
using static CrossMargin.TestKit.Margin.MarginVenue;

namespace CrossMargin.Engine.Tests.Margin;

/// <summary>Worked examples that venues have published, each with its source.</summary>
public sealed class PublishedMarginExamples
{
    /// <summary>
    /// Source: binance.com/en/support/faq/b3c689c1f50a44cabb3a84e663b81d93 (formula; the figures of its example account are in
    /// freqtrade's tests/exchange/test_binance.py, test_liquidation_price_binance): 1153.26 and 26316.89, to the nearest cent.
    /// </summary>
    [Theory]
    [InlineData(1, "1153.25647", "1153.26")]
    [InlineData(2, "26316.89327", "26316.9")]
    public void LiquidationPrice_BinanceTwoPositions_IsThePublishedPrice(int market, string exact, string shown)
    {
        var venue = new MarginVenue();
        MarketSpec eth = venue.Add("ETHUSDT", "0.01", "0.001", OneRate("0.1", "135365"));
        MarketSpec btc = venue.Add("BTCUSDT", "0.01", "0.001", OneRate("0.025", "16300"));
        VenueProfile profile = venue.Build();
        Leg[] legs = [Leg(eth, "3683.979", "1456.84"), Leg(btc, "109.488", "32481.98")];
        Price[] marks = [At(eth, "1335.18"), At(btc, "31967.27")];
        Amount wallet = Money("1535443.01");

        Assert.Equal(Money("356512.50812200"), LegMath.MaintenanceUp(eth, legs[0].Quantity, marks[0]));
        Assert.Equal(Money("71200.81144400"), LegMath.MaintenanceUp(btc, legs[1].Quantity, marks[1]));
        MovingPool pool = MovingPool.OfCross(profile, new MarketId(market), legs, [wallet], marks, marks);

        // The unit of these markets is 0.00001: the first price at which the pool is liquidatable is one unit below the exact root.
        Price found = LiquidationPrice.FindExact(pool)!.Value;
        Assert.Equal(exact, pool.Spec.Format(new Price(found.Units + 1)));
        Assert.Equal(shown, pool.Spec.Format(LiquidationPrice.Find(pool)!.Value));
    }

    /// <summary>
    /// Source: the same FAQ with one isolated position whose wallet is the whole balance (freqtrade, same test): 1114.78 and 18778.73 to
    /// the nearest cent; a long's price is shown rounded up to the tick.
    /// </summary>
    [Theory]
    [InlineData("3683.979", "1456.84", "0.1", "135365", "1114.79")]
    [InlineData("109.488", "32481.98", "0.025", "16300", "18778.73")]
    public void LiquidationPrice_BinanceIsolated_IsThePublishedPriceUpToTheTick(
        string quantity, string entry, string rate, string deduction, string shown)
    {
        var venue = new MarginVenue();
        MarketSpec spec = venue.Add("AUSDT", "0.01", "0.001", OneRate(rate, deduction));
        Leg leg = Leg(spec, quantity, entry);
        leg.Mode = MarginMode.Isolated;
        leg.IsolatedWallet = Money("1535443.01");
        MovingPool pool = MovingPool.OfIsolated(venue.Build(), leg, At(spec, entry));
        Assert.Equal(shown, spec.Format(LiquidationPrice.Find(pool)!.Value));
    }

    /// <summary>
    /// Source: dydxprotocol/v4-documentation, docs/pages/concepts/trading/liquidations.mdx: short 3 ETH at 3,000 with equity 1,000 and a
    /// maintenance fraction of 5 % is liquidated at 3174.60; short 1.5 ETH beside 1,000 STRK at 1.75 (10 %) at 3380.95.
    /// </summary>
    [Theory]
    [InlineData("-3", "0", "3174.6")]
    [InlineData("-1.5", "1000", "3380.95")]
    public void LiquidationPrice_DydxShort_IsThePublishedPrice(string ethSize, string strkSize, string shown)
    {
        var venue = new MarginVenue { EqualityIsSafe = true };
        MarketSpec eth = venue.Add("ETH", "0.01", "0.001", OneRate("0.05"));
        MarketSpec strk = venue.Add("STRK", "0.0001", "1", OneRate("0.1"));
        VenueProfile profile = venue.Build();
        Leg[] legs = [Leg(eth, ethSize, "3000"), Leg(strk, strkSize, "1.75")];
        Price[] marks = [At(eth, "3000"), At(strk, "1.75")];
        MovingPool pool = MovingPool.OfCross(profile, eth.Id, legs, [Money("1000")], marks, marks);
        Assert.Equal(shown, eth.Format(LiquidationPrice.Find(pool)!.Value));
    }

    /// <summary>
    /// Source: dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations_test.go, TestGetBankruptcyPriceInQuoteQuantums (BTC at 50,000,
    /// ETH at 3,000, maintenance 10 %): what closing must bring, here per unit of the asset.
    /// </summary>
    [Theory]
    [InlineData("-4501", "0.1", "0", 1, "45010")]
    [InlineData("5499", "-0.1", "0", 1, "54990")]
    [InlineData("-5000", "0.1", "0", 1, "50000")]
    [InlineData("5000", "-0.1", "0", 1, "50000")]
    [InlineData("-5100", "0.1", "0", 1, "51000")]
    [InlineData("4900", "-0.1", "0", 1, "49000")]
    [InlineData("-490", "0.004", "0.1", 2, "2940")]
    [InlineData("510", "-0.004", "-0.1", 2, "3060")]
    [InlineData("110", "0.004", "-0.1", 2, "3060")]
    [InlineData("-13", "1", "0", 1, "13")]
    [InlineData("13", "-1", "0", 1, "13")]
    public void BankruptcyPrice_Dydx_IsThePublishedPrice(string quote, string btcSize, string ethSize, int market, string expected)
    {
        var venue = new MarginVenue();
        MarketSpec btc = venue.Add("BTC", "0.01", "0.0001", OneRate("0.1"));
        MarketSpec eth = venue.Add("ETH", "0.01", "0.0001", OneRate("0.1"));
        VenueProfile profile = venue.Build();

        // dYdX keeps the quote balance after the purchase; here the cost is the position's own.
        Leg[] legs = [Leg(btc, btcSize, "50000"), Leg(eth, ethSize, "3000")];
        Price[] marks = [At(btc, "50000"), At(eth, "3000")];
        Amount wallet = Money(quote) + legs[0].OpenCost + legs[1].OpenCost;
        PoolFigures pool = PoolJudge.Cross(profile, legs, marks, wallet);
        MarketSpec spec = profile[new MarketId(market)];
        Quantity quantity = legs[market - 1].Quantity;
        Amount maintenance = LegMath.MaintenanceUp(spec, quantity, marks[market - 1]);
        Price price = BankruptcyPrice.Of(spec, quantity, marks[market - 1], pool.Equity, maintenance, pool.Maintenance);
        Assert.Equal(expected, spec.Format(price));
    }

    /// <summary>
    /// Source: the same test, "cannot be liquidated at a loss": no price above zero takes the last equity; one unit is the least.
    /// </summary>
    [Fact]
    public void BankruptcyPrice_LongThatCannotLoseEverything_IsOneUnit()
    {
        var venue = new MarginVenue();
        MarketSpec btc = venue.Add("BTC", "0.01", "0.0001", OneRate("0.1"));
        Price price = BankruptcyPrice.Of(btc, Lots(btc, "1"), At(btc, "50000"), share: Money("50001"));
        Assert.Equal(1, price.Units);
    }

    /// <summary>
    /// Source: "Cost Required to Open a Position in Perpetual Futures Contracts" of Binance (binance.com/en/support/faq/
    /// 87fa7ee33b574f7084d42bd2ce2e463b), and the same with newer numbers at Cointiger (articles/4408020844954) and Aster
    /// (docs.asterdex.com, Costs of opening positions): 1 BTC at 20x.
    /// </summary>
    [Theory]
    [InlineData(Side.Buy, "9253.30", "9259.84", "462.665", "0")]
    [InlineData(Side.Sell, "9253.30", "9259.84", "462.665", "6.54")]
    [InlineData(Side.Buy, "34764.02", "34770.73", "1738.201", "0")]
    [InlineData(Side.Sell, "34764.02", "34770.73", "1738.201", "6.71")]
    [InlineData(Side.Buy, "102990.0", "102988.4", "5149.5", "1.6")]
    [InlineData(Side.Sell, "102990.0", "102988.4", "5149.5", "0")]
    public void OrderMargin_OneOrder_IsThePublishedCost(Side side, string price, string mark, string initial, string loss)
    {
        var venue = new MarginVenue();
        MarketSpec btc = venue.Add("BTCUSDT", "0.01", "0.001", OneRate("0.004"));
        Quantity one = Lots(btc, "1");
        Amount value = btc.Notional(At(btc, price), one);
        OrderLoad load = side == Side.Buy
            ? new OrderLoad { Market = btc.Id, Bids = value, BidQuantity = one }
            : new OrderLoad { Market = btc.Id, Asks = value, AskQuantity = one };
        Assert.Equal(Money(initial), OrderMargin.InitialUp(btc, PositionSide.Both, Quantity.Zero, 20, load, At(btc, mark)));
        Assert.Equal(Money(loss), OrderMargin.OpenLoss(btc, side, one, At(btc, price), At(btc, mark)));
    }

    /// <summary>
    /// Source: dev.binance.vision/t/margin-requirements/17078: short 1 BTC at mark 10,000, a buy of 1.5 BTC at 10,000. The requirement
    /// max(|−10,000 + 15,000|, |−10,000|) is what the position already holds: nothing more is reserved.
    /// </summary>
    [Fact]
    public void OrderMargin_OrderThatTurnsTheShort_ReservesNothingMore()
    {
        var venue = new MarginVenue();
        MarketSpec btc = venue.Add("BTCUSDT", "0.01", "0.001", OneRate("0.004"));
        var load = new OrderLoad { Bids = Money("15000"), BidQuantity = Lots(btc, "1.5") };
        Assert.Equal(Amount.Zero, OrderMargin.InitialUp(btc, PositionSide.Both, Lots(btc, "-1"), 1, load, At(btc, "10000")));
    }

    /// <summary>
    /// Source: "Margin Trading Explained" of Flipster (support.flipster.io articles/7352962731663): long 0.1 BTC at 30,000, 10x, 1 %
    /// maintenance: safe with 100 left at 28,000, liquidated with −100 at 26,000.
    /// </summary>
    [Theory]
    [InlineData("36000", "900", false)]
    [InlineData("28000", "100", false)]
    [InlineData("26000", "-100", true)]
    public void Isolated_Flipster_IsThePublishedMargin(string mark, string remaining, bool liquidatable)
    {
        var venue = new MarginVenue();
        MarketSpec btc = venue.Add("BTCUSDT", "0.1", "0.001", OneRate("0.01"));
        Leg leg = Leg(btc, "0.1", "30000");
        leg.Mode = MarginMode.Isolated;
        leg.IsolatedWallet = LegMath.InitialUp(LegMath.Notional(btc, leg.Quantity, At(btc, "30000")), 10);
        Assert.Equal(Money("300"), leg.IsolatedWallet);
        PoolFigures pool = PoolJudge.Isolated(venue.Build(), leg, At(btc, mark));
        Assert.Equal(Money(remaining), pool.Equity);
        Assert.Equal(liquidatable, pool.IsLiquidatable(equalityIsSafe: false));
    }

    /// <summary>
    /// Source: the Binance FAQ above (2020 table): a BTCUSDT position of 264,000 lies in the tier of 1 %, whose maintenance amount is
    /// 250,000 × (1 % − 0.5 %) + 50 = 1,300.
    /// </summary>
    [Fact]
    public void TierTable_Binance2020_HasThePublishedMaintenanceAmount()
    {
        var tiers = new TierTable(
            [Tier("0", "0.004", "0", 125), Tier("50000", "0.005", "50", 100), Tier("250000", "0.01", "1300", 50)],
            flat: false,
            Money("1000000"));
        Assert.Null(tiers.Validate());
        Assert.Equal(Money("1340"), tiers.MaintenanceUp(Money("264000")));
        Assert.Equal(Money("1200"), tiers.MaintenanceUp(Money("250000")));
    }

    /// <summary>
    /// Source: Bybit's BTCUSDT margin parameters (bybitx.global/pt-PT/announcement-info/margin-parameters): the deductions are those
    /// that keep maintenance continuous at each limit.
    /// </summary>
    [Fact]
    public void TierTable_BybitBtc_IsContinuousAtEveryPublishedLimit()
    {
        var tiers = new TierTable(
            [
                Tier("0", "0.005", "0", 100), Tier("2000000", "0.0056", "1200", 90), Tier("2600000", "0.0063", "3020", 80),
                Tier("3200000", "0.0067", "4300", 75), Tier("3800000", "0.0071", "5820", 70), Tier("4400000", "0.0077", "8460", 60),
                Tier("5000000", "0.0091", "15460", 55), Tier("5600000", "0.01", "20500", 50), Tier("8500000", "0.013", "46000", 38),
            ], flat: false, Money("10000000"));
        Assert.Null(tiers.Validate());
        Assert.Equal(Money("64500"), tiers.MaintenanceUp(Money("8500000")));
    }

    private static Price At(MarketSpec spec, string text) =>
        spec.TryParsePrice(text, DecimalRounding.Exact, out Price price) ? price : throw new ArgumentException(text);

    private static Quantity Lots(MarketSpec spec, string text) =>
        spec.TryParseQuantity(text, DecimalRounding.Exact, out Quantity lots) ? lots : throw new ArgumentException(text);

    private static Leg Leg(MarketSpec spec, string size, string entry) => new()
    {
        Market = spec.Id,
        Leverage = 20,
        Quantity = Lots(spec, size),
        OpenCost = spec.Notional(At(spec, entry), Lots(spec, size)),
    };
}
