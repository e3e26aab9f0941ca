namespace CrossMargin.Hosting.Delivery;

/// <summary>Bytes that come at the end, go at the beginning and lie in one piece.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>All of them; valid until the next change.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, _end - _start);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The oldest <paramref name="count"/> go; no more than there are.</summary>
    public void Drop(int count)
    {
        _start += count;
        if (_start == _end) (_start, _end) = (0, 0);
    }

    private void MakeRoom(int more)
    {
        if (_end + more <= _bytes.Length) return;
        int live = _end - _start;
        byte[] room = live + more <= _bytes.Length / 2 ? _bytes : new byte[Math.Max(64, 2 * (live + more))];
        _bytes.AsSpan(_start, live).CopyTo(room);
        (_bytes, _start, _end) = (room, 0, live);
    }
}
