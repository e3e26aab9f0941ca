using System.Buffers.Binary;
using CrossMargin.Embedded.Engine;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Engine;

public sealed class StateFormatTests
{
    [Fact]
    public void ReadState_OfAnotherFormat_NamesBothNumbers()
    {
        VenueProfile profile = TestProfiles.Simple();
        var bytes = new MemoryStream();
        new ExchangeEngine(profile).WriteState(piece => bytes.Write(piece));
        byte[] state = bytes.ToArray();
        Assert.Equal(ExchangeEngine.StateFormat, BinaryPrimitives.ReadInt32LittleEndian(state));
        BinaryPrimitives.WriteInt32LittleEndian(state, 1);
        var fault = Assert.Throws<StateFormatException>(() => new ExchangeEngine(profile).ReadState(new StateReader(state)));
        Assert.Contains($"format 1, this release reads format {ExchangeEngine.StateFormat}", fault.Message, StringComparison.Ordinal);
    }
}
