using System.Text.Json;

namespace CrossMargin.Gateway.Tests.Binance;

public sealed class RestAccountTests : IDisposable
{
    private readonly RestRig _rig = new();
    private readonly TestKey _key;

    public RestAccountTests() => _key = _rig.Account(1);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Account_OfAnAccountWithPositionsAndOrders_AddsUp()
    {
        Trade();
        _rig.SetPrice(RestRig.Btc, "50250.5");
        foreach (string version in (string[])["v2", "v3"])
        {
            JsonElement account = _rig.Call(_key, "GET", $"/fapi/{version}/account").Ok().Json;
            JsonElement asset = Assert.Single(account.GetProperty("assets").EnumerateArray());
            JsonElement[] rows = [.. account.GetProperty("positions").EnumerateArray()];
            Assert.Equal(Number(account, "totalWalletBalance"), Number(asset, "walletBalance"));
            Assert.Equal(Number(account, "totalMarginBalance"), Number(account, "totalWalletBalance") + Number(account, "totalUnrealizedProfit"));
            Assert.Equal(Number(account, "totalUnrealizedProfit"), rows.Sum(r => Number(r, "unrealizedProfit")));
            Assert.Equal(Number(account, "totalMaintMargin"), rows.Sum(r => Number(r, "maintMargin")));
            Assert.Equal(Number(account, "totalInitialMargin"), rows.Sum(r => Number(r, "initialMargin")));
            Assert.Equal(
                Number(account, "totalInitialMargin"),
                Number(account, "totalPositionInitialMargin") + Number(account, "totalOpenOrderInitialMargin"));
            Assert.Equal(Number(account, "availableBalance"), Number(account, "totalMarginBalance") - Number(account, "totalInitialMargin"));
            Assert.Equal(RestRig.Start, asset.GetProperty("updateTime").GetInt64());
            Assert.Equal(version == "v3" ? 2 : 12, rows.Length);
        }
    }

    [Fact]
    public void Balance_AndIncome_AddUpToTheDeposit()
    {
        Trade();
        RestAnswer balance = _rig.Call(_key, "GET", "/fapi/v3/balance").Ok();
        JsonElement income = _rig.Call(_key, "GET", "/fapi/v1/income").Ok().Json;
        Assert.Equal(Number(balance.Json[0], "balance"), income.EnumerateArray().Sum(r => Number(r, "income")));
        Assert.Equal(10_000m, Number(Assert.Single(_rig.Call(_key, "GET", "/fapi/v1/income", "incomeType=TRANSFER").Ok().Json.EnumerateArray()), "income"));
        Assert.Empty(_rig.Call(_key, "GET", "/fapi/v1/income", "incomeType=WELCOME_BONUS").Ok().Json.EnumerateArray());
        _rig.Call(_key, "GET", "/fapi/v1/income", "incomeType=X").Refused(-1130);
    }

