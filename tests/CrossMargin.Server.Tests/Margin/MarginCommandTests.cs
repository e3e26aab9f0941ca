using System.Text.Json;
using CrossMargin.Server.Margin;

namespace CrossMargin.Server.Tests.Margin;

public sealed class MarginCommandTests
{
    /// <summary>
    /// The account of Binance's FAQ b3c689c1f50a44cabb3a84e663b81d93, figures as in freqtrade's tests/exchange/test_binance.py
    /// (test_liquidation_price_binance): liquidation at 1153.26 and 26316.89. The exact second price is 26316.8933: the published one is
    /// rounded to the nearest cent, ours up to the tick.
    /// </summary>
    private const string TwoPositions = """
        {"walletBalance":"1535443.01","positions":[
        {"symbol":"ETHUSDT","side":"long","mode":"cross","quantity":"3683.979","entryPrice":"1456.84","markPrice":"1335.18",
         "tickSize":"0.01","stepSize":"0.001","tiers":[{"floor":"0","rate":"0.10","deduction":"135365","maxLeverage":5}]},
        {"symbol":"BTCUSDT","side":"long","mode":"cross","quantity":"109.488","entryPrice":"32481.98","markPrice":"31967.27",
         "tickSize":"0.01","stepSize":"0.001","tiers":[{"floor":"0","rate":"0.025","deduction":"16300","maxLeverage":20}]}]}
        """;

