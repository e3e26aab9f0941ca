using System.Security.Cryptography;
using System.Text;
using CrossMargin.Gateway.Binance;

namespace CrossMargin.Gateway.Tests.Binance;

/// <summary>The worked example of Binance's documentation, and what clients do beyond them.</summary>
public class SignatureVerifierTests
{
    // Binance's published example key, for its published example requests.
    private static readonly byte[] s_secret = Bytes("2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9");
    private const string Example =
        "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943";
    private const string Right = "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9";

    [Fact]
    public void Verify_DocumentedQuery_IsRight() =>
        Assert.True(SignatureVerifier.Verify(Bytes($"{Example}&signature={Right}"), [], s_secret));

    [Fact]
    public void Verify_DocumentedBody_IsRight() =>
        Assert.True(SignatureVerifier.Verify([], Bytes($"{Example}&signature={Right}"), s_secret));

    [Fact]
    public void Verify_QueryAndBody_AreSignedWithoutSeparator()
    {
        const string query = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC";
        const string body = "quantity=1&price=9000&recvWindow=5000&timestamp=1591702613943";
        string signature = Sign(query + body);
        Assert.True(SignatureVerifier.Verify(Bytes(query), Bytes($"{body}&signature={signature}"), s_secret));
        Assert.True(SignatureVerifier.Verify(Bytes($"{query}&signature={signature}"), Bytes(body), s_secret));
    }

    [Theory]
    [InlineData("a=1&b=2", "a=1&b=2&signature=$")]
    [InlineData("a=1&b=2", "signature=$&a=1&b=2")]
    [InlineData("a=1&b=2", "a=1&signature=$&b=2")]
    [InlineData("", "signature=$")]
    [InlineData("a=%5B1%2C2%5D&b=x y+", "a=%5B1%2C2%5D&b=x y+&signature=$")]
    [InlineData("mysignature=1&a", "mysignature=1&a&signature=$")]
    public void Verify_SignatureAnywhere_IsCutOutAsText(string signed, string sent)
    {
        byte[] wire = Bytes(sent.Replace("$", Sign(signed), StringComparison.Ordinal));
        Assert.True(SignatureVerifier.Verify(wire, [], s_secret));
        Assert.True(SignatureVerifier.Verify([], wire, s_secret));
        wire[^1] ^= 1;
        Assert.False(SignatureVerifier.Verify(wire, [], s_secret) && !sent.StartsWith("signature", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_UpperCaseHex_IsRight() =>
        Assert.True(SignatureVerifier.Verify(Bytes($"{Example}&signature={Right.ToUpperInvariant()}"), [], s_secret));

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9")]
    [InlineData("3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af900")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public void Verify_OtherSignature_IsWrong(string signature) =>
        Assert.False(SignatureVerifier.Verify(Bytes($"{Example}&signature={signature}"), [], s_secret));

    [Fact]
    public void Verify_AnyChangedByte_IsWrong()
    {
        byte[] wire = Bytes($"{Example}&signature={Right}");
        for (int i = 0; i < Example.Length; i++)
        {
            wire[i] ^= 0x20;
            Assert.False(SignatureVerifier.Verify(wire, [], s_secret), $"byte {i}");
            wire[i] ^= 0x20;
        }
    }

    [Fact]
    public void Verify_LongBody_IsRight()
    {
        string text = "batchOrders=" + new string('x', 60_000);
        Assert.True(SignatureVerifier.Verify([], Bytes($"{text}&signature={Sign(text)}"), s_secret));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(s_secret, Bytes(text)));
}
