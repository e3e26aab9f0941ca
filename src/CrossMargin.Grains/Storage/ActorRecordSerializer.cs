using CrossMargin.Model;
using Orleans.Storage;

namespace CrossMargin.Grains.Storage;

/// <summary>
/// Records reach the storage as the bytes that they are, not as text inside JSON, which Orleans' default makes of them: a third shorter.
/// What was stored in the default's form is still read.
/// </summary>
internal sealed class ActorRecordSerializer(IGrainStorageSerializer others) : IGrainStorageSerializer
{
    private const byte FirstOfJson = (byte)'{'; // no record begins so: its first byte is its format

    public BinaryData Serialize<T>(T? input)
    {
        if (input is not ActorRecord record) return others.Serialize(input);
        InvariantViolation.Check(record.Bytes.Length > 0 && record.Bytes[0] != FirstOfJson, "a record begins with its format");
        return BinaryData.FromBytes(record.Bytes);
    }

    public T Deserialize<T>(BinaryData input)
    {
        ReadOnlyMemory<byte> bytes = input;
        if (typeof(T) != typeof(ActorRecord) || bytes.IsEmpty || bytes.Span[0] == FirstOfJson) return others.Deserialize<T>(input)!;
        return (T)(object)new ActorRecord { Bytes = bytes.ToArray() };
    }
}
