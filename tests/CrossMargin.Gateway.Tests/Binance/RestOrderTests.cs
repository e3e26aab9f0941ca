using System.Text.Json;

namespace CrossMargin.Gateway.Tests.Binance;

public sealed class RestOrderTests : IDisposable
{
    private const string Order = "/fapi/v1/order";
    private readonly RestRig _rig = new();
    private readonly TestKey _a;
    private readonly TestKey _b;

    public RestOrderTests()
    {
        _a = _rig.Account(1);
        _b = _rig.Account(2);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Place_LimitThatRests_AcknowledgesAndIsShown()
    {
        RestAnswer placed = Place("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=49000.0&newClientOrderId=my-1").Ok();
        Assert.Equal(("NEW", "my-1", "49000.0"), (placed["status"], placed["clientOrderId"], placed["price"]));
        Assert.Equal(("0.010", "0.000"), (placed["origQty"], placed["executedQty"]));
        Assert.Equal(("LIMIT", "GTC", "BUY", "BOTH"), (placed["type"], placed["timeInForce"], placed["side"], placed["positionSide"]));
        Assert.Equal("1", placed.Headers["X-MBX-ORDER-COUNT-10S"]);
        RestAnswer got = _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={placed["orderId"]}").Ok();
        Assert.Equal(placed["orderId"], got["orderId"]);
        Assert.Equal(RestRig.Start, got.Json.GetProperty("time").GetInt64());
        Assert.Equal("my-1", _rig.Call(_a, "GET", "/fapi/v1/openOrders", "symbol=BTCUSDT").Ok().Json[0].GetProperty("clientOrderId").GetString());
        Place("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=49000.0&newClientOrderId=my-1").Refused(-4116);
        RestAnswer cancelled = _rig.Call(_a, "DELETE", Order, "symbol=BTCUSDT&origClientOrderId=my-1").Ok();
        Assert.Equal(("CANCELED", placed["orderId"]), (cancelled["status"], cancelled["orderId"]));
        _rig.Call(_a, "DELETE", Order, "symbol=BTCUSDT&origClientOrderId=my-1").Refused(-2011);
        Assert.Equal("CANCELED", _rig.Call(_a, "GET", Order, "symbol=BTCUSDT&origClientOrderId=my-1").Ok()["status"]);
        _rig.Call(_a, "GET", "/fapi/v1/openOrder", "symbol=BTCUSDT&origClientOrderId=my-1").Refused(-2013);
    }

    [Fact]
    public void Place_AgainstAnOwnOrder_TheOneInTheBookExpiresUnlessItSaysOtherwise()
    {
        const string sell = "side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000.1";
        const string buy = "side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=50000.1&newOrderRespType=RESULT";
        RestAnswer resting = Place(sell).Ok();
        Assert.Equal("EXPIRE_MAKER", resting["selfTradePreventionMode"]);
        Assert.Equal("0.000", Place(buy).Ok()["executedQty"]);
        Assert.Equal("EXPIRED_IN_MATCH", _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={resting["orderId"]}").Ok()["status"]);
        Place(sell).Ok();
        Assert.Equal("0.010", Place(buy + "&selfTradePreventionMode=NONE").Ok()["executedQty"]);
        RestAnswer waiting = Place("side=BUY&type=STOP_MARKET&quantity=0.01&stopPrice=52000").Ok();
        Assert.Equal("EXPIRE_MAKER", waiting["selfTradePreventionMode"]);
        Assert.Equal("EXPIRE_MAKER", _rig.Call(_a, "DELETE", Order, $"symbol=BTCUSDT&orderId={waiting["orderId"]}").Ok()["selfTradePreventionMode"]);
    }

    [Fact]
    public void Order_WithoutAName_IsAskedForOne()
    {
        foreach (string method in (string[])["GET", "DELETE"])
        {
            RestAnswer nameless = _rig.Call(_a, method, Order, "symbol=BTCUSDT");
            nameless.Refused(-1102);
            Assert.Equal("Param 'orderId' or 'origClientOrderId' must be sent, but both were empty/null!", nameless["msg"]);
        }
    }

    [Fact]
    public void Place_InTheBody_IsTheSame()
    {
        const string text = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000";
        Assert.Equal("NEW", _rig.Call(_a, "POST", Order, text, inBody: true).Ok()["status"]);
        Assert.Matches("^[A-Za-z0-9]{22}$", _rig.Call(_a, "POST", Order, text, inBody: true).Ok()["clientOrderId"]);
    }

    [Fact]
    public void Place_Market_ResultShowsTheFill()
    {
        RestAnswer filled = Place("side=BUY&type=MARKET&quantity=0.01&newOrderRespType=RESULT").Ok();
        Assert.Equal(("FILLED", "0.010", "0", "GTC"), (filled["status"], filled["executedQty"], filled["price"], filled["timeInForce"]));
        decimal average = decimal.Parse(filled["avgPrice"]);
        Assert.Equal(decimal.Parse(filled["cumQuote"]), average * 0.01m);
        Assert.InRange(average, 50_000m, 50_100m);
        RestAnswer acknowledged = Place("side=SELL&type=MARKET&quantity=0.01").Ok();
        Assert.Equal(("NEW", "0.000"), (acknowledged["status"], acknowledged["executedQty"]));
        Assert.Equal("FILLED", _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={acknowledged["orderId"]}").Ok()["status"]);
        JsonElement trades = _rig.Call(_a, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT").Ok().Json;
        Assert.Equal(2, trades.GetArrayLength());
        Assert.Equal(filled["orderId"], trades[0].GetProperty("orderId").ToString());
    }

    [Fact]
    public void Place_AgainstAnotherAccount_BothSeeTheTrade()
    {
        string sell = _rig.Call(_b, "POST", Order, "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.03&price=50000.1").Ok()["orderId"];
        RestAnswer taken = Place("side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=50000.1&newOrderRespType=RESULT").Ok();
        Assert.Equal(("FILLED", "50000.1", "500.00100000"), (taken["status"], taken["avgPrice"], taken["cumQuote"]));
        RestAnswer resting = _rig.Call(_b, "GET", Order, $"symbol=BTCUSDT&orderId={sell}").Ok();
        Assert.Equal(("PARTIALLY_FILLED", "0.010"), (resting["status"], resting["executedQty"]));
        RestAnswer cancelled = _rig.Call(_b, "DELETE", Order, $"symbol=BTCUSDT&orderId={sell}").Ok();
        Assert.Equal(("CANCELED", "0.010", "500.00100000"), (cancelled["status"], cancelled["executedQty"], cancelled["cumQuote"]));
    }

    [Fact]
    public void Place_TimesInForce_EndAsBinanceSays()
    {
        RestAnswer ioc = Place("side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=49000&newOrderRespType=RESULT").Ok();
        Assert.Equal(("EXPIRED", "0.000"), (ioc["status"], ioc["executedQty"]));
        Place("side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.01&price=49000").Refused(-5021);
        Place("side=BUY&type=LIMIT&timeInForce=GTX&quantity=0.01&price=51000").Refused(-5022);
        Place("side=BUY&type=LIMIT&timeInForce=GTD&quantity=0.01&price=49000").Refused(-1102);
        RestAnswer dated = Place($"side=BUY&type=LIMIT&timeInForce=GTD&quantity=0.01&price=49000&goodTillDate={RestRig.Start + 700_999}").Ok();
        Assert.Equal((RestRig.Start + 700_000).ToString(), dated["goodTillDate"]);
    }

    [Fact]
    public void Place_RefusedByTheMarketAtOnce_WasNeverAnOrder()
    {
        string kept = Place("side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=49000").Ok()["orderId"];
        for (int i = 0; i < 3; i++) Place($"side=BUY&type=LIMIT&timeInForce=GTX&quantity=0.01&price=51000&newClientOrderId=maker-{i}").Refused(-5022);
        Place("side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.01&price=49000&newClientOrderId=fok").Refused(-5021);
        _rig.Call(_a, "GET", Order, "symbol=BTCUSDT&origClientOrderId=maker-0").Refused(-2013);
        _rig.Call(_a, "GET", Order, "symbol=BTCUSDT&origClientOrderId=fok").Refused(-2013);
        foreach (string page in (string[])["", "&limit=1", "&orderId=1&limit=1", $"&startTime={RestRig.Start - 1}&limit=2"])
        {
            JsonElement all = _rig.Call(_a, "GET", "/fapi/v1/allOrders", "symbol=BTCUSDT" + page).Ok().Json;
            Assert.Equal(kept, Assert.Single(all.EnumerateArray()).GetProperty("orderId").ToString());
        }
    }

    [Theory]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000.05", -1111)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.0101&price=49000", -1111)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0&price=49000", -4003)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=0", -4001)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=x", -1100)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=99999999999999999999999999999", -4002)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=99999999999999999999999999999&price=49000", -4005)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000", -4016)]
    [InlineData("side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=40000", -4024)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=100", -4013)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=49000", -4164)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTC&quantity=10&price=49000", -2019)]
    [InlineData("side=BUY&type=LIMIT&quantity=0.01&price=49000", -1102)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=XXX&quantity=0.01&price=49000", -1115)]
    [InlineData("side=BUY&type=LIMITS&timeInForce=GTC&quantity=0.01&price=49000", -1116)]
    [InlineData("side=HOLD&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000", -1117)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&price=49000", -1106)]
    [InlineData("side=BUY&type=MARKET", -1102)]
    [InlineData("side=SELL&type=MARKET&quantity=0.01&reduceOnly=true", -2022)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&positionSide=LONG", -4061)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&positionSide=UP", -4060)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&newClientOrderId=a%20b", -4015)]
    [InlineData("side=BUY&type=STOP_MARKET&quantity=0.01", -1102)]
    [InlineData("side=BUY&type=STOP_MARKET&quantity=0.01&stopPrice=49000&workingType=MARK_PRICE", -2021)]
    [InlineData("side=BUY&type=TRAILING_STOP_MARKET&quantity=0.01&callbackRate=20", -2007)]
    [InlineData("side=BUY&type=LIMIT&closePosition=true&timeInForce=GTC&price=49000", -4136)]
    [InlineData("side=BUY&type=STOP_MARKET&closePosition=true&quantity=1&stopPrice=52000", -4137)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&priceMatch=QUEUE", -5038)]
    [InlineData("side=BUY&type=LIMIT&quantity=0.01&priceMatch=QUEUE_7", -5037)]
    [InlineData("side=BUY&type=LIMIT&quantity=0.01&priceMatch=QUEUE&price=49000", -1106)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&selfTradePreventionMode=X", -5039)]
    [InlineData("side=BUY&type=MARKET&quantity=0.01&newOrderRespType=X", -1136)]
    [InlineData("side=BUY&type=STOP_MARKET&quantity=0.01&stopPrice=52000&workingType=X", -4031)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTD&quantity=0.01&price=49000&goodTillDate=1760000999999", -5040)]
    [InlineData("side=BUY&type=LIMIT&timeInForce=GTD&quantity=0.01&price=49000&goodTillDate=253402300799000", -5040)]
    public void Place_Wrong_IsRefusedWithBinancesCode(string parameters, int code)
    {
        string before = _rig.StateHash();
        Place(parameters).Refused(code);
        Assert.Equal(0, _rig.Call(_a, "GET", "/fapi/v1/openOrders").Ok().Json.GetArrayLength());
        _rig.Call(_a, "POST", Order, "symbol=NONE&" + parameters).Refused(-1121);
        if (code is > -2000 and < -1000) Assert.Equal(before, _rig.StateHash());
    }

    [Fact]
    public void Amend_ChangesPriceAndSize_KeepsTheId()
    {
        string id = Place("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000").Ok()["orderId"];
        RestAnswer changed = _rig.Call(_a, "PUT", Order, $"symbol=BTCUSDT&side=BUY&orderId={id}&quantity=0.02&price=49100").Ok();
        Assert.Equal((id, "49100.0", "0.020", "NEW"), (changed["orderId"], changed["price"], changed["origQty"], changed["status"]));
        _rig.Call(_a, "PUT", Order, $"symbol=BTCUSDT&side=BUY&orderId={id}&quantity=0.02&price=49100").Refused(-5027);
        _rig.Call(_a, "PUT", Order, $"symbol=BTCUSDT&side=BUY&orderId={id}&price=49200").Refused(-1102);
        _rig.Call(_a, "PUT", Order, $"symbol=BTCUSDT&side=BUY&orderId={id}&quantity=0.03").Refused(-1102);
        _rig.Call(_a, "PUT", Order, $"symbol=BTCUSDT&side=SELL&orderId={id}&quantity=0.02&price=49000").Refused(-1117);
        _rig.Call(_a, "PUT", Order, "symbol=BTCUSDT&side=BUY&orderId=999&quantity=0.02&price=49100").Refused(-2013);
        RestAnswer crossed = _rig.Call(_a, "PUT", Order, $"symbol=BTCUSDT&side=BUY&orderId={id}&quantity=0.02&price=51000").Ok();
        Assert.Equal(("FILLED", "0.020"), (crossed["status"], crossed["executedQty"]));
    }

    [Fact]
    public void Batch_OneFails_TheOthersStand()
    {
        const string good = """{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.01","price":49000}""";
        const string bad = """{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"10","price":"49000","reduceOnly":"false"}""";
        RestAnswer placed = _rig.Call(_a, "POST", "/fapi/v1/batchOrders", $"batchOrders=[{good},{bad},{good}]", inBody: true).Ok();
        Assert.Equal(3, placed.Json.GetArrayLength());
        Assert.Equal(-2019, placed.Json[1].GetProperty("code").GetInt32());
        string first = placed.Json[0].GetProperty("orderId").ToString();
        string third = placed.Json[2].GetProperty("orderId").ToString();
        string changes = $"[{Change(first)},{Change("12345")}]";
        RestAnswer changed = _rig.Call(_a, "PUT", "/fapi/v1/batchOrders", "batchOrders=" + Uri.EscapeDataString(changes)).Ok();
        Assert.Equal("49100.0", changed.Json[0].GetProperty("price").GetString());
        Assert.Equal(-2013, changed.Json[1].GetProperty("code").GetInt32());
        RestAnswer gone = _rig.Call(_a, "DELETE", "/fapi/v1/batchOrders", $"symbol=BTCUSDT&orderidlist=%5B{first},77%5D").Ok();
        Assert.Equal("CANCELED", gone.Json[0].GetProperty("status").GetString());
        Assert.Equal(-2011, gone.Json[1].GetProperty("code").GetInt32());
        _rig.Call(_a, "DELETE", "/fapi/v1/batchOrders", "symbol=BTCUSDT&orderIdList=[1,2,3,4,5,6,7,8,9,10,11]").Refused(-4032);
        gone = _rig.Call(_a, "DELETE", "/fapi/v1/batchOrders", $"symbol=BTCUSDT&orderIdList=[{third}]").Ok();
        Assert.Equal("CANCELED", gone.Json[0].GetProperty("status").GetString());
        _rig.Call(_a, "POST", "/fapi/v1/batchOrders", $"batchOrders=[{good},{good},{good},{good},{good},{good}]", inBody: true).Refused(-4082);
        _rig.Call(_a, "POST", "/fapi/v1/batchOrders", "batchOrders={}", inBody: true).Refused(-1130);

        static string Change(string id) =>
            $$"""{"symbol":"BTCUSDT","side":"BUY","orderId":{{id}},"quantity":0.02,"price":"49100"}""";
    }

    [Fact]
    public void Classic_ConditionalOrder_KeepsItsIdForLife()
    {
        Place("side=BUY&type=MARKET&quantity=0.01").Ok();
        RestAnswer placed = Place("side=SELL&type=STOP_MARKET&quantity=0.01&stopPrice=49500&workingType=MARK_PRICE&reduceOnly=true&newClientOrderId=stop").Ok();
        string id = placed["orderId"];
        Assert.Equal(("NEW", "STOP_MARKET", "49500.0", "MARK_PRICE"), (placed["status"], placed["type"], placed["stopPrice"], placed["workingType"]));
        Assert.Equal("STOP_MARKET", _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={id}").Ok()["type"]);
        Assert.Equal(1, _rig.Call(_a, "GET", "/fapi/v1/openOrders").Ok().Json.GetArrayLength());
        Assert.Equal(0, _rig.Call(_a, "GET", "/fapi/v1/openAlgoOrders").Ok().Json.GetArrayLength());
        _rig.SetPrice(RestRig.Btc, "49400");
        RestAnswer over = _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={id}").Ok();
        Assert.Equal(("FILLED", "MARKET", "STOP_MARKET", "49500.0"), (over["status"], over["type"], over["origType"], over["stopPrice"]));
        Assert.Equal(id, over["orderId"]);
        Assert.Equal(id, _rig.Call(_a, "GET", Order, "symbol=BTCUSDT&origClientOrderId=stop").Ok()["orderId"]);
        JsonElement all = _rig.Call(_a, "GET", "/fapi/v1/allOrders", "symbol=BTCUSDT").Ok().Json;
        Assert.Equal(2, all.GetArrayLength());
        Assert.Equal(id, all[1].GetProperty("orderId").ToString());
        JsonElement trades = _rig.Call(_a, "GET", "/fapi/v1/userTrades", $"symbol=BTCUSDT&orderId={id}").Ok().Json;
        Assert.Equal(id, Assert.Single(trades.EnumerateArray()).GetProperty("orderId").ToString());
    }

    [Fact]
    public void Classic_Cancelled_WhileItWaits()
    {
        string id = Place("side=SELL&type=STOP&quantity=0.01&price=48000&stopPrice=49500").Ok()["orderId"];
        RestAnswer gone = _rig.Call(_a, "DELETE", Order, $"symbol=BTCUSDT&orderId={id}").Ok();
        Assert.Equal(("CANCELED", id, "STOP"), (gone["status"], gone["orderId"], gone["type"]));
        Assert.Equal("CANCELED", _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={id}").Ok()["status"]);
        Place("side=SELL&type=STOP&quantity=0.01&price=48000&stopPrice=49500").Ok();
        Place("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000").Ok();
        Assert.Equal("200", _rig.Call(_a, "DELETE", "/fapi/v1/allOpenOrders", "symbol=BTCUSDT").Ok()["code"]);
        Assert.Equal(0, _rig.Call(_a, "GET", "/fapi/v1/openOrders").Ok().Json.GetArrayLength());
    }

    [Fact]
    public void Algo_Order_LivesOnItsOwnPath()
    {
        const string algo = "/fapi/v1/algoOrder";
        const string text = "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=TAKE_PROFIT_MARKET&quantity=0.01&triggerPrice=50500"
            + "&clientAlgoId=tp&newOrderRespType=RESULT";
        RestAnswer placed = _rig.Call(_a, "POST", algo, text).Ok();
        Assert.Equal(("NEW", "tp", "CONDITIONAL", "50500.0"), (placed["algoStatus"], placed["clientAlgoId"], placed["algoType"], placed["triggerPrice"]));
        _rig.Call(_a, "POST", algo, text).Refused(-4116);
        _rig.Call(_a, "GET", Order, $"symbol=BTCUSDT&orderId={placed["algoId"]}").Refused(-2013);
        Assert.Equal(1, _rig.Call(_a, "GET", "/fapi/v1/openAlgoOrders", "symbol=BTCUSDT").Ok().Json.GetArrayLength());
        RestAnswer gone = _rig.Call(_a, "DELETE", algo, "clientAlgoId=tp").Ok();
        Assert.Equal((JsonValueKind.String, "200"), (gone.Json.GetProperty("code").ValueKind, gone["code"]));
        Assert.Equal("CANCELED", _rig.Call(_a, "GET", algo, "clientAlgoId=tp").Ok()["algoStatus"]);
        string second = _rig.Call(_a, "POST", algo, text).Ok()["algoId"];
        _rig.SetPrice(RestRig.Btc, "50600");
        _rig.SetPrice(RestRig.Btc, "50600");
        Place("side=BUY&type=MARKET&quantity=0.01").Ok();
        RestAnswer done = _rig.Call(_a, "GET", algo, $"algoId={second}").Ok();
        Assert.Equal("FINISHED", done["algoStatus"]);
        Assert.NotEqual("", done["actualOrderId"]);
        Assert.Equal(2, _rig.Call(_a, "GET", "/fapi/v1/allAlgoOrders", "symbol=BTCUSDT").Ok().Json.GetArrayLength());
    }

    [Fact]
    public void PriceMatch_TakesThePriceOfTheLevel()
    {
        RestAnswer queue = Place("side=BUY&type=LIMIT&quantity=0.01&priceMatch=QUEUE").Ok();
        string best = _rig.Get("/fapi/v1/ticker/bookTicker", "symbol=BTCUSDT").Ok()["bidPrice"];
        Assert.Equal((best, "QUEUE"), (queue["price"], queue["priceMatch"]));
        Assert.Equal("FILLED", Place("side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&priceMatch=OPPONENT_5&newOrderRespType=RESULT").Ok()["status"]);
    }

    [Fact]
    public void Hedge_PositionSide_IsAskedFor()
    {
        Assert.Equal(200, _rig.Call(_a, "POST", "/fapi/v1/positionSide/dual", "dualSidePosition=true").Ok().Code);
        Place("side=BUY&type=MARKET&quantity=0.01").Refused(-4061);
        Place("side=BUY&type=MARKET&quantity=0.01&positionSide=LONG&reduceOnly=true").Refused(-1106);
        Place("side=BUY&type=MARKET&quantity=0.01&positionSide=LONG").Ok();
        Place("side=SELL&type=MARKET&quantity=0.02&positionSide=SHORT").Ok();
        JsonElement rows = _rig.Call(_a, "GET", "/fapi/v3/positionRisk").Ok().Json;
        Assert.Equal(["LONG", "SHORT"], rows.EnumerateArray().Select(r => r.GetProperty("positionSide").GetString()));
        Assert.Equal("-0.020", rows[1].GetProperty("positionAmt").GetString());
    }

    [Fact]
    public void TestOrder_AndCountdown_Answer()
    {
        string before = _rig.StateHash();
        _rig.Call(_a, "POST", "/fapi/v1/order/test", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01").Ok();
        Assert.Equal(before, _rig.StateHash());
        Assert.Equal("60000", _rig.Call(_a, "POST", "/fapi/v1/countdownCancelAll", "symbol=BTCUSDT&countdownTime=60000").Ok()["countdownTime"]);
        _rig.Call(_a, "POST", "/fapi/v1/countdownCancelAll", $"symbol=BTCUSDT&countdownTime={long.MaxValue}").Refused(-1130);
    }

    private RestAnswer Place(string parameters) => _rig.Call(_a, "POST", Order, "symbol=BTCUSDT&" + parameters);
}
