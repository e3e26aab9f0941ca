using System.Globalization;
using System.Text.Json.Nodes;
using CrossMargin.Embedded.Serving;
using CrossMargin.Model;

namespace CrossMargin.AspNetCore.Tests;

public sealed class StatementTests
{
    [Fact]
    public async Task Statement_JsonAndCsv_SumToTheWalletToTheLastUnit()
    {
        await using TestApp app = await TestApp.StartAsync();
        TestTrader trader = await TradeAsync(app);
        string wallet = (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1"))["figures"]!["wallet"]!;

        JsonNode all = await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/{trader.Number}/statement");
        JsonArray rows = all["rows"]!.AsArray();
        Assert.Equal(wallet, (string)rows[^1]!["balance"]!);
        Assert.Contains(rows, r => (string)r!["reason"]! == "Commission" && (string)r["symbol"]! == "AAAUSDT");
        Assert.Contains(rows, r => (string)r!["reason"]! == "Funding");
        decimal sum = rows.Sum(r => decimal.Parse((string)r!["change"]!, CultureInfo.InvariantCulture));
        Assert.Equal(decimal.Parse(wallet, CultureInfo.InvariantCulture), sum);

        var paged = new List<string>();
        long? after = 0;
        while (after is not null)
        {
            JsonNode page = await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/1/statement?limit=2&after={after}");
            paged.AddRange(page["rows"]!.AsArray().Select(r => r!.ToJsonString()));
            after = (long?)page["next"];
        }

        Assert.Equal(rows.Select(r => r!.ToJsonString()), paged);
        string csv = await app.Admin.GetStringAsync("/admin/v1/accounts/1/statement?format=csv");
        string[] lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("id,time,reason,symbol,asset,change,balance,trade,liquidation", lines[0]);
        Assert.Equal(rows.Select(r => (string)r!["balance"]!), lines.Skip(1).Select(l => l.Split(',')[6]));
        Assert.Equal(rows.Select(r => (string)r!["change"]!), lines.Skip(1).Select(l => l.Split(',')[5]));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/v1/accounts/1/statement");
        request.Headers.Add("Accept", "text/csv");
        Assert.Equal(csv, await (await app.Admin.SendAsync(request)).Content.ReadAsStringAsync());
        await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1/statement?format=xml", null, 400);
    }

    [Fact]
    public async Task Statement_AfterAReset_BothAccountsOfTheNumberNoOthers()
    {
        await using TestApp app = await TestApp.StartAsync();
        await TradeAsync(app);
        int old = (int)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1"))["account"]!["exchangeAccount"]!;
        JsonNode reset = await app.AdminAsync(HttpMethod.Post, "/admin/v1/accounts/1/reset", new { deposit = "5" });
        JsonNode fresh = await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1/statement");
        Assert.Equal("5", (string)Assert.Single(fresh["rows"]!.AsArray())!["balance"]!);
        await TestApp.UntilAsync(
            async () => (await app.Host.Exchange.ReadAccountAsync(new AccountId(old)))!.IsClosed, "the old account is wound up");
        JsonNode before = await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/1/statement?exchangeAccount={old}");
        Assert.Equal("0", (string)before["rows"]!.AsArray()[^1]!["balance"]!);
        await app.NewTraderAsync();
        await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/2/statement?exchangeAccount={old}", null, 404);
        JsonNode board = await app.AdminAsync(HttpMethod.Get, "/admin/v1/leaderboard");
        Assert.Equal((int)reset["number"]!, (int)board["accounts"]!.AsArray().Single(a => (string)a!["equity"]! == "5")!["number"]!);
    }

    [Fact]
    public async Task Leaderboard_WhoHasWithdrawnAllButATrace_DoesNotBreakIt()
    {
        await using TestApp app = await TestApp.StartAsync();
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync("20000");
        await trader.OrderAsync("BUY", "4");
        for (int price = 10_100; price <= 11_000; price += 100) await app.PriceAsync(price.ToString(CultureInfo.InvariantCulture));
        await trader.OrderAsync("SELL", "4");
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/accounts/1/withdraw", new { amount = "19999.99999999" });
        JsonNode first = Assert.Single((await app.AdminAsync(HttpMethod.Get, "/admin/v1/leaderboard"))["accounts"]!.AsArray())!;
        Assert.Equal("0.00000001", (string)first["netDeposits"]!);
        Assert.True(decimal.Parse((string)first["profit"]!, CultureInfo.InvariantCulture) > 3_000);
        Assert.Equal("92233720368.54775807", (string)first["return"]!);
    }

    [Fact]
    public async Task Liquidation_IsListedAndItsStepsExplainIt()
    {
        await using TestApp app = await TestApp.StartAsync();
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync("1000");
        await trader.OrderAsync("BUY", "1");
        for (int price = 9_900; price >= 8_900; price -= 100)
        {
            ((VirtualClock)app.Host.Clock).Advance(TimeSpan.FromSeconds(1));
            await app.PriceAsync(price.ToString(CultureInfo.InvariantCulture));
        }

        JsonNode list = await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/{trader.Number}/liquidations");
        JsonNode one = Assert.Single(list["liquidations"]!.AsArray())!;
        JsonNode steps = await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/{trader.Number}/liquidations/{one["id"]}");
        Assert.True(steps["steps"]!.AsArray().Count >= 3);
        Assert.All(steps["steps"]!.AsArray(), s => Assert.NotEmpty((string)s!["explanation"]!));
        await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/{trader.Number}/liquidations/77", null, 404);
    }

    [Fact]
    public async Task Brackets_House_AndHalt_ChangeTheMarket()
    {
        await using TestApp app = await TestApp.StartAsync();
        await app.PriceAsync("10000");
        JsonNode market = await app.AdminAsync(HttpMethod.Get, "/admin/v1/markets/AAAUSDT");
        int[] leverages = [.. market["brackets"]!.AsArray().Select(b => Math.Min(10, (int)b!["maxLeverage"]!))];
        market = await app.AdminAsync(HttpMethod.Put, "/admin/v1/markets/AAAUSDT/brackets", new { maxLeverage = leverages, notionalCap = "123456" });
        Assert.Equal(leverages, market["brackets"]!.AsArray().Select(b => (int)b!["maxLeverage"]!));
        Assert.Equal("123456", (string)market["notionalCap"]!);
        await app.AdminAsync(HttpMethod.Put, "/admin/v1/markets/AAAUSDT/brackets", new { maxLeverage = new[] { 5, 6, 7, 8, 9, 10, 11 } }, 400);
        TestTrader trader = await app.NewTraderAsync();
        Assert.Equal(-4028, (int)(await trader.SignedAsync(HttpMethod.Post, "/fapi/v1/leverage", "symbol=AAAUSDT&leverage=11", 400))["code"]!);

        market = await app.AdminAsync(HttpMethod.Put, "/admin/v1/markets/AAAUSDT/house", new { enabled = false });
        Assert.False((bool)market["house"]!["enabled"]!);
        Assert.Null(market["bestBid"]);
        market = await app.AdminAsync(HttpMethod.Put, "/admin/v1/markets/AAAUSDT/house", new { enabled = true, halfSpread = "0.01" });
        Assert.Equal("9900", (string)market["bestBid"]!);
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/markets/AAAUSDT/halt");
        await trader.SignedAsync(HttpMethod.Post, "/fapi/v1/order", "symbol=AAAUSDT&side=BUY&type=MARKET&quantity=0.1", 400);
        Assert.Equal("Trading", (string)(await app.AdminAsync(HttpMethod.Post, "/admin/v1/markets/AAAUSDT/resume"))["status"]!);
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/markets/NOPE/halt", null, 404);
        string wallet = (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/fund"))["wallet"]!;
        JsonNode fund = await app.AdminAsync(HttpMethod.Post, "/admin/v1/fund/deposit", new { amount = "1.00000001" });
        Assert.Equal(decimal.Parse(wallet, CultureInfo.InvariantCulture) + 1.00000001m, decimal.Parse((string)fund["wallet"]!, CultureInfo.InvariantCulture));
    }

    private static async Task<TestTrader> TradeAsync(TestApp app)
    {
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync("1000.00000001");
        await trader.OrderAsync("BUY", "0.123");
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/markets/AAAUSDT/funding", new { rate = "0.00012345" });
        await app.PriceAsync("10010.7");
        await trader.OrderAsync("SELL", "0.05");
        await app.AdminAsync(HttpMethod.Post, $"/admin/v1/accounts/{trader.Number}/withdraw", new { amount = "0.5" });
        return trader;
    }
}
