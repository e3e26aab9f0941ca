using CrossMargin.Engine.Funding;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>
/// Traps of funding (docs/traps.md), figures by hand. Scenarios begin at 1,700,000,000,000 ms; the next full 8 hours are 6,400,000 ms
/// away, the next full hour 2,800,000. An index alone does not go stale here.
/// </summary>
public sealed class FundingTraps
{
    private const string Patient = """ "liquidation":{"staleAfter":"24h"} """;

    private const string LongTen = """
        account alice 1000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        account dave 100000 maker 0 taker 0
        price AAAUSDT 100
        alice buy AAAUSDT 10 @ 100
        bob sell AAAUSDT 10 @ 100 ioc -> filled 10 @ 100

        """;

    /// <summary>
    /// 0.01 % of 10 at 100 is 0.1. Who holds when the market is told that it is the funding time pays, also for a trade of the same
    /// millisecond that came before; who has left by then pays nothing; who enters right after pays nothing.
    /// </summary>
    [Fact]
    public void Trap32_WhoHoldsAtTheFundingTimePays() => ScenarioTable.Run(LongTen + """
        wait 6399999
        expect alice wallet 1000
        dave buy AAAUSDT 5 @ 100
        alice sell AAAUSDT 5 @ 100 ioc -> filled 5 @ 100   # 1 ms before: 5 change hands
        skip 1
        dave buy AAAUSDT 2 @ 100
        bob sell AAAUSDT 2 @ 100 ioc -> filled 2 @ 100     # at the funding time, before the market is told
        wait 0
        expect alice wallet 999.95
        expect dave wallet 99999.93                        # 7 x 0.01
        expect bob wallet 100000.12
        dave buy AAAUSDT 3 @ 100
        bob sell AAAUSDT 3 @ 100 ioc -> filled 3 @ 100     # the same millisecond, behind it
        wait 0
        wait 1000
        expect dave wallet 99999.93
        expect bob wallet 100000.12
        """, "{" + Patient + "}");

    /// <summary>Interest of 0.01 % per 8 hours on 1,000: 0.1 once, or 0.0125 an hour; after eight hours the same.</summary>
    [Fact]
    public void Trap35_RatePer8Hours_IsDividedOnceByTheInterval()
    {
        ScenarioTable.Run(LongTen + """
            wait 2800000
            expect alice wallet 1000
            wait 3600000
            expect alice wallet 999.9
            """, "{" + Patient + "}");
        TestExchange x = ScenarioTable.Run(LongTen + """
            wait 2800000
            expect alice wallet 999.9875
            wait 3600000
            expect alice wallet 999.975
            wait 3600000
            wait 3600000
            wait 3600000
            wait 3600000
            wait 3600000
            wait 3600000
            expect alice wallet 999.9
            """, "{" + Patient + """,  "defaults":{"funding":{"interval":"1h"}}}""");
        Assert.All(x.Of<FundingSettled>(), f => Assert.Equal(new Rate(1_250), f.Rate));
    }

    /// <summary>
    /// Interest 0.01 %. Premium 0.3 %: 0.3 % + clamp(−0.29 %, ±0.05 %) = 0.25 %, not clamp(0.3 %, ±0.05 %). Premium 0.04 %: the
    /// difference of −0.03 % is inside, the interest remains. Premium −0.3 %: −0.25 %. Premium 1.2 %: 1.15 % is cut to the cap of 1 %;
    /// 1.05 % just reaches it.
    /// </summary>
    [Theory]
    [InlineData("0.003", "0.0025")]
    [InlineData("0.0004", "0.0001")]
    [InlineData("-0.003", "-0.0025")]
    [InlineData("0.0105", "0.01")]
    [InlineData("0.012", "0.01")]
    [InlineData("-0.012", "-0.01")]
    public void Trap36_InnerClampOnTheDifference_OuterCapOnTheResult(string premium, string rate) => Assert.Equal(
        TestExchange.Money(rate).E8,
        FundingRate.PerIntervalHalfEven(TestProfiles.Simple().Markets[0].Funding, new Rate(TestExchange.Money(premium).E8)).E8);

    /// <summary>
    /// The base price is the mark: index 100, quotes around 101 for 150 s and a last price of 101 make 101; 10 × 101 × 0.1 % = 1.01.
    /// </summary>
    [Fact]
    public void Trap36_BasePrice_IsTheMarkNotTheIndex() => ScenarioTable.Run(LongTen + """
        dave buy AAAUSDT 1 @ 101
        bob sell AAAUSDT 1 @ 101 ioc -> filled 1 @ 101
        dave buy AAAUSDT 1 @ 100.9
        bob sell AAAUSDT 1 @ 101.1
        wait 150000
        price AAAUSDT 100
        funding AAAUSDT 0.001
        expect alice wallet 998.99
        """, "{" + Patient + "}");

    /// <summary>
    /// The impact notional is 20,000. An empty book, and one of 10 at 105, have no impact price: that side shows no premium, and interest
    /// alone is paid, 0.1. 500 at 101 hold it: premium 1 %, rate 0.95 %, 9.5 on 1,000.
    /// </summary>
    [Theory]
    [InlineData("", "999.9")]
    [InlineData("dave buy AAAUSDT 10 @ 105", "999.9")]
    [InlineData("dave buy AAAUSDT 500 @ 101", "990.5")]
    [InlineData("dave sell AAAUSDT 500 @ 99", "1009.5")]
    public void Trap37_TooLittleDepth_IsNoPremium(string quote, string wallet) => ScenarioTable.Run(LongTen + $"""
        {quote}
        wait 6400000
        expect alice wallet {wallet}
        """, "{" + Patient + "}");
}
