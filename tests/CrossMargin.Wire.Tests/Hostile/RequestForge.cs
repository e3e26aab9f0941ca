using System.Globalization;
using System.Text;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>Whom the attacker would like to reach.</summary>
internal sealed record Victim(long OrderId, string ClientOrderId, long AlgoId, string ListenKey);

/// <summary>
/// Makes hostile requests out of right ones, by a seed. The attacker has an account and a key of his own, so that his requests get past
/// the signature where that is not what is wrong with them.
/// </summary>
internal sealed class RequestForge(int seed, TestAccount attacker, Victim victim)
{
    private readonly Random _random = new(seed);
    private readonly BinanceClient _right = new(null!, attacker.Key, attacker.Secret);
    private readonly BinanceClient _wrong = new(null!, attacker.Key, new string('0', 64));

    private Func<HostileRequest>[]? _kinds;

    public HostileRequest Next()
    {
        _kinds ??=
        [
            PoisonedValue, PoisonedValue, PoisonedValue, PoisonedValue, MissingValue, TwiceTheSame, WrongSecret, WrongKey, BrokenSignature, TamperedWith,
            OutOfTime, PoisonedWindow, OthersIds, HostileBatch, HostileBatch, WrongContentType, UnknownPath, UnknownMethod, PublicNonsense, Administration,
            FlippedBytes, FlippedBytes, BrokenFraming, BrokenFraming, TooLarge, HalfARequest, BrokenChunks,
        ];
        return Poison.Any(_random, _kinds)();
    }

    private static string Now(long offset = 0) => (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + offset).ToString(CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<(string Name, string Value)> parts) => string.Join('&', parts.Select(p => $"{p.Name}={p.Value}"));

    private CallShape Shape() => Poison.Any(_random, CallShape.All);

    private static List<(string Name, string Value)> Values(CallShape shape) =>
        [.. shape.Parts.Select(p => (p.Name, p.Value)), ("recvWindow", "60000"), ("timestamp", Now())];

    // Signed over what is sent, in the query or, where there may be one, in a form.
    private HostileRequest Signed(string kind, CallShape shape, string text, Outcome outcome = Outcome.Refused) =>
        Send(kind, shape.Method, shape.Path, $"{text}&signature={_right.Sign(text)}", outcome);

    private HostileRequest Send(string kind, string method, string path, string text, Outcome outcome, string? key = null)
    {
        bool inForm = method is "POST" or "PUT" && _random.Next(2) == 0;
        return inForm
            ? Request(kind, method, path, text, "application/x-www-form-urlencoded", outcome, key)
            : Request(kind, method, $"{path}?{text}", "", null, outcome, key);
    }

    private HostileRequest Request(
        string kind, string method, string target, string body, string? type, Outcome outcome, string? key = null, string more = "")
    {
        byte[] content = Encoding.UTF8.GetBytes(body);
        string head = $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nX-MBX-APIKEY: {key ?? attacker.Key}\r\n{more}"
            + (type is null ? "" : $"Content-Type: {type}\r\n")
            + (content.Length > 0 || method is "POST" or "PUT" ? $"Content-Length: {content.Length}\r\n" : "") + "\r\n";
        return new HostileRequest(kind, [.. Encoding.Latin1.GetBytes(head), .. content], outcome);
    }

    private HostileRequest PoisonedValue()
    {
        CallShape shape = Shape();
        var values = Values(shape);
        int at = _random.Next(shape.Parts.Length);
        values[at] = (values[at].Name, Poison.Of(shape.Parts[at].Kind, _random));
        return Signed("poisoned value", shape, Join(values));
    }

    private HostileRequest MissingValue()
    {
        CallShape shape = Shape();
        var values = Values(shape);
        int[] mandatory = [.. Enumerable.Range(0, shape.Parts.Length).Where(i => shape.Parts[i].IsMandatory)];
        values.RemoveAt(Poison.Any(_random, mandatory));
        return Signed("missing value", shape, Join(values));
    }

    private HostileRequest TwiceTheSame()
    {
        CallShape shape = Shape();
        var values = Values(shape);
        (string Name, string Value) one = Poison.Any(_random, values);
        values.Insert(_random.Next(values.Count + 1), one);
        return Signed("twice the same", shape, Join(values));
    }

