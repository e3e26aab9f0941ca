namespace CrossMargin.Engine.Risk;

/// <summary>An array that grows by whole pages: nothing is copied as it grows, and at most one page is not in use.</summary>
internal sealed class PagedArray<T>
    where T : struct
{
    private const int Shift = 12;
    private const int Mask = (1 << Shift) - 1;
    private T[][] _pages = [];
    private int _count;

    public ref T this[int index] => ref _pages[index >> Shift][index & Mask];

    /// <summary>Makes every index up to this one usable; new elements are default.</summary>
    public void Reach(int index)
    {
        while (index >= _count << Shift)
        {
            if (_count == _pages.Length) Array.Resize(ref _pages, Math.Max(16, _pages.Length * 2));
            _pages[_count++] = new T[1 << Shift];
        }
    }
}
