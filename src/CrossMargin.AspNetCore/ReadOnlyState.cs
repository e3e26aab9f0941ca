using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.AspNetCore;

/// <summary>An old state of a data folder, with the accounts and keys of the newest: time stands still, and what is set is forgotten.</summary>
internal sealed class ReadOnlyState : IExchangeClock, IDisposable
{
    private ReadOnlyState(OldState state, ISettingsStore settings) => (State, Settings) = (state, settings);

    public OldState State { get; }

    public ISettingsStore Settings { get; }

    public Timestamp Now => State.Exchange.Now;

    /// <summary>Throws <see cref="IOException"/> where it cannot be opened.</summary>
    public static ReadOnlyState Open(CrossMarginOptions options, long until)
    {
        string folder = options.DataDirectory ?? throw new IOException("an exchange that keeps nothing has no old state");
        string? problem = DataFolders.OpenUntil(folder, until, out OldState? state);
        if (state is null) throw new IOException(problem);
        var settings = new MemorySettings();
        JournalResult result = ExchangeJournal.Open(folder);
        using (ExchangeJournal journal = result.Journal ?? throw new IOException(result.Error!.Message))
        {
            foreach ((string key, string value) in new JournalSettings(journal).List("")) settings.Set(key, value);
        }

        return new ReadOnlyState(state, settings);
    }

    public void Dispose() => State.Dispose();
}
