namespace CrossMargin.Hosting;

/// <summary>
/// Small texts that must outlive the process and are no state of the exchange: accounts' names and keys, alerts, the last clock, what the
/// feed and the simulated traders are set to. Thread-safe. Keys are paths of words separated by '/'.
/// </summary>
public interface ISettingsStore
{
    /// <summary>Null for a key that was never set, or was removed.</summary>
    string? Get(string key);

    /// <summary>All keys that begin with the prefix, with their values, in ordinal order of the keys.</summary>
    IReadOnlyList<KeyValuePair<string, string>> List(string prefix);

    /// <summary>Durable when it returns. Throws <see cref="IOException"/> when it cannot be.</summary>
    void Set(string key, string value);

    /// <summary>Durable when it returns; no error for a key that is not there.</summary>
    void Remove(string key);
}
