using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.Tests.Wire;

/// <summary>What is written is read again, to the last field, whatever it is; and bytes that are cut off are never read as something else.</summary>
public sealed class CodecTests
{
    [Fact]
    public void Prop_Snapshots_AreReadAsTheyWereWritten()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var content = new RandomContent(seed);
            Same(content.Make<AccountSnapshot>(), AccountCodec.Write, AccountCodec.ReadAccount);
            Same(content.Make<MarketSnapshot>(), MarketCodec.Write, MarketCodec.ReadMarket);
            Same(content.Make<MarketDepth>(), MarketCodec.Write, MarketCodec.ReadDepth);
            Same(content.Make<FundSnapshot>(), MarketCodec.Write, MarketCodec.ReadFund);
        }
    }

    [Fact]
    public void Prop_RowsOfHistory_AreReadAsTheyWereWritten()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var content = new RandomContent(seed);
            Same(content.Make<OrderRecord>(), HistoryCodec.Write, HistoryCodec.ReadOrderRecord);
            Same(content.Make<TriggerRecord>(), HistoryCodec.Write, HistoryCodec.ReadTriggerRecord);
            Same(content.Make<FillRecord>(), HistoryCodec.Write, HistoryCodec.ReadFillRecord);
            Same(content.Make<IncomeRecord>(), HistoryCodec.Write, HistoryCodec.ReadIncomeRecord);
            Same(content.Make<MarginRecord>(), HistoryCodec.Write, HistoryCodec.ReadMarginRecord);
            Same(content.Make<EquityRecord>(), HistoryCodec.Write, HistoryCodec.ReadEquityRecord);
            Same(content.Make<TradeRecord>(), HistoryCodec.Write, HistoryCodec.ReadTradeRecord);
            Same(content.Make<FundingRecord>(), HistoryCodec.Write, HistoryCodec.ReadFundingRecord);
            Same(content.Make<LiquidationRecord>(), HistoryCodec.Write, HistoryCodec.ReadLiquidationRecord);
            Same(content.Make<LiquidationStepRecord>(), HistoryCodec.Write, HistoryCodec.ReadLiquidationStepRecord);
            Same(content.Make<Kline>(), HistoryCodec.Write, HistoryCodec.ReadKline);
        }
    }

    [Fact]
    public void Prop_Delivery_IsReadAsItWasWritten()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var content = new RandomContent(seed);
            ActorId from = ActorId.Of(new AccountId(7));
            ActorId to = ActorId.Of(new MarketId(2));
            Message[] messages = [.. MessageKinds().Select(kind => OfBytes(kind, from, to, content))];
            Event[] events = [.. Enum.GetValues<EventKind>().Where(EventLayout.IsKnown).Select(kind => OfBytes(kind, content))];
            Same(new DeliveryBatch(from, to, content.Number(), messages, new NodeId(content.Number())), DeliveryCodec.Write, DeliveryCodec.ReadBatch);
            Same(content.Make<Acknowledgement>(), DeliveryCodec.Write, DeliveryCodec.ReadAcknowledgement);
            Same(
                new EventCommit(from, content.Number(), new Timestamp(content.Number()), events) { Previous = content.Number() },
                DeliveryCodec.Write, DeliveryCodec.ReadCommit);
            Same(new CommandAnswer(new Timestamp(content.Number()), events, seed % 2 == 0 ? "busy" : null), DeliveryCodec.Write, DeliveryCodec.ReadAnswer);
            Same(messages[0], static (m, w) => DeliveryCodec.Write(m, w), DeliveryCodec.ReadMessage);
        }

        var lease = new LeaseAnswer(new PriceTick { Market = new MarketId(3), Epoch = 4, Sequence = 5, Mark = new Price(6) }, new BracketsTick { Count = 2 });
        var writer = new StateWriter();
        DeliveryCodec.Write(lease, writer);
        LeaseAnswer read = DeliveryCodec.ReadLease(new StateReader(writer.WrittenMemory));
        Assert.Equal((lease.Tick.Market, lease.Tick.Epoch, lease.Tick.Mark), (read.Tick.Market, read.Tick.Epoch, read.Tick.Mark));
        Assert.Equal(2, read.Brackets.Count);
    }

    [Fact]
    public void Read_OfBytesThatAreCutOff_SaysSo()
    {
        var writer = new StateWriter();
        AccountCodec.Write(new RandomContent(3).Make<AccountSnapshot>(), writer);
        for (int length = 0; length < writer.Length; length++)
        {
            var reader = new StateReader(writer.WrittenMemory[..length]);
            Assert.Throws<StateFormatException>(() => AccountCodec.ReadAccount(reader));
        }
    }

    private static void Same<T>(T value, Action<T, StateWriter> write, Func<StateReader, T> read)
    {
        var writer = new StateWriter();
        write(value, writer);
        var reader = new StateReader(writer.WrittenMemory);
        T again = read(reader);
        reader.ExpectEnd();
        Assert.Equal(RandomContent.Dump(value), RandomContent.Dump(again));
    }

    private static IEnumerable<MessageKind> MessageKinds() => Enum.GetValues<MessageKind>().Where(MessageLayout.IsKnown);

    private static byte[] Bytes(int count, RandomContent content) => [.. Enumerable.Range(0, count).Select(_ => unchecked((byte)content.Number()))];

    private static Message OfBytes(MessageKind kind, ActorId from, ActorId to, RandomContent content)
    {
        var message = new Message { From = from, To = to, Kind = kind, Cause = new CommandId(content.Number()) };
        message.SetBodyBytes(Bytes(MessageLayout.SizeOf(kind), content));
        return message;
    }

    private static Event OfBytes(EventKind kind, RandomContent content)
    {
        var account = new AccountId((int)(content.Number() % 1000));
        var e = new Event { Kind = kind, Time = new Timestamp(content.Number()), Account = account, Market = new MarketId(2) };
        e.SetBodyBytes(Bytes(EventLayout.SizeOf(kind), content));
        return e;
    }
}
