namespace CrossMargin.Embedded.Serving;

/// <summary>Texts by key in ordinal order, in memory. Thread-safe.</summary>
internal sealed class SettingsTable
{
    private readonly object _gate = new();
    private readonly object _writing = new();
    private readonly SortedList<string, string> _texts = new(StringComparer.Ordinal);

    public SettingsTable(IEnumerable<KeyValuePair<string, string>> texts)
    {
        foreach ((string key, string text) in texts) _texts.Add(key, text);
    }

    public string? Get(string key)
    {
        lock (_gate) return _texts.GetValueOrDefault(key);
    }

    public IReadOnlyList<KeyValuePair<string, string>> List(string prefix)
    {
        lock (_gate)
        {
            var found = new List<KeyValuePair<string, string>>();
            for (int i = First(prefix); i < _texts.Count; i++)
            {
                string key = _texts.GetKeyAtIndex(i);
                if (!key.StartsWith(prefix, StringComparison.Ordinal)) break;
                found.Add(new KeyValuePair<string, string>(key, _texts.GetValueAtIndex(i)));
            }

            return found;
        }
    }

    /// <summary>Changes a text, or (null) removes it, once <paramref name="keep"/> has made it durable. One change at a time.</summary>
    public void Change(string key, string? text, Action keep)
    {
        lock (_writing)
        {
            keep();
            lock (_gate)
            {
                if (text is null) _texts.Remove(key);
                else _texts[key] = text;
            }
        }
    }

    private int First(string prefix)
    {
        (int low, int high) = (0, _texts.Count);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (string.CompareOrdinal(_texts.GetKeyAtIndex(middle), prefix) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
