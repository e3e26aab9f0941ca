using System.Text;
using CrossMargin.Load.Generator;

namespace CrossMargin.Load.Tests;

public class AnswerReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nDate: x\r\ncontent-length:5\r\nX-A: 1\r\n\r\nhello", 400)]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", 429)]
    [InlineData("HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n", 204)]
    public void TryRead_InPieces_EndsWithTheLastByteOnly(string answer, int expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(AnswerReader.TryRead(bytes.AsSpan(0, length), out _, out _, out _), $"whole after {length} of {bytes.Length}");
        }

        byte[] more = [.. bytes, (byte)'H'];
        Assert.True(AnswerReader.TryRead(more, out int status, out _, out int end));
        Assert.Equal((expected, bytes.Length), (status, end));
    }

    [Fact]
    public void TryRead_NoHttp_Throws() =>
        Assert.Throws<InvalidDataException>(() => AnswerReader.TryRead("SSH-2.0-OpenSSH_9.2\r\n\r\n"u8, out _, out _, out _));

    [Theory]
    [InlineData("""{"code":-2011,"msg":"Unknown order sent."}""", -2011)]
    [InlineData("""{"msg":"no"}""", 0)]
    public void CodeOf_Body_IsItsCode(string body, long code) => Assert.Equal(code, AnswerReader.CodeOf(Encoding.ASCII.GetBytes(body)));
}
