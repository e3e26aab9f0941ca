using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Binance;

public sealed class RestSecurityTests : IDisposable
{
    private const string Order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000";
    private static readonly ApiKeyTerms s_all = new("", KeyScopes.Read | KeyScopes.Trade | KeyScopes.Withdraw, null, [], false);

    private readonly RestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void EverySignedOperation_WithoutAKey_IsRefusedBeforeAnything()
    {
        TestKey key = _rig.Account(1, terms: s_all);
        foreach (Operation operation in OperationTable.All.Where(o => o.Security != CallSecurity.None))
        {
            _rig.Send(operation.Method, operation.Path, "", "", null).Refused(-2014, 401);
            _rig.Send(operation.Method, operation.Path, "", "", "no key").Refused(-2014, 401);
            _rig.Send(operation.Method, operation.Path, "", "", new string('a', 64)).Refused(-2015, 401);
            if (operation.Security != CallSecurity.Signed) continue;
            _rig.Send(operation.Method, operation.Path, "", "", key.ApiKey).Refused(-1102);
            _rig.Send(operation.Method, operation.Path, $"timestamp={_rig.Time.Now}", "", key.ApiKey).Refused(-1102);
            _rig.Send(operation.Method, operation.Path, $"timestamp={_rig.Time.Now}&signature=00", "", key.ApiKey).Refused(-1022);
            _rig.Send(operation.Method, operation.Path, "timestamp=1&signature=00", "", key.ApiKey).Refused(-1021);
            _rig.Time.Now += 10_000;
        }
    }

    [Fact]
    public void Keys_ExpiryAddressAndScope_AreKept()
    {
        TestKey past = _rig.Account(1, terms: new ApiKeyTerms("", KeyScopes.Read | KeyScopes.Trade, RestRig.Start, [], false));
        _rig.Call(past, "GET", "/fapi/v3/account").Refused(-2015, 401);
        TestKey reader = _rig.Account(2, terms: new ApiKeyTerms("", KeyScopes.Read, RestRig.Start + 1, [], false));
        _rig.Call(reader, "GET", "/fapi/v3/account").Ok();
        foreach (Operation operation in OperationTable.All.Where(o => (o.Scope & ~KeyScopes.Read) != 0))
        {
            _rig.Call(reader, operation.Method, operation.Path, Order).Refused(-2015, 401);
        }

        Assert.All(Enum.GetValues<KeyScopes>(), scope => Assert.Contains(OperationTable.All, o => o.Scope == scope));

        TestKey elsewhere = _rig.Account(3, terms: new ApiKeyTerms("", KeyScopes.Read, null, ["10.0.0.0/8", "::1"], false));
        _rig.Call(elsewhere, "GET", "/fapi/v3/account").Refused(-2015, 401);
        TestKey here = _rig.Account(4, terms: new ApiKeyTerms("", KeyScopes.Read, null, ["127.0.0.1"], false));
        _rig.Call(here, "GET", "/fapi/v3/account").Ok();
        _rig.Call(_rig.Directory.Add(new AccountId(4), null, AccountRecordStatus.Closed), "GET", "/fapi/v3/account").Refused(-2015, 401);
    }

    [Fact]
    public void Time_FollowsBinancesRule()
    {
        TestKey key = _rig.Account(1);
        Assert.Equal(200, At(0, null));
        Assert.Equal(200, At(999, null));
        Assert.Equal(-1021, At(1_000, null));
        Assert.Equal(200, At(-5_000, null));
        Assert.Equal(-1021, At(-5_001, null));
        Assert.Equal(200, At(-60_000, "60000"));
        Assert.Equal(-1131, At(-60_000, "60001"));
        Assert.Equal(-1100, At(0, "x"));

        int At(long offset, string? window)
        {
            string text = $"timestamp={_rig.Time.Now + offset}" + (window is null ? "" : $"&recvWindow={window}");
            RestAnswer answer = _rig.Send("GET", "/fapi/v3/account", $"{text}&signature={key.Sign(text)}", "", key.ApiKey);
            return answer.Status == 200 ? 200 : answer.Code;
        }
    }

