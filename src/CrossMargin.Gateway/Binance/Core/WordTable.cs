namespace CrossMargin.Gateway.Binance;

/// <summary>The dialect's word for each value of an enum, for writing and reading. A value that has none is written as the first.</summary>
internal sealed class WordTable<T>
    where T : struct, Enum
{
    private readonly T[] _values;
    private readonly string[] _words;
    private readonly byte[][] _bytes;

    public WordTable(params (T Value, string Word)[] entries)
    {
        _values = [.. entries.Select(e => e.Value)];
        _words = [.. entries.Select(e => e.Word)];
        _bytes = [.. _words.Select(System.Text.Encoding.ASCII.GetBytes)];
    }

    public ReadOnlySpan<byte> this[T value] => _bytes[Math.Max(0, Array.IndexOf(_values, value))];

    /// <summary>False, and the default value, for what is no word of the table.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out T value)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if (!text.SequenceEqual(_words[i])) continue;
            value = _values[i];
            return true;
        }

        value = default;
        return false;
    }
}
