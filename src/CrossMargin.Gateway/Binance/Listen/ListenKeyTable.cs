using System.Security.Cryptography;
using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Listen keys: one an account of the directory, alive for 60 minutes of wall clock after the last POST or PUT. Thread-safe; bounded by the
/// number of accounts. They do not outlive the process: clients make a new one after a restart, as they must at Binance after an hour.
/// A listen key dies with any API key that it was given to (removed, expired, no longer allowed to read): whoever had that one reads no more.
/// Where settings are shared with other gateways, a key is theirs too, lives for its time whatever becomes of API keys,
/// and lies there, under its account's number, which its text ends with.
/// </summary>
public sealed class ListenKeyTable(
    BinanceOptions options, TimeProvider time, ISharedSettings? shared = null, IAccountDirectory? directory = null)
{
    /// <summary>Of a key's text.</summary>
    internal const int Length = 64;
    internal const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly SharedListenKeys? _shared = shared is null ? null : new SharedListenKeys(shared, options, time);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, ListenKey> _byAccount = [];
    private readonly Dictionary<string, ListenKey> _byText = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock) return _byAccount.Count;
        }
    }

    /// <summary>The account's key, made if there is none, alive for the whole time from now.</summary>
    /// <param name="apiKey">To whom it is given.</param>
    public ListenKey Open(AccountRecord account, string? apiKey = null)
    {
        if (_shared is not null) return _shared.Open(account);
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_byAccount.TryGetValue(account.Number, out ListenKey? key) && key.IsAlive(now, directory) && key.Account.Account == account.Account)
            {
                return Renew(key.GivenTo(apiKey), now);
            }

            if (key is not null) Remove(key);
            RemoveExpired(now);
            ListenKey made = new ListenKey(RandomNumberGenerator.GetString(Characters, Length), account, now + options.ListenKeyLife).GivenTo(apiKey);
            _byAccount[account.Number] = made;
            _byText[made.Text] = made;
            return made;
        }
    }

    /// <summary>Extends the account's key; null where it has none alive.</summary>
    /// <param name="apiKey">To whom it is given.</param>
    public ListenKey? Extend(AccountRecord account, string? apiKey = null)
    {
        if (_shared is not null) return _shared.Extend(account);
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            return _byAccount.TryGetValue(account.Number, out ListenKey? key) && key.IsAlive(now, directory) ? Renew(key.GivenTo(apiKey), now) : null;
        }
    }

    /// <summary>False where the account has none alive.</summary>
    public bool Close(AccountRecord account)
    {
        if (_shared is not null) return _shared.Close(account);
        lock (_lock)
        {
            if (!_byAccount.TryGetValue(account.Number, out ListenKey? key)) return false;
            Remove(key);
            return key.IsAlive(time.GetUtcNow(), directory);
        }
    }

    /// <summary>The key of that text while it is alive, or null.</summary>
    public ListenKey? Find(string text)
    {
        if (_shared is not null) return _shared.Find(text);
        lock (_lock)
        {
            return _byText.TryGetValue(text, out ListenKey? key) && key.IsAlive(time.GetUtcNow(), directory) ? key : null;
        }
    }

    private ListenKey Renew(ListenKey key, DateTimeOffset now)
    {
        ListenKey renewed = key with { Expires = now + options.ListenKeyLife };
        _byAccount[key.Account.Number] = renewed;
        _byText[key.Text] = renewed;
        return renewed;
    }

    private void Remove(ListenKey key)
    {
        _byAccount.Remove(key.Account.Number);
        _byText.Remove(key.Text);
    }

    private void RemoveExpired(DateTimeOffset now)
    {
        if (_byAccount.Count < 1_000 || _byAccount.Count % 1_000 != 0) return;
        foreach (ListenKey key in _byAccount.Values.Where(k => k.Expires <= now).ToArray()) Remove(key);
    }
}

/// <summary>A key to one account's user data stream.</summary>
public sealed record ListenKey(string Text, AccountRecord Account, DateTimeOffset Expires)
{
    /// <summary>The API keys that were answered with it.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    internal ListenKey GivenTo(string? apiKey) => apiKey is null || Holders.Contains(apiKey) ? this : this with { Holders = [.. Holders, apiKey] };

    internal bool IsAlive(DateTimeOffset now, IAccountDirectory? directory) =>
        Expires > now && (directory is null || Holders.All(k => MayRead(directory.Grant(k), now)));

    private static bool MayRead(KeyGrant? grant, DateTimeOffset now) =>
        grant is not null && (grant.Key.Terms.Scopes & KeyScopes.Read) != 0 && !grant.IsExpired(now.ToUnixTimeMilliseconds());
}