    [Fact]
    public void Run_BinanceTwoPositions_PrintsThePublishedFigures()
    {
        string expected = """
            {
              "walletBalance": "1535443.01",
              "equity": "1030895.55638",
              "unrealizedProfit": "-504547.45362",
              "initialMargin": "1158756.639132",
              "orderMargin": "0",
              "maintenanceMargin": "427713.319566",
              "marginRatio": "0.41489492",
              "availableBalance": "0",
              "withdrawable": "0",
              "positions": [
                {
                  "symbol": "ETHUSDT",
                  "side": "long",
                  "notional": "4918775.08122",
                  "unrealizedProfit": "-448192.88514",
                  "initialMargin": "983755.016244",
                  "maintenanceMargin": "356512.508122",
                  "liquidationPrice": "1153.26",
                  "bankruptcyPrice": "1101.93115"
                },
                {
                  "symbol": "BTCUSDT",
                  "side": "long",
                  "notional": "3500032.45776",
                  "unrealizedProfit": "-56354.56848",
                  "initialMargin": "175001.622888",
                  "maintenanceMargin": "71200.811444",
                  "liquidationPrice": "26316.9",
                  "bankruptcyPrice": "30399.86831"
                }
              ]
            }

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), Answer(TwoPositions).ReplaceLineEndings("\n"));
    }

    /// <summary>
    /// The FAQ's isolated case: the wallet is the position's own (freqtrade, same test: 1114.78 and 18778.73 to the nearest cent; exact
    /// 1114.78496 and 18778.72593).
    /// </summary>
    [Theory]
    [InlineData("3683.979", "1456.84", "0.10", "135365", "1114.79")]
    [InlineData("109.488", "32481.98", "0.025", "16300", "18778.73")]
    public void Run_BinanceIsolated_PrintsThePublishedPrice(string quantity, string entry, string rate, string deduction, string price)
    {
        JsonElement answer = Json($$"""
            {"walletBalance":"2000000","positions":[{"symbol":"XUSDT","side":"long","mode":"isolated","quantity":"{{quantity}}",
            "entryPrice":"{{entry}}","markPrice":"{{entry}}","isolatedMargin":"1535443.01","tickSize":"0.01","stepSize":"0.001",
            "tiers":[{"floor":"0","rate":"{{rate}}","deduction":"{{deduction}}","maxLeverage":"125"}]}]}
            """);
        Assert.Equal(price, answer.GetProperty("positions")[0].GetProperty("liquidationPrice").GetString());
        Assert.Equal("464556.99", Text(answer, "equity"));
        Assert.Equal("2000000", Text(answer, "walletBalance"));
        Assert.Equal("0", Text(answer, "marginRatio"));
    }

    /// <summary>dydxprotocol/v4-documentation, liquidations.mdx: short 1.5 ETH beside 1,000 STRK with equity 1,000: 3380.95.</summary>
    [Fact]
    public void Run_DydxCross_PrintsThePublishedPrice()
    {
        JsonElement answer = Json("""
            {"walletBalance":"1000","positions":[
            {"symbol":"ETH-USD","side":"short","mode":"cross","quantity":"1.5","entryPrice":"3000","markPrice":"3000","tickSize":"0.01",
             "stepSize":"0.1","tiers":[{"floor":"0","rate":"0.05","deduction":"0","maxLeverage":20}]},
            {"symbol":"STRK-USD","side":"long","mode":"cross","quantity":"1000","entryPrice":"1.75","markPrice":"1.75","tickSize":"0.0001",
             "stepSize":"10","tiers":[{"floor":"0","rate":"0.1","deduction":"0","maxLeverage":10}]}]}
            """);
        Assert.Equal("3380.95", answer.GetProperty("positions")[0].GetProperty("liquidationPrice").GetString());
        Assert.Equal("400", Text(answer, "maintenanceMargin"));
        Assert.Equal("0.4", Text(answer, "marginRatio"));
        Assert.Equal("400", Text(answer, "initialMargin"));
    }

    /// <summary>
    /// "Cost Required to Open a Position in Perpetual Futures Contracts" (binance.com/en/support/faq/87fa7ee33b574f7084d42bd2ce2e463b):
    /// a sell of 1 BTC at 9,253.30 with the mark at 9,259.84 costs 462.665 + 6.54 at 20x, a buy 462.665.
    /// </summary>
    [Theory]
    [InlineData("sell", "469.205")]
    [InlineData("buy", "462.665")]
    public void Run_BinanceOrderCost_IsThePublishedCost(string side, string cost)
    {
        // A second leg sets the mark; hedged legs stand alone, so the order is margined as if nothing were held.
        string position = """
            {"symbol":"BTCUSDT","mode":"cross","quantity":"0.001","entryPrice":"9259.84","markPrice":"9259.84",
            "leverage":"20","tickSize":"0.01"
            """;
        JsonElement answer = Json($$"""
            {"walletBalance":"1000","positions":[{{position}},"side":"long"},{{position}},"side":"short"}],
            "orders":[{"symbol":"BTCUSDT","side":"{{side}}","quantity":"1","price":"9253.30"}]}
            """);
        Assert.Equal(cost, Text(answer, "orderMargin"));
    }

    [Fact]
    public void Run_HedgedPosition_BothLegsShareOnePrice()
    {
        JsonElement answer = Json("""
            {"profile":"simple","walletBalance":"500","positions":[
            {"symbol":"AUSDT","side":"long","mode":"cross","quantity":"30","entryPrice":"100","markPrice":"100",
             "tickSize":"0.1","stepSize":"1","tiers":[{"floor":"0","rate":"0.01","deduction":"0","maxLeverage":50}]},
            {"symbol":"AUSDT","side":"short","mode":"cross","quantity":"10","entryPrice":"100","markPrice":"100"}]}
            """);

        // 500 + 20 (p − 100) = 0.4 p  →  p = 1500 / 19.6
        JsonElement rows = answer.GetProperty("positions");
        Assert.Equal("76.6", rows[0].GetProperty("liquidationPrice").GetString());
        Assert.Equal("76.6", rows[1].GetProperty("liquidationPrice").GetString());
    }

    [Fact]
    public void Run_LeverageAboveTheTier_IsCut()
    {
        JsonElement answer = Json("""
            {"walletBalance":"100000","positions":[{"symbol":"BTCUSDT","side":"long","mode":"isolated","quantity":"20","entryPrice":"40000",
            "markPrice":"50000","leverage":"125"},{"symbol":"ETHUSDT","side":"short","mode":"cross","quantity":"1","entryPrice":"2000.5",
            "markPrice":"2000"}]}
            """);

        // 1,000,000 lies in the tier of 75x; the isolated wallet is the margin at the entry price.
        Assert.Equal("13333.33333334", answer.GetProperty("positions")[0].GetProperty("initialMargin").GetString());
        Assert.Equal("89333.83333333", Text(answer, "equity"));
        Assert.Equal("100", Text(answer, "initialMargin"));
        Assert.Equal("0.5", Text(answer, "unrealizedProfit"));
        Assert.Equal("89233.33333333", Text(answer, "withdrawable"));
        Assert.Equal("89233.83333333", Text(answer, "availableBalance"));
    }

    [Theory]
    [InlineData("97", "0.94043887")]
    [InlineData("10", null)]
    [InlineData("9", null)]
    public void Run_MarginRatio_IsRoundedUpOrNull(string wallet, string? ratio)
    {
        // A loss of 10 and a maintenance of 81.818181: with 97, 81.818181 / 87 = 0.940438862…
        JsonElement answer = Json($$"""
            {"walletBalance":"{{wallet}}","positions":[{"symbol":"AUSDT","side":"long","mode":"cross","quantity":"1","entryPrice":"100",
            "markPrice":"90","tickSize":"1","stepSize":"1","tiers":[{"floor":"0","rate":"0.9090909","deduction":"0","maxLeverage":1}]}]}
            """);
        Assert.Equal(ratio, answer.GetProperty("marginRatio").GetString());
    }

    [Fact]
    public void Run_OrdersOfAMarketWithoutPosition_StandAtTheirOwnPrice()
    {
        JsonElement answer = Json("""
            {"walletBalance":"1000","positions":[],"orders":[{"symbol":"BTCUSDT","side":"buy","quantity":"0.01","price":"20000"},
            {"symbol":"BTCUSDT","side":"sell","quantity":"0.01","price":"30000"},
            {"symbol":"BTCUSDT","side":"sell","quantity":"5","price":"30000","reduceOnly":true}]}
            """);
        Assert.Equal("15", Text(answer, "orderMargin"));
        Assert.Equal("985", Text(answer, "availableBalance"));
        Assert.Equal("985", Text(answer, "withdrawable"));
    }

    private static JsonElement Json(string input)
    {
        using JsonDocument document = JsonDocument.Parse(Answer(input));
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement answer, string field) => answer.GetProperty(field).GetString()!;

    private static string Answer(string input)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = MarginCommand.Run(new StringReader(input), output, error);
        Assert.Equal(("", 0), (error.ToString(), code));
        return output.ToString();
    }
}
