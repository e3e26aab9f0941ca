using System.Text.Json;
using System.Text.RegularExpressions;
using CrossMargin.Server.Tests.Simulate;

namespace CrossMargin.Server.Tests.Report;

public sealed class ReportTests : IDisposable
{
    private static readonly string[] s_charts =
    [
        "chart-prices", "chart-market-BTCUSDT", "chart-gap-BTCUSDT", "chart-market-ETHUSDT", "chart-open-interest", "chart-volume", "chart-margin-ratio",
        "chart-endangered", "chart-liquidations", "chart-liquidation-volume", "chart-fund", "chart-adl", "chart-survival", "chart-strategy-equity",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Html_OfASmallRun_HasEveryChartAndNothingFromElsewhere()
    {
        Run("--traders", "60");
        string html = File.ReadAllText(_folder["report/report.html"]);
        foreach (string chart in s_charts) Assert.Contains($"id=\"{chart}\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("(src|href)\\s*=|url\\(|@import|https?://|fetch\\(|XMLHttp", RegexOptions.IgnoreCase), html);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfASmallRun_IsTheKnownOne()
    {
        Said said = Calls.Run("simulate", "--scenario", "adl", "--ephemeral", "--report", _folder["report"]);
        Assert.Equal(0, said.Code);
        string golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Report", "adl.report.json"));
        Assert.Equal(Lasting(golden), Lasting(File.ReadAllText(_folder["report/report.json"])));
    }

    [Fact]
    public void Json_Series_HaveOneLengthAndAgreeWithTheTotals()
    {
        JsonElement report = Run("--traders", "60");
        JsonElement series = report.GetProperty("series");
        int points = series.GetProperty("time").GetArrayLength();
        Assert.InRange(points, 400, 482);
        foreach (JsonElement column in Columns(series)) Assert.Equal(points, column.GetArrayLength());
        JsonElement totals = report.GetProperty("totals");
        Assert.Equal(totals.GetProperty("orders").GetInt64(), series.GetProperty("orders")[points - 1].GetInt64());
        Assert.Equal(totals.GetProperty("trades").GetInt64(), series.GetProperty("trades")[points - 1].GetInt64());
        Assert.Equal(report.GetProperty("fund").GetProperty("wallet").GetString(), series.GetProperty("fundWallet")[points - 1].GetString());
        long accounts = series.GetProperty("accountsByMarginRatio").EnumerateObject().Sum(b => b.Value[points - 1].GetInt64());
        Assert.Equal(60, accounts);
        Assert.Equal(60, report.GetProperty("strategies").EnumerateArray().Sum(s => s.GetProperty("accounts").GetInt32()));
    }

    [Fact]
    public void Screen_LastLines_AreTheProofAndTheHash()
    {
        string prices = _folder.Write("p.csv", Calls.Crash(20));
        Said said = Calls.Run("simulate", "--prices", prices, "--traders", "20", "--ephemeral", "--report", _folder["report"]);
        string[] lines = said.Output.TrimEnd().Split('\n');
        Assert.Matches("^state hash: [0-9a-f]{64}\\s*$", lines[^1]);
        Assert.Contains("hold exactly", lines[^2], StringComparison.Ordinal);
        Assert.StartsWith("invariant 2 ETHUSDT", lines[^3], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("invariant 1 USDT: wallets", StringComparison.Ordinal));
    }

    private JsonElement Run(params string[] options)
    {
        string prices = _folder.Write("p.csv", Calls.Crash(60));
        Said said = Calls.Run(["simulate", "--prices", prices, "--ephemeral", "--report", _folder["report"], .. options]);
        Assert.Equal((0, ""), (said.Code, said.Error));
        return JsonDocument.Parse(File.ReadAllText(_folder["report/report.json"])).RootElement;
    }

    private static IEnumerable<JsonElement> Columns(JsonElement element)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array) yield return property.Value;
            if (property.Value.ValueKind != JsonValueKind.Object) continue;
            foreach (JsonElement inner in Columns(property.Value)) yield return inner;
        }
    }

    // Without what depends on the machine, and without the hash: it changes with every field of the state, and other tests compare it.
    private static string Lasting(string json) =>
        Regex.Replace(json, "\"(wallSeconds|peakMemoryBytes|stateHash)\": [^\n]*\n", "").ReplaceLineEndings("\n");
}
