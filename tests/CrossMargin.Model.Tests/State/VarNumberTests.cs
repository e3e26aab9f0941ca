using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Model.Tests.State;

public sealed class VarNumberTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(63, 1)]
    [InlineData(-64, 1)]
    [InlineData(64, 2)]
    [InlineData(8_191, 2)]
    [InlineData(8_192, 3)]
    [InlineData(long.MaxValue, 10)]
    [InlineData(long.MinValue, 10)]
    public void WriteVar_ANumber_TakesAsFewBytesAsItNeeds(long value, int bytes)
    {
        var writer = new StateWriter(0);
        writer.WriteVar(value);
        Assert.Equal(bytes, writer.Length);
        Assert.Equal(value, new StateReader(writer.WrittenMemory).ReadVar());
    }

    [Fact]
    public void Prop_NumbersInARow_AreReadAsTheyWereWritten() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<long[]>(),
            values =>
            {
                var writer = new StateWriter(16);
                for (int i = 0; i < values.Length; i++) writer.WriteVar(values[i] << (i % 50));
                var reader = new StateReader(writer.WrittenMemory);
                for (int i = 0; i < values.Length; i++) Assert.Equal(values[i] << (i % 50), reader.ReadVar());
                reader.ExpectEnd();
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void ReadVar_WhereNoByteEndsIt_Throws(int bytes)
    {
        var reader = new StateReader(Enumerable.Repeat((byte)0x80, bytes).ToArray());
        Assert.Throws<StateFormatException>(() => reader.ReadVar());
        Assert.Equal(0, reader.Position);
    }
}
