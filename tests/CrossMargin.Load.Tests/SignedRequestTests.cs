using System.Text;
using CrossMargin.Gateway.Binance;
using CrossMargin.Load.Generator;

namespace CrossMargin.Load.Tests;

public class SignedRequestTests
{
    private static readonly ApiKey s_key = new("key0", "secret0");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sign_Request_PassesTheGatewaysVerifier(bool inBody)
    {
        var request = new SignedRequest("localhost:1", s_key);
        int length = Encoding.ASCII.GetBytes("symbol=BTCUSDT&side=BUY", request.Parameters);
        string text = Encoding.ASCII.GetString(request.Sign(inBody ? "POST /fapi/v1/order" : "DELETE /fapi/v1/order", length, 17, inBody));
        string[] parts = text.Split("\r\n\r\n");
        string target = text.Split(' ')[1];
        string query = target.Contains('?', StringComparison.Ordinal) ? target[(target.IndexOf('?') + 1)..] : "";
        Assert.Equal(2, parts.Length);
        Assert.Equal(inBody, query.Length == 0);
        Assert.Equal(inBody, text.Contains($"Content-Length: {parts[1].Length}\r\n", StringComparison.Ordinal));
        Assert.Contains("X-MBX-APIKEY: key0\r\n", text, StringComparison.Ordinal);
        byte[] queryBytes = Encoding.ASCII.GetBytes(query);
        byte[] body = Encoding.ASCII.GetBytes(parts[1]);
        Assert.True(SignatureVerifier.Verify(queryBytes, body, "secret0"u8));
        Assert.False(SignatureVerifier.Verify(queryBytes, body, "secret1"u8));
    }

    [Fact]
    public void Next_Script_CancelsTheOrderBeforeAndTakesTurns()
    {
        var market = new MarketTerms("BTCUSDT", "100", "97", "103", "0.1");
        foreach (bool isMaker in (bool[])[true, false])
        {
            var script = new OrderScript("localhost:1", s_key, market, isMaker, "r", TimeProvider.System);
            string[] requests = [.. Enumerable.Range(0, 24).Select(_ => Encoding.ASCII.GetString(script.Next()))];
            Assert.Equal(
                requests.Count(r => r.Contains("side=BUY", StringComparison.Ordinal) && !r.Contains("price=97&", StringComparison.Ordinal)),
                requests.Count(r => r.Contains("side=SELL", StringComparison.Ordinal) && !r.Contains("price=103&", StringComparison.Ordinal)));
            for (int i = 1; i < requests.Length; i++)
            {
                if (!requests[i].StartsWith("DELETE", StringComparison.Ordinal)) continue;
                string id = Between(requests[i], "origClientOrderId=", "&");
                Assert.Equal(id, Between(requests[i - 1], "newClientOrderId=", "&"));
                Assert.Contains("timeInForce=GTC", requests[i - 1], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Of_Market_LiesOnTicksAndPassesTheLeastNotional()
    {
        MarketTerms terms = MarketTerms.Of("X", mark: 0.12345m, tick: 0.0001m, step: 1m, leastQuantity: 1m, leastNotional: 5m);
        Assert.Equal(("0.1234", "0.1197", "0.1272"), (terms.Middle, terms.FarBid, terms.FarAsk));
        Assert.Equal("44", terms.Quantity);
    }

    private static string Between(string text, string from, string to)
    {
        int start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