    [Fact]
    public async Task Withdraw_TakesAKeyThatMayAndNoMoreThanThereIs()
    {
        TestKey trades = _rig.Account(1, deposit: "100");
        TestKey may = _rig.Directory.Add(new AccountId(1), s_all);
        _rig.Call(trades, "POST", "/account/v1/withdrawals", "amount=1").Refused(-2015, 401);
        RestAnswer done = _rig.Call(may, "POST", "/account/v1/withdrawals", "amount=60.00000001").Ok();
        Assert.Equal(("USDT", "60.00000001"), (done["asset"], done["amount"]));
        Assert.Equal("39.99999999", Assert.Single(_rig.Call(may, "GET", "/fapi/v3/balance").Ok().Json.EnumerateArray(),
            b => b.GetProperty("asset").GetString() == "USDT").GetProperty("balance").GetString());
        Assert.True(_rig.Call(may, "POST", "/account/v1/withdrawals", "amount=40").Code < 0);
        foreach (string bad in (string[])["amount=0", "amount=-1", "amount=1e30", "amount=0.000000001", "amount=1&asset=GOLD", ""])
        {
            RestAnswer refused = _rig.Call(may, "POST", "/account/v1/withdrawals", bad);
            Assert.True(refused.Status == 400 && refused.Code < 0, bad);
        }

        Assert.Equal(3_999_999_999, (await _rig.Exchange.ReadAccountAsync(new AccountId(1)))!.CrossWallet.E8);
    }

    [Fact]
    public void AnotherAccount_SeesAndTouchesNothing()
    {
        TestKey a = _rig.Account(1);
        TestKey b = _rig.Account(2, deposit: "0");
        string order = _rig.Call(a, "POST", "/fapi/v1/order", Order + "&newClientOrderId=mine").Ok()["orderId"];
        const string stop = "symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=0.01";
        string classic = _rig.Call(a, "POST", "/fapi/v1/order", stop + "&stopPrice=49000").Ok()["orderId"];
        string algo = _rig.Call(a, "POST", "/fapi/v1/algoOrder", stop + "&algoType=CONDITIONAL&triggerPrice=49000&clientAlgoId=also").Ok()["algoId"];
        _rig.Call(a, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01").Ok();
        string before = _rig.Call(a, "GET", "/fapi/v3/account").Ok().Text;
        string open = _rig.Call(a, "GET", "/fapi/v1/openOrders").Ok().Text;
        string algos = _rig.Call(a, "GET", "/fapi/v1/openAlgoOrders").Ok().Text;
        foreach (Operation operation in OperationTable.All.Where(o => o.Security == CallSecurity.Signed))
        {
            foreach (string id in (string[])[order, classic, algo])
            {
                _rig.Time.Now += 10_000;
                string text = $"symbol=BTCUSDT&orderId={id}&algoId={id}&side=BUY&quantity=0.02&price=49100&leverage=3&amount=1&type=1"
                    + $"&orderIdList=[{id}]&countdownTime=1000&marginType=ISOLATED"
                    + $"&batchOrders=[{{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"orderId\":{id},\"quantity\":0.02,\"price\":49100}}]";
                RestAnswer answer = _rig.Call(b, operation.Method, operation.Path, text);
                Assert.DoesNotContain("mine", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("also", answer.Text, StringComparison.Ordinal);
                Assert.True(answer.Status < 500, answer.Text);
                string list = operation.Path.Contains("rders", StringComparison.Ordinal) && operation.Method == "GET" ? answer.Text : "[]";
                Assert.Equal("[]", list);
            }

            RestAnswer named = _rig.Call(b, operation.Method, operation.Path, "symbol=BTCUSDT&origClientOrderId=mine&clientAlgoId=also");
            Assert.DoesNotContain("mine", named.Text, StringComparison.Ordinal);
        }

        Assert.Equal(before, _rig.Call(a, "GET", "/fapi/v3/account").Ok().Text);
        Assert.Equal(open, _rig.Call(a, "GET", "/fapi/v1/openOrders").Ok().Text);
        Assert.Equal(algos, _rig.Call(a, "GET", "/fapi/v1/openAlgoOrders").Ok().Text);
    }
}
