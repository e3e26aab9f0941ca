using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Wire;
using Orleans.Serialization.Cloning;

namespace CrossMargin.Grains.Serialization;

[RegisterConverter]
public sealed class MessageConverter : IConverter<Message, Packed>
{
    public Message ConvertFromSurrogate(in Packed surrogate) => DeliveryCodec.ReadMessage(surrogate.Reader());

    public Packed ConvertToSurrogate(in Message value)
    {
        var writer = new StateWriter();
        DeliveryCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class DeliveryBatchConverter : IConverter<DeliveryBatch, Packed>
{
    public DeliveryBatch ConvertFromSurrogate(in Packed surrogate) => DeliveryCodec.ReadBatch(surrogate.Reader());

    public Packed ConvertToSurrogate(in DeliveryBatch value)
    {
        var writer = new StateWriter();
        DeliveryCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class AcknowledgementConverter : IConverter<Acknowledgement, Packed>
{
    public Acknowledgement ConvertFromSurrogate(in Packed surrogate) => DeliveryCodec.ReadAcknowledgement(surrogate.Reader());

    public Packed ConvertToSurrogate(in Acknowledgement value)
    {
        var writer = new StateWriter();
        DeliveryCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class CommandAnswerConverter : IConverter<CommandAnswer, Packed>
{
    public CommandAnswer ConvertFromSurrogate(in Packed surrogate) => DeliveryCodec.ReadAnswer(surrogate.Reader());

    public Packed ConvertToSurrogate(in CommandAnswer value)
    {
        var writer = new StateWriter();
        DeliveryCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class EventCommitConverter : IConverter<EventCommit, Packed>
{
    public EventCommit ConvertFromSurrogate(in Packed surrogate) => DeliveryCodec.ReadCommit(surrogate.Reader());

    public Packed ConvertToSurrogate(in EventCommit value)
    {
        var writer = new StateWriter();
        DeliveryCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class LeaseAnswerConverter : IConverter<LeaseAnswer, Packed>
{
    public LeaseAnswer ConvertFromSurrogate(in Packed surrogate) => DeliveryCodec.ReadLease(surrogate.Reader());

    public Packed ConvertToSurrogate(in LeaseAnswer value)
    {
        var writer = new StateWriter();
        DeliveryCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class AccountSnapshotConverter : IConverter<AccountSnapshot, Packed>
{
    public AccountSnapshot ConvertFromSurrogate(in Packed surrogate) => AccountCodec.ReadAccount(surrogate.Reader());

    public Packed ConvertToSurrogate(in AccountSnapshot value)
    {
        var writer = new StateWriter();
        AccountCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class MarketSnapshotConverter : IConverter<MarketSnapshot, Packed>
{
    public MarketSnapshot ConvertFromSurrogate(in Packed surrogate) => MarketCodec.ReadMarket(surrogate.Reader());

    public Packed ConvertToSurrogate(in MarketSnapshot value)
    {
        var writer = new StateWriter();
        MarketCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class MarketDepthConverter : IConverter<MarketDepth, Packed>
{
    public MarketDepth ConvertFromSurrogate(in Packed surrogate) => MarketCodec.ReadDepth(surrogate.Reader());

    public Packed ConvertToSurrogate(in MarketDepth value)
    {
        var writer = new StateWriter();
        MarketCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

[RegisterConverter]
public sealed class FundSnapshotConverter : IConverter<FundSnapshot, Packed>
{
    public FundSnapshot ConvertFromSurrogate(in Packed surrogate) => MarketCodec.ReadFund(surrogate.Reader());

    public Packed ConvertToSurrogate(in FundSnapshot value)
    {
        var writer = new StateWriter();
        MarketCodec.Write(value, writer);
        return Packed.Of(writer);
    }
}

// None of these ever changes: a call inside a silo hands the object itself over.
[RegisterCopier]
public sealed class MessageCopier : ShallowCopier<Message>;

[RegisterCopier]
public sealed class DeliveryBatchCopier : ShallowCopier<DeliveryBatch>;

[RegisterCopier]
public sealed class AcknowledgementCopier : ShallowCopier<Acknowledgement>;

[RegisterCopier]
public sealed class CommandAnswerCopier : ShallowCopier<CommandAnswer>;

[RegisterCopier]
public sealed class EventCommitCopier : ShallowCopier<EventCommit>;

[RegisterCopier]
public sealed class LeaseAnswerCopier : ShallowCopier<LeaseAnswer>;

[RegisterCopier]
public sealed class AccountSnapshotCopier : ShallowCopier<AccountSnapshot>;

[RegisterCopier]
public sealed class MarketSnapshotCopier : ShallowCopier<MarketSnapshot>;

[RegisterCopier]
public sealed class MarketDepthCopier : ShallowCopier<MarketDepth>;

[RegisterCopier]
public sealed class FundSnapshotCopier : ShallowCopier<FundSnapshot>;
