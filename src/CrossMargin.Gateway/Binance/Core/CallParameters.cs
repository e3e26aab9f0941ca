namespace CrossMargin.Gateway.Binance;

/// <summary>
/// The parameters of one call: names (case matters) and values as text. Reused from call to call. Reading methods never throw: the first
/// fault stays in <see cref="Error"/>, what they return then means nothing.
/// </summary>
public sealed partial class CallParameters
{
    public const int MaxCount = 200;

    private char[] _text = new char[1024];
    private int _used;
    private readonly Entry[] _entries = new Entry[MaxCount];
    private int _count;

    private readonly record struct Entry(int Name, int NameLength, int Value, int ValueLength);

    public int Count => _count;

    /// <summary>The first fault that a reading method found.</summary>
    public BinanceError? Error { get; private set; }

    public void Clear()
    {
        _used = 0;
        _count = 0;
        Error = null;
        if (_text.Length > 64 * 1024) _text = new char[1024];
    }

    /// <summary>Keeps the first fault.</summary>
    public void Fail(BinanceError error) => Error ??= error;

    /// <summary>Adds a parameter unless one of that name is there: the first wins. False when there are too many.</summary>
    public bool Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (IndexOf(name) >= 0) return true;
        if (_count == MaxCount) return false;
        Reserve(name.Length + value.Length);
        name.CopyTo(_text.AsSpan(_used));
        value.CopyTo(_text.AsSpan(_used + name.Length));
        _entries[_count++] = new Entry(_used, name.Length, _used + name.Length, value.Length);
        _used += name.Length + value.Length;
        return true;
    }

    /// <summary>
    /// As <see cref="Add"/>, for one part of a request (its query, its body) that began at <paramref name="from"/>: within a part no name may
    /// come twice. Null when it is well.
    /// </summary>
    internal BinanceError? AddOfPart(int from, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (IndexOf(name) >= from) return BinanceError.Duplicate;
        return Add(name, value) ? null : BinanceError.TooManyParameters;
    }

    public ReadOnlySpan<char> NameAt(int i) => _text.AsSpan(_entries[i].Name, _entries[i].NameLength);

    public ReadOnlySpan<char> ValueAt(int i) => _text.AsSpan(_entries[i].Value, _entries[i].ValueLength);

    /// <summary>The value; false where it was not sent or is empty.</summary>
    public bool TryGet(ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        int i = IndexOf(name);
        value = i < 0 ? default : ValueAt(i);
        return !value.IsEmpty;
    }

    /// <summary>Whether it was sent with a value.</summary>
    public bool Has(ReadOnlySpan<char> name) => TryGet(name, out _);

    private int IndexOf(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < _count; i++)
        {
            ref readonly Entry e = ref _entries[i];
            if (e.NameLength == name.Length && name.SequenceEqual(_text.AsSpan(e.Name, e.NameLength))) return i;
        }

        return -1;
    }

    private void Reserve(int more)
    {
        if (_used + more <= _text.Length) return;
        Array.Resize(ref _text, Math.Max(_text.Length * 2, _used + more));
    }
}
