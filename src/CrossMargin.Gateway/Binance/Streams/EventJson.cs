using System.Buffers;
using System.Text.Json;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>Encodes one event into an array of its own, by a buffer that its thread reuses.</summary>
internal static class EventJson
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <summary>A writer in which a JSON value is to be written, then <see cref="End"/>; nothing else may be encoded between.</summary>
    public static Utf8JsonWriter Begin()
    {
        t_buffer ??= new ArrayBufferWriter<byte>(4096);
        t_writer ??= new Utf8JsonWriter(t_buffer, new JsonWriterOptions { SkipValidation = true });
        t_buffer.ResetWrittenCount();
        t_writer.Reset();
        return t_writer;
    }

    public static byte[] End()
    {
        t_writer!.Flush();
        return t_buffer!.WrittenSpan.ToArray();
    }

    /// <summary>A JSON list of values that are encoded already.</summary>
    public static byte[] List(IReadOnlyList<byte[]> values)
    {
        int length = 2 + values.Sum(v => v.Length) + Math.Max(0, values.Count - 1);
        byte[] list = GC.AllocateUninitializedArray<byte>(length);
        int at = 0;
        list[at++] = (byte)'[';
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0) list[at++] = (byte)',';
            values[i].CopyTo(list, at);
            at += values[i].Length;
        }

        list[at] = (byte)']';
        return list;
    }
}