    private HostileRequest WrongSecret()
    {
        CallShape shape = Shape();
        string text = Join(Values(shape));
        return Send("wrong secret", shape.Method, shape.Path, $"{text}&signature={_wrong.Sign(text)}", Outcome.Refused);
    }

    private HostileRequest WrongKey()
    {
        CallShape shape = Shape();
        string text = Join(Values(shape));
        string key = Poison.Any(_random, ["", "x", new string('k', 64), new string('k', 5000), "a b", "\u00ff\u00fe", attacker.Key[..^1], attacker.Key + "0"]);
        return Send("wrong key", shape.Method, shape.Path, $"{text}&signature={_right.Sign(text)}", Outcome.Refused, key);
    }

    private HostileRequest BrokenSignature()
    {
        CallShape shape = Shape();
        string text = Join(Values(shape));
        string right = _right.Sign(text);
        char[] changed = right.ToCharArray();
        int at = _random.Next(64);
        changed[at] = changed[at] == 'f' ? '0' : 'f';
        string broken = Poison.Any(_random, ["", right[..63], right + "0", new string(changed), "zz" + right[2..], "%00" + right, new string('f', 5000)]);
        string whole = _random.Next(8) == 0 ? text : $"{text}&signature={broken}";
        return Send("broken signature", shape.Method, shape.Path, whole, Outcome.Refused);
    }

    private HostileRequest TamperedWith()
    {
        CallShape shape = Shape();
        string text = Join(Values(shape));
        string signature = _right.Sign(text);
        string changed = _random.Next(3) switch
        {
            0 => text + "&a=b",
            1 => text.Replace("BTCUSDT", "ETHUSDT", StringComparison.Ordinal) + "&c=d",
            _ => "reduceOnly=false&" + text,
        };
        return Send("tampered with", shape.Method, shape.Path, $"{changed}&signature={signature}", Outcome.Refused);
    }

    private HostileRequest OutOfTime()
    {
        CallShape shape = Shape();
        var values = Values(shape);
        long offset = Poison.Any(_random, [-61_000L, -600_000, 30_000, 3_600_000, -1_700_000_000_000, 9_000_000_000_000_000]);
        values[^1] = ("timestamp", Now(offset));
        return Signed("out of time", shape, Join(values));
    }

    private HostileRequest PoisonedWindow()
    {
        CallShape shape = Shape();
        var values = Values(shape);
        if (_random.Next(2) == 0) values[^1] = ("timestamp", Poison.Of(ValueKind.Count, _random));
        else values[^2] = ("recvWindow", Poison.Any(_random, ["60001", "-1", "abc", "99999999999999999999", "1e4", "%00", "0x1"]));
        return Signed("poisoned window", shape, Join(values));
    }

    private HostileRequest OthersIds()
    {
        string tail = $"&recvWindow=60000&timestamp={Now()}";
        (string method, string path, string text) = _random.Next(7) switch
        {
            0 => ("DELETE", "/fapi/v1/order", $"symbol=BTCUSDT&orderId={victim.OrderId}"),
            1 => ("DELETE", "/fapi/v1/order", $"symbol=BTCUSDT&origClientOrderId={victim.ClientOrderId}"),
            2 => ("GET", "/fapi/v1/order", $"symbol=BTCUSDT&orderId={victim.OrderId}"),
            3 => ("PUT", "/fapi/v1/order", $"symbol=BTCUSDT&side=BUY&orderId={victim.OrderId}&quantity=0.02&price=20000"),
            4 => ("DELETE", "/fapi/v1/algoOrder", $"algoId={victim.AlgoId}"),
            5 => ("GET", "/fapi/v1/openOrder", $"symbol=BTCUSDT&orderId={victim.OrderId}"),
            _ => ("GET", "/fapi/v1/algoOrder", $"algoId={victim.AlgoId}"),
        };
        return Signed("other's id", new CallShape(method, path), text + tail);
    }

