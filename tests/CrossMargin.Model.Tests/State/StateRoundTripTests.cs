
namespace CrossMargin.Model.Tests.State;

public sealed class StateRoundTripTests
{
    private static StateWriter Sample()
    {
        var writer = new StateWriter(16);
        writer.WriteByte(0xAB);
        writer.WriteBool(true);
        writer.WriteUInt16(65_535);
        writer.WriteInt32(-2);
        writer.WriteInt64(long.MinValue);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteInt128(Int128.MinValue + 1);
        writer.WriteString("Zürich");
        writer.WriteBytes([1, 2, 3]);
        writer.WritePrice(new Price(7));
        writer.WriteQuantity(new Quantity(-8));
        writer.WriteAmount(new Amount(9));
        writer.WriteRate(new Rate(-10));
        writer.WriteTimestamp(new Timestamp(11));
        return writer;
    }

    private static void ReadSample(StateReader reader)
    {
        Assert.Equal(0xAB, reader.ReadByte());
        Assert.True(reader.ReadBool());
        Assert.Equal(65_535, reader.ReadUInt16());
        Assert.Equal(-2, reader.ReadInt32());
        Assert.Equal(long.MinValue, reader.ReadInt64());
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.Equal(Int128.MinValue + 1, reader.ReadInt128());
        Assert.Equal("Zürich", reader.ReadString());
        Assert.Equal([1, 2, 3], reader.ReadBytes().ToArray());
        Assert.Equal(new Price(7), reader.ReadPrice());
        Assert.Equal(new Quantity(-8), reader.ReadQuantity());
        Assert.Equal(new Amount(9), reader.ReadAmount());
        Assert.Equal(new Rate(-10), reader.ReadRate());
        Assert.Equal(new Timestamp(11), reader.ReadTimestamp());
        reader.ExpectEnd();
    }

    [Fact]
    public void Read_WhatWasWritten_ReturnsTheSameValues() => ReadSample(new StateReader(Sample().WrittenMemory));

    [Fact]
    public void Read_AtEveryTruncation_ThrowsWithPosition()
    {
        byte[] whole = Sample().Written.ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            var fault = Assert.Throws<StateFormatException>(() => ReadSample(new StateReader(whole.AsMemory(0, length))));
            Assert.InRange(fault.Position, 0, length);
        }
    }

    [Fact]
    public void WriteInt32_One_IsLittleEndian()
    {
        var writer = new StateWriter();
        writer.WriteInt32(1);
        Assert.Equal([1, 0, 0, 0], writer.Written.ToArray());
    }

    [Fact]
    public void ReadCount_MoreThanCanFollow_Throws()
    {
        var writer = new StateWriter();
        writer.WriteInt32(3);
        writer.WriteInt64(0);
        Assert.Throws<StateFormatException>(() => new StateReader(writer.WrittenMemory).ReadCount(4));
        Assert.Equal(3, new StateReader(writer.WrittenMemory).ReadCount(2));
    }

    [Fact]
    public void ReadBool_Two_Throws()
    {
        var writer = new StateWriter();
        writer.WriteByte(2);
        Assert.Throws<StateFormatException>(() => new StateReader(writer.WrittenMemory).ReadBool());
    }

    [Fact]
    public void ExpectEnd_BytesLeft_Throws() => Assert.Throws<StateFormatException>(() => new StateReader(new byte[1]).ExpectEnd());
}
