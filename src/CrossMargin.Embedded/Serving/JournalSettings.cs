using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// Settings kept in the journal's own file, under names of their own, read once into memory. One object a journal: another would not see
/// what this one changes.
/// </summary>
public sealed class JournalSettings : ISettingsStore
{
    private const string Prefix = "setting:";

    private readonly ExchangeJournal _journal;
    private readonly SettingsTable _table;

    public JournalSettings(ExchangeJournal journal)
    {
        _journal = journal;
        _table = new SettingsTable(journal.ListMeta(Prefix).Select(pair => KeyValuePair.Create(pair.Key[Prefix.Length..], pair.Value)));
    }

    public string? Get(string key) => _table.Get(key);

    public IReadOnlyList<KeyValuePair<string, string>> List(string prefix) => _table.List(prefix);

    public void Set(string key, string value) => Change(key, value, () => _journal.SetMeta(Prefix + key, value));

    public void Remove(string key)
    {
        if (Get(key) is not null) Change(key, null, () => _journal.RemoveMeta(Prefix + key));
    }

    private void Change(string key, string? value, Action keep)
    {
        try
        {
            _table.Change(key, value, keep);
        }
        catch (JournalException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
