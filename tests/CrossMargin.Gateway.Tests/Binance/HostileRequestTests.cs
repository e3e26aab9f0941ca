using System.Text;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Binance;

namespace CrossMargin.Gateway.Tests.Binance;

[Collection(Streams.MemoryMeasuring.Name)]
public class HostileRequestTests
{
    private const int Requests = 100_000;

    private static readonly string[] s_values =
    [
        "", "-1", "-0.001", "1e999", "5e-300", "0x10", "NaN", "Infinity", "99999999999999999999", "9223372036854775808", "1.0000000000000000000001",
        ".", "1.2.3", "null", "{}", "[]", "[[[[[[[[", "%00", "%", "%2", "%ZZ", "%FF%FE", "%ED%A0%80", "true,false", "'; DROP TABLE orders;--",
        "+", " ", "%F0%9F%92%A9", "../../etc/passwd", "\\u0000", "[{}]", "[1,2,3]", "[{\"symbol\":1e400}]", "[{\"symbol\":\"\\ud800\"}]",
        "[{\"symbol\":\"BTCUSDT\",\"side\":{},\"type\":[]}]", "[\"\\ud800\"]", "[99999999999999999999]", new string('9', 70), new string('a', 4_000),
    ];

    private static readonly string[] s_numbers =
    [
        "quantity", "price", "stopPrice", "triggerPrice", "callbackRate", "orderId", "algoId", "amount", "leverage", "countdownTime", "goodTillDate",
        "limit", "fromId", "startTime", "endTime", "page", "batchOrders", "orderIdList", "origClientOrderIdList", "newClientOrderId",
        "origClientOrderId", "clientAlgoId", "dualSidePosition", "marginType", "interval", "period", "incomeType", "timeInForce", "activatePrice",
        "kind", "threshold", "direction", "webhook", "alertId",
    ];

    private static readonly string[] s_choices =
    [
        "symbol=BTCUSDT", "symbol=NONE", "symbol=", "pair=BTCUSDT", "side=BUY", "side=SELL", "type=LIMIT", "type=MARKET", "type=STOP_MARKET",
        "type=TRAILING_STOP_MARKET", "algoType=CONDITIONAL", "positionSide=LONG", "reduceOnly=true", "closePosition=TRUE", "priceMatch=QUEUE",
        "workingType=MARK_PRICE", "newOrderRespType=RESULT", "contractType=PERPETUAL", "selfTradePreventionMode=EXPIRE_BOTH",
        "kind=MarkPrice", "kind=MarginRatio", "threshold=50000", "threshold=0.5", "direction=Below", "repeats=true", "webhook=http%3A%2F%2Fx%2F",
    ];

    /// <summary>What is malformed, oversized, forged or senseless is refused with 4xx, and nothing happens.</summary>
    [Fact]
    public void Prop_HostileRequests_NeverBreakOrChangeAnything()
    {
        using var rig = new RestRig(o => (o.LimitsEnabled, o.TrackedAddresses) = (false, 500));
        TestKey key = rig.Account(1);
        rig.Call(key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=49000").Ok();
        string hash = rig.StateHash();
        var random = new Random(20260); // fixed: the same requests each time
        long memory = 0;
        int refused = 0;
        for (int i = 0; i < Requests; i++)
        {
            if (i == Requests / 5) memory = GC.GetTotalMemory(true);
            RestAnswer answer = Send(rig, key, random);
            Assert.True(answer.Status < 500, answer.Text);
            if (answer.Status >= 400)
            {
                refused++;
                Assert.True(answer.Code < 0, answer.Text);
            }
        }

        Assert.Equal(hash, rig.StateHash());
        Assert.InRange(refused, Requests / 2, Requests);
        Assert.InRange(rig.Service<RequestLimiter>().AddressCount, 1, 500);
        Assert.InRange(rig.Service<RequestLimiter>().AccountCount, 0, 1);
        Assert.InRange(rig.Service<ListenKeyTable>().Count, 0, 1);
        Assert.InRange(rig.Service<AlertBook>().All.Count, 1, AlertBook.MostOfAnAccount);
        Assert.InRange(GC.GetTotalMemory(true) - memory, long.MinValue, 16 * 1024 * 1024);
    }

    private static RestAnswer Send(RestRig rig, TestKey key, Random random)
    {
        Operation operation = OperationTable.All[random.Next(OperationTable.All.Count)];
        string path = random.Next(50) == 0 ? operation.Path + Pick(random, s_values).Replace('?', '/') : operation.Path;
        string method = random.Next(20) == 0 ? Pick(random, ["GET", "POST", "PUT", "DELETE", "PATCH", "BREW"]) : operation.Method;
        string text = Parameters(random);
        byte[] body = [];

        // To cancel all orders of a market takes nothing but a symbol: rightly signed it would be no hostile request.
        bool signed = random.Next(4) != 0 && operation.Name != "cancelAllOrders";
        if (signed)
        {
            text = $"{text}&timestamp={rig.Time.Now}";
            if (random.Next(3) == 0) (text, body) = ("", Encoding.UTF8.GetBytes($"{text}&signature={key.Sign(text)}"));
            else text += "&signature=" + key.Sign(text);
        }
        else if (random.Next(4) == 0)
        {
            body = new byte[random.Next(random.Next(20) == 0 ? 80_000 : 500)];
            random.NextBytes(body);
        }

        string? apiKey = random.Next(10) == 0 ? Pick(random, s_values) : key.ApiKey;
        string address = random.Next(10) == 0 ? $"10.{random.Next(256)}.{random.Next(256)}.1" : "127.0.0.1";
        return rig.Send(method, path, text, body, apiKey, address);
    }

    private static string Parameters(Random random)
    {
        var text = new StringBuilder();
        int choices = random.Next(8);
        for (int i = 0; i < choices; i++) text.Append(Pick(random, s_choices)).Append('&');
        int count = random.Next(200) == 0 ? 300 : random.Next(6);
        for (int i = 0; i < count; i++) text.Append(Pick(random, s_numbers)).Append('=').Append(Pick(random, s_values)).Append('&');
        if (random.Next(200) == 0) text.Append('x', 20_000);
        return text.ToString();
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