    [Fact]
    public void PositionRisk_EntryPrice_IsTheExactAverageOfTheFills()
    {
        Trade();
        JsonElement[] trades = [.. _rig.Call(_key, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT").Ok().Json.EnumerateArray()];
        decimal quantity = trades.Sum(t => Number(t, "qty"));
        decimal quote = trades.Sum(t => Number(t, "quoteQty"));
        JsonElement row = _rig.Call(_key, "GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT").Ok().Json[0];
        Assert.Equal(quantity, Number(row, "positionAmt"));
        Assert.Equal(decimal.Round(quote / quantity, 8), Number(row, "entryPrice"));
        Assert.Equal(0m, Number(row, "isolatedMargin"));
        Assert.Equal(Number(row, "notional"), quantity * Number(row, "markPrice"));
        JsonElement old = _rig.Call(_key, "GET", "/fapi/v2/positionRisk", "symbol=BTCUSDT").Ok().Json[0];
        Assert.Equal(("cross", "20", "false"), (Text(old, "marginType"), Text(old, "leverage"), Text(old, "isAutoAddMargin")));
        Assert.Equal(12, _rig.Call(_key, "GET", "/fapi/v2/positionRisk").Ok().Json.GetArrayLength());
    }

    [Fact]
    public void Leverage_IsSetAndShown()
    {
        RestAnswer set = _rig.Call(_key, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=50").Ok();
        Assert.Equal(50, set.Json.GetProperty("leverage").GetInt32());
        Assert.Equal("12000000", set["maxNotionalValue"]);
        Assert.Equal("50", _rig.Call(_key, "GET", "/fapi/v1/symbolConfig", "symbol=BTCUSDT").Ok().Json[0].GetProperty("leverage").ToString());
        _rig.Call(_key, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=126").Refused(-4028);
        _rig.Call(_key, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=0").Refused(-4028);
        _rig.Call(_key, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=x").Refused(-1100);
        JsonElement brackets = _rig.Call(_key, "GET", "/fapi/v1/leverageBracket", "symbol=BTCUSDT").Ok().Json[0].GetProperty("brackets");
        Assert.Equal((125, 0.004m), (brackets[0].GetProperty("initialLeverage").GetInt32(), brackets[0].GetProperty("maintMarginRatio").GetDecimal()));
        Assert.Equal(brackets[0].GetProperty("notionalCap").GetDecimal(), brackets[1].GetProperty("notionalFloor").GetDecimal());
    }

    [Fact]
    public void Isolated_MarginTypeAndPositionMargin()
    {
        RestAnswer same = _rig.Call(_key, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=CROSSED");
        same.Refused(-4046);
        Assert.Equal("No need to change margin type.", same["msg"]);
        Assert.Equal(200, _rig.Call(_key, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED").Ok().Code);
        _rig.Call(_key, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=10&type=1").Refused(-4054);
        _rig.Call(_key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01").Ok();
        RestAnswer added = _rig.Call(_key, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=10.5&type=1").Ok();
        Assert.Equal((10.5m, 200, 1), (added.Json.GetProperty("amount").GetDecimal(), added.Code, added.Json.GetProperty("type").GetInt32()));
        JsonElement row = _rig.Call(_key, "GET", "/fapi/v3/positionRisk").Ok().Json[0];
        Assert.Equal(Number(row, "isolatedMargin"), Number(row, "isolatedWallet") + Number(row, "unRealizedProfit"));
        _rig.Call(_key, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=1000000&type=1").Refused(-4050);
        _rig.Call(_key, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=1000&type=2").Refused(-4051);
        _rig.Call(_key, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=-1&type=2").Refused(-4055);
        _rig.Call(_key, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=x&type=2").Refused(-1130);
        _rig.Call(_key, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=CROSSED").Refused(-4048);
    }

    [Fact]
    public void Settings_AnswerAsConfigured()
    {
        Assert.Equal("False", _rig.Call(_key, "GET", "/fapi/v1/positionSide/dual").Ok()["dualSidePosition"]);
        _rig.Call(_key, "POST", "/fapi/v1/positionSide/dual", "dualSidePosition=false").Refused(-4059);
        Assert.Equal("False", _rig.Call(_key, "GET", "/fapi/v1/multiAssetsMargin").Ok()["multiAssetsMargin"]);
        _rig.Call(_key, "POST", "/fapi/v1/multiAssetsMargin", "multiAssetsMargin=true").Refused(-1130);
        Assert.Equal("0.0002", _rig.Call(_key, "GET", "/fapi/v1/commissionRate", "symbol=BTCUSDT").Ok()["makerCommissionRate"]);
        Assert.Equal("True", _rig.Call(_key, "GET", "/fapi/v1/accountConfig").Ok()["canTrade"]);
        Assert.Equal(0, _rig.Call(_key, "GET", "/sapi/v1/capital/config/getall").Ok().Json.GetArrayLength());
    }

    [Fact]
    public void InsuranceFund_WithoutASymbol_IsAList()
    {
        JsonElement one = _rig.Get("/fapi/v1/insuranceBalance", "symbol=BTCUSDT").Ok().Json;
        JsonElement all = Assert.Single(_rig.Get("/fapi/v1/insuranceBalance").Ok().Json.EnumerateArray());
        Assert.Equal(one.GetProperty("assets").GetRawText(), all.GetProperty("assets").GetRawText());
        Assert.Contains("BTCUSDT", one.GetProperty("symbols").EnumerateArray().Select(s => s.GetString()));
        _rig.Get("/fapi/v1/insuranceBalance", "symbol=NONE").Refused(-1121);
    }

    [Fact]
    public void SystemStatus_IsNormal() => Assert.Equal("0", _rig.Get("/sapi/v1/system/status").Ok()["status"]);

    [Fact]
    public void ListenKey_IsOneAnAccountAndLivesAnHour()
    {
        string key = Listen("POST").Ok()["listenKey"];
        Assert.Matches("^[A-Za-z0-9]{40,}$", key);
        Assert.Equal(key, Listen("POST").Ok()["listenKey"]);
        _rig.Time.Now += 3_599_000;
        Assert.Equal(key, Listen("PUT").Ok()["listenKey"]);
        _rig.Time.Now += 3_600_001;
        Listen("PUT").Refused(-1125);
        Assert.NotEqual(key, Listen("POST").Ok()["listenKey"]);
        Assert.Equal("{}", Listen("DELETE").Ok().Text);
        Listen("DELETE").Refused(-1125);

        RestAnswer Listen(string method) => _rig.Send(method, "/fapi/v1/listenKey", "", "", _key.ApiKey);
    }

    [Fact]
    public void MarketData_HasBinancesShape()
    {
        Trade();
        JsonElement info = _rig.Get("/fapi/v1/exchangeInfo").Ok().Json;
        Assert.Equal(12, info.GetProperty("symbols").GetArrayLength());
        JsonElement btc = info.GetProperty("symbols")[0];
        Assert.Equal(("BTCUSDT", "PERPETUAL", "TRADING"), (Text(btc, "symbol"), Text(btc, "contractType"), Text(btc, "status")));
        Assert.Contains(btc.GetProperty("filters").EnumerateArray(), f => Text(f, "filterType") == "MIN_NOTIONAL" && Text(f, "notional") == "100");
        Assert.Contains(btc.GetProperty("filters").EnumerateArray(), f => Text(f, "filterType") == "PRICE_FILTER" && Text(f, "tickSize") == "0.1");
        JsonElement depth = _rig.Get("/fapi/v1/depth", "symbol=BTCUSDT&limit=5").Ok().Json;
        Assert.Equal(5, depth.GetProperty("bids").GetArrayLength());
        Assert.True(decimal.Parse(depth.GetProperty("bids")[0][0].GetString()!) < decimal.Parse(depth.GetProperty("asks")[0][0].GetString()!));
        RestAnswer odd = _rig.Get("/fapi/v1/depth", "symbol=BTCUSDT&limit=7");
        odd.Refused(-4021);
        Assert.StartsWith("7 is not valid depth limit", odd["msg"], StringComparison.Ordinal);
        Assert.Equal("50000.0", _rig.Get("/fapi/v1/premiumIndex", "symbol=BTCUSDT").Ok()["indexPrice"]);
        Assert.Equal(12, _rig.Get("/fapi/v1/premiumIndex").Ok().Json.GetArrayLength());
        Assert.Equal(8, _rig.Get("/fapi/v1/fundingInfo").Ok().Json[0].GetProperty("fundingIntervalHours").GetInt32());
        JsonElement aggregate = _rig.Get("/fapi/v1/aggTrades", "symbol=BTCUSDT").Ok().Json[0];
        Assert.Equal(Number(aggregate, "q"), Number(aggregate, "nq"));
        Assert.NotEqual(0m, Number(_rig.Get("/fapi/v1/openInterest", "symbol=BTCUSDT").Ok().Json, "openInterest"));
        Assert.Equal(RestRig.Start, _rig.Get("/fapi/v1/time").Ok().Json.GetProperty("serverTime").GetInt64());
        _rig.Get("/fapi/v1/klines", "symbol=BTCUSDT&interval=7m").Refused(-1120);
        _rig.Get("/fapi/v1/klines", "symbol=BTCUSDT&interval=1m").Ok();
        RestAnswer unknown = _rig.Get("/fapi/v1/nothing");
        unknown.Refused(-5000, 404);
        Assert.Contains("/fapi/v1/nothing", unknown["msg"], StringComparison.Ordinal);
        RestAnswer refused = _rig.Get("/futures/data/openInterestHist");
        refused.Refused(-1130);
        Assert.Contains("openInterestHist", refused["msg"], StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_BeyondTheirBounds_AreRefusedNotCut()
    {
        foreach ((string path, int most) in ((string, int)[])[("klines", 1500), ("aggTrades", 1000), ("fundingRate", 1000)])
        {
            string query = $"symbol=BTCUSDT&interval=1m&limit={most}";
            _rig.Get($"/fapi/v1/{path}", query).Ok();
            _rig.Get($"/fapi/v1/{path}", query.Replace($"={most}", $"={most + 1}", StringComparison.Ordinal)).Refused(-1130);
            _rig.Get($"/fapi/v1/{path}", "symbol=BTCUSDT&interval=1m&startTime=2&endTime=1").Refused(-1023);
        }

        RestAnswer tooLong = _rig.Call(_key, "GET", "/fapi/v1/userTrades", $"symbol=BTCUSDT&startTime=0&endTime={7L * 24 * 3_600_000 + 1}");
        tooLong.Refused(-4165);
        Assert.Equal("Maximum time interval is 7 days.", tooLong["msg"]);
        _rig.Call(_key, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT&limit=1001").Refused(-1130);
        _rig.Call(_key, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT&fromId=1&startTime=1").Refused(-1128);
        _rig.Call(_key, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT&fromId=1").Ok();
    }

    [Fact]
    public void Symbol_InLowerCase_IsUnderstood()
    {
        Assert.Equal("BTCUSDT", _rig.Get("/fapi/v1/premiumIndex", "symbol=btcusdt").Ok()["symbol"]);
        _rig.Get("/fapi/v1/premiumIndex", "symbol=nosuchusdt").Refused(-1121);
        _rig.Get("/fapi/v1/premiumIndex", $"symbol={new string('b', 40)}").Refused(-1121);
    }

    [Fact]
    public void Tickers_BeforeTheFirstTrade_ShowTheIndexOnATick()
    {
        _rig.SetPrice(RestRig.Btc, "50250.37");
        RestAnswer day = _rig.Get("/fapi/v1/ticker/24hr", "symbol=BTCUSDT").Ok();
        Assert.Equal(("50250.4", "50250.4", "0.000"), (day["lastPrice"], day["openPrice"], day["volume"]));
        Assert.Equal(0m, decimal.Parse(day["priceChange"]));
        Assert.Equal("50250.4", _rig.Get("/fapi/v1/ticker/price", "symbol=BTCUSDT").Ok()["price"]);
        Assert.Equal("50250.4", _rig.Get("/fapi/v2/ticker/price", "symbol=BTCUSDT").Ok()["price"]);
        Trade();
        Assert.NotEqual("50250.4", _rig.Get("/fapi/v1/ticker/price", "symbol=BTCUSDT").Ok()["price"]);
    }

    private void Trade()
    {
        _rig.Call(_key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.123").Ok();
        _rig.Call(_key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000").Ok();
        _rig.Call(_key, "POST", "/fapi/v1/order", "symbol=ETHUSDT&side=SELL&type=MARKET&quantity=3").Ok();
    }

    private static decimal Number(JsonElement row, string name) => decimal.Parse(row.GetProperty(name).GetString()!);

    private static string Text(JsonElement row, string name) => row.GetProperty(name).ToString();
}