    private HostileRequest HostileBatch()
    {
        string right = "{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"LIMIT\",\"timeInForce\":\"GTC\",\"quantity\":\"0.01\",\"price\":\"20000\"}";
        int depth = _random.Next(1, 2000);
        string list = _random.Next(12) switch
        {
            0 => new string('[', depth) + new string(']', depth),
            1 => "[" + string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth) + "]",
            2 => "[" + string.Join(',', Enumerable.Repeat(right, 6 + _random.Next(200))) + "]",
            3 => "[]",
            4 => "{}",
            5 => "[1,null,true,\"x\",[]]",
            6 => $"[{right.Replace("\"0.01\"", "1e400", StringComparison.Ordinal)}]",
            7 => $"[{right.Replace("BTCUSDT", "\\u0000", StringComparison.Ordinal)}]",
            8 => $"[{right.Replace("\"20000\"", "{\"a\":[1]}", StringComparison.Ordinal)}]",
            9 => $"[{right[..^1]},\"symbol\":\"ETHUSDT\"}}]",
            10 => right[.._random.Next(right.Length)],
            _ => $"[{right.Replace("BUY", "\ud800", StringComparison.Ordinal)}]",
        };
        string text = $"batchOrders={Uri.EscapeDataString(list)}&recvWindow=60000&timestamp={Now()}";
        return Signed("batch", new CallShape("POST", "/fapi/v1/batchOrders"), text, Outcome.EachRefused);
    }

    private HostileRequest WrongContentType()
    {
        CallShape shape = CallShape.All[0];
        var values = Values(shape);
        values[4] = ("quantity", "-1");
        string text = Join(values);
        string type = Poison.Any(_random, ["application/xml", "multipart/form-data; boundary=x", "text/plain; charset=utf-7",
            "application/json", "\u00ff", "x/y;;;=", ""]);
        return Request("content type", "POST", shape.Path, $"{text}&signature={_right.Sign(text)}", type, Outcome.Refused);
    }

    private HostileRequest UnknownPath()
    {
        string path = Poison.Any(
            _random,
            [
                "/fapi/v1/nothing", "/fapi/v9/order", "/fapi/v1/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//fapi//v1//order", "/fapi/v1/order%00",
                "/fapi/v1/order/", "/" + new string('a', 4000), "/fapi/v1/%ff", "/admin", "/admin/v1/../v1/accounts", "/fapi/v1/orde%72%2f", "/\\fapi", "/*",
            ]);
        return Request("unknown path", Poison.Any(_random, ["POST", "DELETE", "PUT"]), path, "", null, Outcome.Refused);
    }

    private HostileRequest UnknownMethod()
    {
        string method = Poison.Any(_random, ["PATCH", "TRACE", "OPTIONS", "HEAD", "get", "GETT", "MKCOL", "\u00ff", "G E T", "", new string('M', 300)]);
        CallShape shape = Shape();
        return Request("unknown method", method, shape.Path, "", null, Outcome.NotSpoken) with { EndsThere = true };
    }

    private HostileRequest PublicNonsense()
    {
        string value = Poison.Of((ValueKind)_random.Next(9), _random);
        string other = Poison.Of((ValueKind)_random.Next(9), _random);
        string target = Poison.Any(
            _random,
            [
                $"/fapi/v1/depth?symbol={value}&limit={other}", $"/fapi/v1/depth?symbol=BTCUSDT&limit={value}",
                $"/fapi/v1/klines?symbol=BTCUSDT&interval={value}&startTime={other}",
                    $"/fapi/v1/klines?symbol=BTCUSDT&interval=1m&endTime={value}&limit={other}",
                $"/fapi/v1/aggTrades?symbol=BTCUSDT&fromId={value}", $"/fapi/v1/trades?symbol={value}&limit={other}",
                $"/fapi/v1/ticker/24hr?symbol={value}", $"/fapi/v1/premiumIndex?symbol={value}", $"/fapi/v1/fundingRate?startTime={value}&endTime={other}",
                $"/fapi/v1/markPriceKlines?symbol={value}&interval=1h", $"/fapi/v1/time?{value}={other}", $"/fapi/v1/exchangeInfo?{value}",
                $"/fapi/v1/historicalTrades?symbol=BTCUSDT&fromId={value}", "/fapi/v1/ping?" + new string('&', 500),
            ]);
        return Request("public nonsense", "GET", target, "", null, Outcome.NoFault);
    }

    private HostileRequest Administration()
    {
        string path = Poison.Any(_random, ["/accounts", "/accounts/1", "/markets", "/accounts/1/keys", "/accounts/1/deposit", "/simulator",
            "/markets/BTCUSDT/price"]);
        string authority = Poison.Any(_random, ["", "Authorization: Bearer\r\n", "Authorization: Bearer x\r\n",
            "Authorization: Basic YTpi\r\n", $"Authorization: Bearer {new string('t', 4000)}\r\n"]);
        bool reads = _random.Next(2) == 0;
        return reads
            ? Request("administration", "GET", "/admin/v1" + path, "", null, Outcome.Refused, more: authority)
            : Request("administration", "POST", "/admin/v1" + path, "{\"name\":\"x\",\"deposit\":\"1\"}", "application/json", Outcome.Refused, more: authority);
    }

    // The signature is wrong from the start, so that no flip can make it right.
    private HostileRequest FlippedBytes()
    {
        byte[] bytes = [.. WrongSecret().Bytes];
        int flips = _random.Next(1, 12);
        for (int i = 0; i < flips; i++) bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        return new HostileRequest("flipped bytes", bytes, Outcome.NotSpoken, EndsThere: true);
    }

    private HostileRequest BrokenFraming()
    {
        string text = _random.Next(16) switch
        {
            0 => "GET /fapi/v1/ping HTTP/9.9\r\nHost: a\r\n\r\n",
            1 => "GET /fapi/v1/ping\r\n\r\n",
            2 => "GET /fapi/v1/ping HTTP/1.1\r\n\r\n",
            3 => "GET /fapi/v1/ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            4 => "POST /fapi/v1/order HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
            5 => "POST /fapi/v1/order HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            6 => "POST /fapi/v1/order HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            7 => "POST /fapi/v1/order HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
            8 => "GET /fapi/v1/ping HTTP/1.1\nHost: a\n\n",
            9 => "GET /fapi/v1/ping HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
            10 => "GET /fapi/v1/ping HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
            11 => "\0\0\0\0\r\n\r\n",
            12 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            13 => "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            14 => "GET http://evil.example/fapi/v1/ping HTTP/1.1\r\nHost: a\r\n\r\n",
            _ => "GET /private/ws?listenKey=%00 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\n\r\n",
        };
        return new HostileRequest("broken framing", Encoding.Latin1.GetBytes(text), Outcome.NotSpoken, EndsThere: true);
    }

    private HostileRequest TooLarge()
    {
        CallShape shape = CallShape.All[0];
        string text = Join(Values(shape));
        return _random.Next(5) switch
        {
            0 => Request("too large", "POST", shape.Path, "", null, Outcome.Refused,
                more: $"X-Filler: {new string('h', 60_000)}\r\n") with
            { EndsThere = true },
            1 => Request("too large", "POST", $"{shape.Path}?{new string('q', 20_000)}", "", null, Outcome.Refused) with { EndsThere = true },
            2 => Request("too large", "POST", shape.Path, $"{text}&filler={new string('f', 300_000)}", "application/x-www-form-urlencoded", Outcome.Refused)
                with
            { EndsThere = true },
            3 => Request("too large", "POST", shape.Path + "?" + string.Concat(Enumerable.Range(0, 1500).Select(i => $"a{i}=1&")), "", null, Outcome.Refused)
                with
            { EndsThere = true },
            _ => Request("too large", "GET", "/fapi/v1/ping", "", null, Outcome.NoFault, more: string.Concat(Enumerable.Range(0,
                200).Select(i => $"X-{i}: 1\r\n")))
                with
            { EndsThere = true },
        };
    }

    private HostileRequest HalfARequest()
    {
        byte[] bytes = WrongSecret().Bytes;
        return new HostileRequest("half a request", bytes[.._random.Next(bytes.Length)], Outcome.NoFault, EndsThere: true);
    }

    private HostileRequest BrokenChunks()
    {
        string chunks = Poison.Any(
            _random, ["ZZ\r\nabc\r\n0\r\n\r\n", "-1\r\n", "FFFFFFFFFFFFFFFFFF\r\n", "5\r\nab", "5\r\nabcdefgh\r\n0\r\n\r\n",
                "3;x=y\r\nabc\r\n0\r\n\r\n", "7FFFFFFF\r\nabc"]);
        string head = $"POST /fapi/v1/order HTTP/1.1\r\nHost: a\r\nX-MBX-APIKEY: {attacker.Key}\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
        return new HostileRequest("broken chunks", Encoding.Latin1.GetBytes(head + chunks), Outcome.Refused, EndsThere: true);
    }
}
