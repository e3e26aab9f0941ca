namespace CrossMargin.Nodes.Directory;

/// <summary>All settings as they were last seen, and who wants to know of changes. Thread-safe.</summary>
internal sealed class SettingsMirror
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Key, string? Text)> _untold = new();
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly SettingsPage[] _pages = new SettingsPage[SettingsKeys.Shards * SettingsKeys.Pages];
    private Action<string, string?>[] _watchers = [];
    private bool _isTelling;

    public SettingsMirror() => Array.Fill(_pages, SettingsPage.Empty);

    public string? Get(string key)
    {
        lock (_gate) return _texts.GetValueOrDefault(key);
    }

    public IReadOnlyList<KeyValuePair<string, string>> List(string prefix)
    {
        lock (_gate)
        {
            IEnumerable<string> found = prefix.Length == 0 ? _keys : _keys.GetViewBetween(prefix, prefix + '\uffff');
            return [.. found.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => KeyValuePair.Create(k, _texts[k]))];
        }
    }

    public long[] VersionsOf(int shard)
    {
        lock (_gate) return [.. _pages.Skip(shard * SettingsKeys.Pages).Take(SettingsKeys.Pages).Select(p => p.Version)];
    }

    /// <summary>
    /// Older pages than what is known are left out: an old activation may have answered. Watchers are told by one thread at a time; what
    /// comes while one is told (also by that one's own questions) it is told next.
    /// </summary>
    public void Take(int shard, IReadOnlyList<(int Place, SettingsPage Page)> pages)
    {
        lock (_gate)
        {
            foreach ((int place, SettingsPage page) in pages) Replace((shard * SettingsKeys.Pages) + place, page);
            if (_isTelling) return;
            _isTelling = true;
        }

        while (true)
        {
            (string Key, string? Text) change;
            lock (_gate)
            {
                _isTelling = _untold.TryDequeue(out change);
                if (!_isTelling) return;
            }

            try
            {
                foreach (Action<string, string?> watcher in Volatile.Read(ref _watchers)) watcher(change.Key, change.Text);
            }
            catch
            {
                lock (_gate) _isTelling = false; // the others are told with the next change
                throw;
            }
        }
    }

    public IDisposable Watch(Action<string, string?> onChange)
    {
        lock (_gate) _watchers = [.. _watchers, onChange];
        return new Watching(this, onChange);
    }

    private void Replace(int place, SettingsPage page)
    {
        SettingsPage old = _pages[place];
        if (page.Version <= old.Version) return;
        _pages[place] = page;
        var gone = new HashSet<string>(old.Texts.Select(t => t.Key), StringComparer.Ordinal);
        foreach ((string key, string text) in page.Texts)
        {
            gone.Remove(key);
            if (_texts.GetValueOrDefault(key) == text) continue;
            _texts[key] = text;
            _keys.Add(key);
            _untold.Enqueue((key, text));
        }

        foreach (string key in gone)
        {
            _texts.Remove(key);
            _keys.Remove(key);
            _untold.Enqueue((key, null));
        }
    }

    private sealed class Watching(SettingsMirror mirror, Action<string, string?> onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (mirror._gate) mirror._watchers = [.. mirror._watchers.Where(w => w != onChange)];
        }
    }
}
