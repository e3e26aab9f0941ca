using CrossMargin.Hosting;

namespace CrossMargin.Embedded.Serving;

/// <summary>Settings that are gone with the process: for an exchange without a journal, and for tests.</summary>
public sealed class MemorySettings : ISettingsStore
{
    private readonly SettingsTable _table = new([]);

    public string? Get(string key) => _table.Get(key);

    public IReadOnlyList<KeyValuePair<string, string>> List(string prefix) => _table.List(prefix);

    public void Set(string key, string value) => _table.Change(key, value, () => { });

    public void Remove(string key) => _table.Change(key, null, () => { });
}
