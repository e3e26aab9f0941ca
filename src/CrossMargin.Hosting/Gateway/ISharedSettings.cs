namespace CrossMargin.Hosting;

/// <summary>
/// Settings that other processes change too. What they changed is seen here a little later (by default within a second); what was set here
/// is seen here at once. Thread-safe.
/// </summary>
public interface ISharedSettings : ISettingsStore
{
    /// <summary>
    /// Sets a text, or (null) removes it, if it is still the expected one (null: there is none). Durable when it returns. False: another is
    /// there, and <see cref="ISettingsStore.Get"/> gives it. A change that was made and is asked for again counts as made: where that
    /// matters, values should be unlike any other. Throws <see cref="IOException"/>.
    /// </summary>
    bool TryChange(string key, string? expected, string? value);

    /// <summary>Asks for the text as it is now, wherever it was set. Throws <see cref="IOException"/>.</summary>
    string? Refresh(string key);

    /// <summary>Asks for everything as it is now. Throws <see cref="IOException"/>.</summary>
    void Refresh();

    /// <summary>
    /// Called with each change that is seen, one's own too, after it is seen: the key and its text (null: it was removed). One call at a time,
    /// on any thread, for as short as it can be; it may read the settings and not change them. Disposing ends the calls.
    /// </summary>
    IDisposable Watch(Action<string, string?> onChange);
}
