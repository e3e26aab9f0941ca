using System.Text.Json;

namespace CrossMargin.Server.Tests.Simulate;

/// <summary>The two built-in endings, to the last unit.</summary>
public sealed class ScenarioTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Profile simple: fees 0.0002 and 0.0005, first tier 0.5 %. The thin long buys 20 at 1000 of 5, 5 and 10, the thick long 10 of the rest.
    /// Fees: 20,000 × 0.0005 = 10; 5,000 × 0.0002 = 1 each; 20,000 × 0.0002 = 4; 10,000 × 0.0005 = 5.
    /// At 950: equity 1100 − 10 − 20 × 50 = 90, maintenance 20 × 950 × 0.005 = 95: liquidated. BP = 950 − 90 / 20 = 945.5, and 19,000 of
    /// notional is more than the 1,000 that the fund may take. Scores UP / WB × MM / (WB + UP): 250 / 299 × 23.75 / 549 = 0.0362,
    /// 250 / 999 × 23.75 / 1249 = 0.0048, 1000 / 9996 × 95 / 10996 = 0.0009: ranks 1, 2, 3, closing 5, 5 and 10 of 20.
    /// Equities: 0; 299 + 5 × 54.5 = 571.5; 999 + 272.5 = 1271.5; 9996 + 10 × 54.5 + 10 × 50 = 11041; 4995 − 10 × 50 = 4495.
    /// </summary>
    [Fact]
    public void Adl_EndsWithThreeShortsDeleveraged()
    {
        JsonElement report = Run("adl");
        Assert.Equal(["0", "571.5", "1271.5", "11041", "4495"], Texts(report.GetProperty("strategies"), "equity"));
        Assert.Equal(["10", "1", "1", "4", "5"], Texts(report.GetProperty("strategies"), "fees"));
        JsonElement closed = report.GetProperty("deleveraged");
        Assert.Equal(["5", "5", "10"], Texts(closed, "quantity"));
        Assert.Equal(["945.5", "945.5", "945.5"], Texts(closed, "price"));
        Assert.Equal([2, 3, 4], closed.EnumerateArray().Select(e => e.GetProperty("account").GetInt32()));
        Assert.Equal([1, 2, 3], closed.EnumerateArray().Select(e => e.GetProperty("rank").GetInt32()));
        JsonElement totals = report.GetProperty("totals");
        Assert.Equal("18910", totals.GetProperty("deleveragedVolume").GetString());
        Assert.Equal((3, 1, 0), (Int(totals, "deleveraged"), Int(totals, "liquidations"), Int(totals, "takeovers")));
        JsonElement fund = report.GetProperty("fund");
        Assert.Equal(("100", "0", "0"), (Text(fund, "wallet"), Text(fund, "drawn"), Text(fund, "deficit")));
        JsonElement asset = report.GetProperty("invariants").GetProperty("assets")[0];
        Assert.Equal(("17379", "21", "17500", "17500"), (Text(asset, "wallets"), Text(asset, "fees"), Text(asset, "held"), Text(asset, "deposits")));
    }

    /// <summary>
    /// Fees 10 and 4 for 20 at 1000. At 900 the thin long has 1090 − 2000 = −910; its liquidation may sell at any price down to
    /// 900 × 0.95 = 855 and meets the bid of 20 at 890: it realizes −110 × 20 = −2200, the wallet is 1090 − 2200 = −1110. The fund pays its
    /// 100, 1010 are the deficit. Bidder: fee 17,800 × 0.0002 = 3.56, equity 100,000 − 3.56 + 20 × 10 = 100,196.44; the short:
    /// 100,000 − 4 + 20 × 100 = 101,996.
    /// </summary>
    [Fact]
    public void Deficit_EndsWithAnEmptyFundAndADeficit()
    {
        JsonElement report = Run("deficit");
        Assert.Equal(["0", "101996", "100196.44"], Texts(report.GetProperty("strategies"), "equity"));
        JsonElement totals = report.GetProperty("totals");
        Assert.Equal(("1110", "17800"), (Text(totals, "shortfall"), Text(totals, "liquidationVolume")));
        Assert.Equal((1, 1, 0), (Int(totals, "shortfalls"), Int(totals, "liquidations"), Int(totals, "deleveraged")));
        JsonElement fund = report.GetProperty("fund");
        Assert.Equal(("0", "100", "-1010"), (Text(fund, "wallet"), Text(fund, "drawn"), Text(fund, "deficit")));
        JsonElement asset = report.GetProperty("invariants").GetProperty("assets")[0];
        Assert.Equal(
            ("199992.44", "-2200", "17.56", "-1010", "201200"),
            (Text(asset, "wallets"), Text(asset, "openCost"), Text(asset, "fees"), Text(asset, "deficit"), Text(asset, "held")));
    }

    private JsonElement Run(string scenario)
    {
        Said said = Calls.Run("simulate", "--scenario", scenario, "--ephemeral", "--report", _folder[scenario]);
        Assert.Equal((0, ""), (said.Code, said.Error));
        Assert.Contains("invariants 1 and 2 hold exactly", said.Output, StringComparison.Ordinal);
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder[scenario], "report.json"))).RootElement;
    }

    private static string[] Texts(JsonElement list, string name) => [.. list.EnumerateArray().Select(e => Text(e, name))];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
