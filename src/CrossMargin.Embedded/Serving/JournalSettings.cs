using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;

namespace CrossMargin.Embedded.Serving;

/// <summary>Settings kept in the journal's own file, under names of their own.</summary>
public sealed class JournalSettings(ExchangeJournal journal) : ISettingsStore
{
    private const string Prefix = "setting:";

    public string? Get(string key) => journal.GetMeta(Prefix + key);

    public void Set(string key, string value)
    {
        try
        {
            journal.SetMeta(Prefix + key, value);
        }
        catch (JournalException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
