namespace CrossMargin.Engine.Triggers;

/// <summary>The orders that one price fires, to be put into the order of their placement.</summary>
internal sealed class FiredList
{
    private (long Sequence, int Number)[] _entries = new (long, int)[16];

    public int Count { get; private set; }

    public int this[int index] => _entries[index].Number;

    public void Add(int number, long sequence)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = (sequence, number);
    }

    public void SortByPlacement() => Array.Sort(_entries, 0, Count);

    public void Clear() => Count = 0;
}
