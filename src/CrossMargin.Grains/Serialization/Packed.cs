using CrossMargin.Model;

namespace CrossMargin.Grains.Serialization;

/// <summary>
/// How types of Model and Hosting travel: as the bytes of their own codecs. So those projects need no attributes, and a message costs its
/// body without zero bytes.
/// </summary>
[GenerateSerializer, Immutable, Alias("CrossMargin.Packed")]
public readonly struct Packed(byte[] bytes)
{
    [Id(0)]
    public readonly byte[] Bytes = bytes;

    public static Packed Of(StateWriter writer) => new(writer.Written.ToArray());

    public StateReader Reader() => new(Bytes);
}
