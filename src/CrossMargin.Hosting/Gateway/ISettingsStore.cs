namespace CrossMargin.Hosting;

/// <summary>
/// Small texts that must outlive the process and are no state of the exchange: keys of clients, competitions, last clock. Thread-safe.
/// </summary>
public interface ISettingsStore
{
    /// <summary>Null for a key that was never set.</summary>
    string? Get(string key);

    /// <summary>Durable when it returns. Throws <see cref="IOException"/> when it cannot be.</summary>
    void Set(string key, string value);
}
