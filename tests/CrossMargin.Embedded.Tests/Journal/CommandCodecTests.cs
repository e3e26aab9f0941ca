using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Journal;

public sealed class CommandCodecTests
{
    public static TheoryData<MessageKind> Kinds => [.. Enum.GetValues<MessageKind>().Where(k => MessageLayout.IsCommand(k) && MessageLayout.IsKnown(k))];

    /// <summary>What lies on people's disks: a change here is a new journal format.</summary>
    [Theory]
    [InlineData(MessageKind.OpenAccount, "81e807ab04547e020304050607bf090a0b0c0d0e10")]
    [InlineData(
        MessageKind.PlaceOrder,
        "82e807ab04547e020304050607bf090a0b0c0d0e10df11121314151718ef191a1b1c1e1f20f721222325262728fb292a2c2d2e2f30fd31"
        + "3334353637387e3a3b3c3d3e3fbf41424344454648df494a4b4c4d4f50ef51525354565758f7595a5b5d5e5f600b616264")]
    [InlineData(
        MessageKind.AmendOrder,
        "83e807ab04547e020304050607bf090a0b0c0d0e10df11121314151718ef191a1b1c1e1f20f721222325262728fb292a2c2d2e2f30fd31"
        + "3334353637387e3a3b3c3d3e3f1f4142434445")]
    [InlineData(
        MessageKind.CancelOrder,
        "84e807ab04547e020304050607bf090a0b0c0d0e10df11121314151718ef191a1b1c1e1f20f721222325262728fb292a2c2d2e2f300d31"
        + "3334")]
    [InlineData(
        MessageKind.CancelTrigger,
        "85e807ab04547e020304050607bf090a0b0c0d0e10df11121314151718ef191a1b1c1e1f20f721222325262728fb292a2c2d2e2f300d31"
        + "3334")]
    [InlineData(MessageKind.CancelAllOrders, "86e807ab04541e02030405")]
    [InlineData(MessageKind.SetCountdown, "87e807ab04547e0203040506070f090a0b0c")]
    [InlineData(MessageKind.SetLeverage, "88e807ab04547e020304050607")]
    [InlineData(MessageKind.SetMarginMode, "89e807ab04541e02030405")]
    [InlineData(MessageKind.SetPositionMode, "8ae807ab04540000")]
    [InlineData(MessageKind.AdjustIsolatedMargin, "8be807ab04547e0203040506071f090a0b0c0d")]
    [InlineData(MessageKind.MovePosition, "8ce807ab04543e0203040506")]
    [InlineData(MessageKind.Deposit, "8de807ab04547e0203040506070f090a0b0c")]
    [InlineData(MessageKind.Withdraw, "8ee807ab04547e0203040506070f090a0b0c")]
    [InlineData(MessageKind.SetIndexPrice, "b2e807ab04547e020304050607bf090a0b0c0d0e100f11121314")]
    [InlineData(MessageKind.AdvanceTime, "b3e807ab04547e020304050607")]
    [InlineData(MessageKind.SetFundingRate, "b4e807ab04547e0203040506070f090a0b0c")]
    [InlineData(MessageKind.SettleFunding, "b5e807ab04547e0203040506070f090a0b0c")]
    [InlineData(MessageKind.SetMarketStatus, "b6e807ab04541e02030405")]
    [InlineData(MessageKind.DepositToFund, "b7e807ab04547e020304050607")]
    public void Encode_EachKind_HasItsFrozenBytes(MessageKind kind, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(Encode(Filled(kind))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_WhatEncodeWrote_GivesTheCommandBack(MessageKind kind)
    {
        Command command = Filled(kind);
        byte[] bytes = Encode(command);

        var codec = default(CommandCodec);
        Assert.Equal(bytes.Length, codec.Decode(bytes, out Command read));
        AssertSame(command, read);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_CutAnywhere_IsNoCommand(MessageKind kind)
    {
        byte[] bytes = Encode(Filled(kind));
        for (int length = 0; length < bytes.Length; length++)
        {
            var codec = default(CommandCodec);
            Assert.Equal(0, codec.Decode(bytes.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Decode_AStream_GivesEachCommandInOrder()
    {
        var random = new CounterRandom(5, 1);
        MessageKind[] kinds = [.. Enum.GetValues<MessageKind>().Where(k => MessageLayout.IsCommand(k) && MessageLayout.IsKnown(k))];
        var batch = new JournalBatch();
        batch.Start(1);
        List<Command> written = [];
        long time = -5_000;
        byte[] body = new byte[PayloadBytes.Capacity];
        for (ulong n = 0; n < 20_000; n++)
        {
            MessageKind kind = kinds[random.Below(n * 8, kinds.Length)];
            time += random.Chance((n * 8) + 1, 300_000) ? random.Between((n * 8) + 2, 0, 100_000) : 0;
            for (int i = 0; i < body.Length; i++) body[i] = random.Chance((n * 1_000) + (ulong)i, 300_000) ? (byte)random.Below(n + (ulong)i, 256) : (byte)0;
            Command command = Of(kind, time, (int)random.Below((n * 8) + 3, int.MaxValue), unchecked((long)random.At((n * 8) + 4)), body);
            written.Add(command);
            batch.Add(command);
        }

        var codec = default(CommandCodec);
        ReadOnlySpan<byte> rest = batch.Records;
        foreach (Command command in written)
        {
            int taken = codec.Decode(rest, out Command read);
            AssertSame(command, read);
            rest = rest[taken..];
        }

        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Decode_RandomBytes_NeverThrows()
    {
        var random = new CounterRandom(9, 9);
        byte[] noise = new byte[300];
        for (ulong n = 0; n < 50_000; n++)
        {
            for (int i = 0; i < 40; i++) noise[i] = (byte)random.Below((n * 64) + (ulong)i, 256);
            var codec = default(CommandCodec);
            Assert.InRange(codec.Decode(noise, out _), 0, noise.Length);
        }
    }

    [Fact]
    public void Encode_LimitOrder_IsSmall()
    {
        var order = new PlaceOrder
        {
            Market = new MarketId(12),
            Side = Side.Sell,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = new Quantity(12_345),
            Price = new Price(4_312_345),
        };
        int bytes = Encode(Command.For(default, new AccountId(9_876), new CommandId(100), order)).Length;
        Assert.InRange(bytes, 1, 30);
    }

    private static byte[] Encode(in Command command)
    {
        byte[] target = new byte[CommandCodec.MaxRecordBytes];
        var codec = default(CommandCodec);
        return target[..codec.Encode(command, target)];
    }

    /// <summary>A body in which every byte has another value, none of them zero but every seventh.</summary>
    private static Command Filled(MessageKind kind)
    {
        byte[] body = new byte[PayloadBytes.Capacity];
        for (int i = 0; i < body.Length; i++) body[i] = i % 7 == 0 ? (byte)0 : (byte)(1 + i);
        return Of(kind, 1_000, 555, 42, body);
    }

    private static Command Of(MessageKind kind, long time, int number, long id, byte[] body)
    {
        Command command = default;
        command.Time = new Timestamp(time);
        command.Message.Kind = kind;
        ActorKind to = kind == MessageKind.DepositToFund ? ActorKind.Fund : (int)kind < 50 ? ActorKind.Account : ActorKind.Market;
        command.Message.To = new ActorId(to, number);
        command.Message.Cause = new CommandId(id);
        command.Message.SetBodyBytes(body.AsSpan(0, MessageLayout.SizeOf(kind)));
        return command;
    }

    private static void AssertSame(in Command a, in Command b)
    {
        Assert.Equal(a.Time, b.Time);
        Assert.Equal(a.Message.Kind, b.Message.Kind);
        Assert.Equal(a.Message.To, b.Message.To);
        Assert.Equal(a.Message.From, b.Message.From);
        Assert.Equal(a.Message.Cause, b.Message.Cause);
        Assert.True(a.Message.BodyBytes.SequenceEqual(b.Message.BodyBytes));
    }
}
