using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Hosting.Tests.Delivery;

public sealed class CommandLedgerTests
{
    private const int Kept = 256;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Prop_WhatIsKept_IsAsThePlainListSays_AlsoAfterReading(int seed)
    {
        var ledger = new CommandLedger();
        var plain = new List<(long Id, long Time, int Events)>();
        ulong random = (ulong)seed * 7_919;
        long time = 1_000;
        for (int step = 1; step <= 3_000; step++)
        {
            random = unchecked((random * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407);
            uint die = (uint)(random >> 33);
            time += die % 97 == 0 ? 300_000 : die % 40; // now and then the oldest are too old
            if (die % 5 == 0 && plain.Count > 0)
            {
                int i = (int)(die / 5 % plain.Count);
                ledger.Confirm([new CommandId(plain[i].Id)]);
                plain[i] = plain[i] with { Events = 0 };
            }
            else
            {
                long id = die % 3 == 0 ? step : long.MaxValue - (step * 1_000_003L); // ids of several gateways
                OpenCommand open = ledger.Begin(new CommandId(id));
                for (int e = 0; e < die % 4; e++) open.Events.Add(EventOf(id, e));
                ledger.End(open, new Timestamp(time));
                plain.Add((id, time, (int)(die % 4)));
                plain.RemoveAll(c => c.Time < time - 600_000);
                if (plain.Count > Kept) plain.RemoveAt(0);
            }

            if (step % 50 == 0) ledger = Read(Write(ledger), RecordFormat.Present);
            Assert.Equal(plain, ledger.Done.Select(d => (d.Id.Value, d.Time.Milliseconds, d.Events.Count)));
        }

        foreach ((long id, _, int count) in plain)
        {
            DoneCommand done = ledger.FindDone(new CommandId(id))!;
            for (int e = 0; e < count; e++) Assert.Equal(e, done.Events[e].Body<OrderEnded>().Order.Value);
        }

        Assert.Null(ledger.FindDone(new CommandId(-5)));
    }

    [Fact]
    public void Read_OfTheFirstFormat_GivesTheSame()
    {
        var writer = new StateWriter();
        writer.WriteInt32(0);
        writer.WriteInt32(2);
        foreach (long id in new long[] { 7, 5 })
        {
            writer.WriteInt64(id);
            writer.WriteTimestamp(new Timestamp(100 + id));
            CommandLedger.WriteEvents(id == 7 ? [EventOf(7, 0), EventOf(7, 1)] : [], writer);
        }

        CommandLedger ledger = Read(Read(writer, RecordFormat.AnswersOneByOne) is { } old ? Write(old) : null!, RecordFormat.Present);
        Assert.Equal([(7L, 107L, 2), (5L, 105L, 0)], ledger.Done.Select(d => (d.Id.Value, d.Time.Milliseconds, d.Events.Count)));
    }

    [Fact]
    public void Read_OfAnUnknownFormat_Throws() =>
        Assert.Throws<StateFormatException>(() => RecordFormat.Read(new StateReader(new byte[] { 9 })));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Read_WhereAnAnswerIsOfNoCommand_Throws(int index)
    {
        var writer = new StateWriter();
        writer.WriteInt32(0);
        writer.WriteInt64(0);
        writer.WriteInt64(0);
        writer.WriteInt32(1);
        writer.WriteBytes([2, 2]);
        writer.WriteInt32(1);
        writer.WriteInt32(index);
        CommandLedger.WriteEvents([], writer);
        Assert.Throws<StateFormatException>(() => Read(writer, RecordFormat.Present));
    }

    private static StateWriter Write(CommandLedger ledger)
    {
        var writer = new StateWriter();
        ledger.Write(writer);
        return writer;
    }

    private static CommandLedger Read(StateWriter writer, byte format)
    {
        var ledger = new CommandLedger();
        var reader = new StateReader(writer.WrittenMemory);
        ledger.Read(reader, format);
        reader.ExpectEnd();
        return ledger;
    }

    private static Event EventOf(long id, int number) =>
        Event.Of(new Timestamp(1), new CommandId(id), new AccountId(1), new MarketId(1), new OrderEnded { Order = new OrderId(number) });
}
