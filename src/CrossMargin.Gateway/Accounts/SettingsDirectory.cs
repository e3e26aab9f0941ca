using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Accounts;

/// <summary>
/// The directory kept in a settings store: <c>account/N</c> and <c>key/K</c> as JSON, secrets encrypted. All of it is in memory for
/// reading; a change is stored before it is seen. Where the store is shared with other processes, their changes are seen a little later,
/// but for keys and accounts that are not known here, which are asked for at once; two changes at a time lose nothing. Thread-safe.
/// </summary>
public sealed class SettingsDirectory : IAccountDirectory, IDisposable
{
    /// <summary>Accounts of the exchange made here have ids above this; simulated traders' lie below.</summary>
    public const int AccountIdsAfter = 1_000_000;

    private const string AccountPrefix = "account/";
    private const string KeyPrefix = "key/";
    private const string CountersKey = "directory/counters";
    private const int SecretLength = 64;

    private readonly ISettingsStore _store;
    private readonly ISharedSettings? _shared;
    private readonly IDisposable? _watching;
    private readonly MissedKeys _missed;
    private readonly SecretProtection _protection;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<long, AccountRecord> _accounts = new();
    private readonly ConcurrentDictionary<AccountId, long> _owners = new();
    private readonly ConcurrentDictionary<string, KeyGrant> _grants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ApiKeyRecord> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, ConcurrentDictionary<string, bool>> _keysOf = new();
    private readonly AccountId[] _unowned;

    /// <summary>Reads everything. Throws <see cref="InvalidDataException"/> where the store holds what this cannot read.</summary>
    public SettingsDirectory(ISettingsStore store, SecretProtection protection, TimeProvider time)
    {
        (_store, _protection, _time, _shared, _missed) = (store, protection, time, store as ISharedSettings, new MissedKeys(time));
        _watching = _shared?.Watch(Take);
        int lastAccount = CountersOf(store.Get(CountersKey)).Account;
        foreach ((string key, string value) in store.List(AccountPrefix))
        {
            long number = long.Parse(key.AsSpan(AccountPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
            Put(StoredJson.Read(key, value, StoredJson.Default.StoredAccount).ToRecord(number));
        }

        _unowned = _shared is null ? FindUnowned(lastAccount) : []; // another gateway may be in between just now
        foreach ((string key, string value) in store.List(KeyPrefix))
        {
            StoredKey stored = StoredJson.Read(key, value, StoredJson.Default.StoredKey);
            if (!PutKey(stored.ToRecord(key[KeyPrefix.Length..]), protection.TryUnprotect(stored.Secret))) UnreadableKeys++;
        }
    }

    /// <summary>Keys whose secret the key ring could not decrypt: they are listed, but no request can use them.</summary>
    public int UnreadableKeys { get; }

    public Task<IReadOnlyList<AccountRecord>> AccountsAsync() =>
        Task.FromResult<IReadOnlyList<AccountRecord>>([.. _accounts.Values.OrderBy(a => a.Number)]);

    public Task<AccountRecord?> FindAsync(long number)
    {
        if (_accounts.TryGetValue(number, out AccountRecord? known) || _shared is null) return Task.FromResult(known);
        return Task.Run(() => Known(number));
    }

    public Task<AccountRecord> AddAsync(AccountId account, string name) => Change(() =>
    {
        long number = Count(c => c with { Number = c.Number + 1 }).Number;
        var record = new AccountRecord(number, account, name, AccountRecordStatus.Active, Now);
        _store.Set(KeyOf(number), TextOf(record));
        Put(record);
        return record;
    });

    public Task<AccountRecord> ChangeAsync(long number, Func<AccountRecord, AccountRecord> change) => Change(() =>
    {
        AccountRecord record = null!;
        Swap(KeyOf(number), text =>
        {
            if (text is null) throw new KeyNotFoundException($"there is no account {number}");
            record = change(StoredJson.Read(KeyOf(number), text, StoredJson.Default.StoredAccount).ToRecord(number)) with { Number = number };
            return TextOf(record);
        });
        Put(record);
        return record;
    });

    public Task<AccountId> TakeAccountIdAsync() => Change(() =>
    {
        return new AccountId(Count(c => c with { Account = c.Account + 1 }).Account);
    });

    public Task<IReadOnlyList<AccountId>> UnownedAsync() => Task.FromResult<IReadOnlyList<AccountId>>(_unowned);

    public Task<IReadOnlyList<ApiKeyRecord>> KeysAsync(long number) => Task.FromResult<IReadOnlyList<ApiKeyRecord>>(
        _keysOf.TryGetValue(number, out ConcurrentDictionary<string, bool>? keys)
            ? [.. keys.Keys.Select(k => _keys.GetValueOrDefault(k)).OfType<ApiKeyRecord>()
                .OrderBy(k => k.Created).ThenBy(k => k.ApiKey, StringComparer.Ordinal)]
            : []);

    public Task<NewApiKey> AddKeyAsync(long number, ApiKeyTerms terms) => Change(() =>
    {
        if (Known(number) is null) throw new KeyNotFoundException($"there is no account {number}");
        CheckTerms(terms);
        var record = new ApiKeyRecord(SecretText.New(SecretLength), number, Now, terms);
        string secret = SecretText.New(SecretLength);
        _store.Set(KeyPrefix + record.ApiKey, TextOf(record, _protection.Protect(secret)));
        PutKey(record, Encoding.UTF8.GetBytes(secret));
        return new NewApiKey(record, secret);
    });

    public Task<ApiKeyRecord?> UpdateKeyAsync(long number, string apiKey, ApiKeyTerms terms) => Change(() =>
    {
        CheckTerms(terms);
        ApiKeyRecord? record = null;
        string secret = "";
        Swap(KeyPrefix + apiKey, text =>
        {
            record = null;
            if (text is null) return null;
            StoredKey stored = StoredJson.Read(KeyPrefix + apiKey, text, StoredJson.Default.StoredKey);
            if (stored.Number != number) return text;
            (record, secret) = (stored.ToRecord(apiKey) with { Terms = terms }, stored.Secret);
            return TextOf(record, secret);
        });
        if (record is not null) PutKey(record, _protection.TryUnprotect(secret));
        return record;
    });

    public Task<bool> RemoveKeyAsync(long number, string apiKey) => Change(() =>
    {
        if (!_keys.ContainsKey(apiKey)) FindKey(apiKey);
        if (!_keys.TryGetValue(apiKey, out ApiKeyRecord? record) || record.Number != number) return false;

        // First it stops working; a failure to store then leaves a key that is dead until the next start, not one that lives.
        _grants.TryRemove(apiKey, out _);
        _store.Remove(KeyPrefix + apiKey);
        Forget(apiKey);
        return true;
    });

    public KeyGrant? Grant(string apiKey)
    {
        if (_grants.TryGetValue(apiKey, out KeyGrant? grant) || _shared is null) return grant;
        return _missed.MayAsk(apiKey) && FindKey(apiKey) ? _grants.GetValueOrDefault(apiKey) : null;
    }

    public AccountRecord? Owner(AccountId account) =>
        _owners.TryGetValue(account, out long number) ? _accounts.GetValueOrDefault(number) : null;

    public void Dispose()
    {
        _watching?.Dispose();
        _gate.Dispose();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void CheckTerms(ApiKeyTerms terms)
    {
        if (!AddressList.TryParse(terms.Addresses, out _, out string? problem)) throw new ArgumentException(problem, nameof(terms));
        if (terms.Scopes == KeyScopes.None) throw new ArgumentException("a key needs at least one scope", nameof(terms));
    }

    // An id is counted before the exchange hears of it, and its account is named after: one that has no name was cut off in between.
    private AccountId[] FindUnowned(int lastAccount)
    {
        var named = new HashSet<int>();
        foreach (AccountRecord record in _accounts.Values)
        {
            named.Add(record.Account.Value);
            foreach (PastAccount past in record.Past) named.Add(past.Account.Value);
        }

        return [.. Enumerable.Range(AccountIdsAfter + 1, lastAccount - AccountIdsAfter).Where(id => !named.Contains(id)).Select(id => new AccountId(id))];
    }

    // One change at a time; it waits for the disk on a thread of the pool, not on the caller's.
    private async Task<T> Change<T>(Func<T> change)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(change).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    // The counters after a change that nobody else has made: each number is given once, by whichever process.
    private StoredCounters Count(Func<StoredCounters, StoredCounters> next)
    {
        StoredCounters made = null!;
        Swap(CountersKey, text =>
        {
            made = next(CountersOf(text)) with { By = NewMark() };
            return JsonSerializer.Serialize(made, StoredJson.Default.StoredCounters);
        });
        return made;
    }

    // Nothing comes between what the function sees and what it gives back.
    private void Swap(string key, Func<string?, string?> change)
    {
        string? text = _store.Get(key);
        if (_shared is null)
        {
            if (change(text) is { } value) _store.Set(key, value);
            return;
        }

        if (text is null) text = _shared.Refresh(key);
        while (true)
        {
            string? value = change(text);
            if (value == text || _shared.TryChange(key, text, value)) return;
            text = _shared.Refresh(key);
        }
    }

    // What another process has changed, or this one.
    private void Take(string key, string? text)
    {
        if (key.StartsWith(AccountPrefix, StringComparison.Ordinal) && text is not null)
        {
            long number = long.Parse(key.AsSpan(AccountPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
            Put(StoredJson.Read(key, text, StoredJson.Default.StoredAccount).ToRecord(number));
        }

        if (!key.StartsWith(KeyPrefix, StringComparison.Ordinal)) return;
        string apiKey = key[KeyPrefix.Length..];
        if (text is null) Forget(apiKey);
        else TakeKey(apiKey, text);
    }

    private bool TakeKey(string apiKey, string text)
    {
        StoredKey stored = StoredJson.Read(KeyPrefix + apiKey, text, StoredJson.Default.StoredKey);
        return PutKey(stored.ToRecord(apiKey), _protection.TryUnprotect(stored.Secret));
    }

    private void Forget(string apiKey)
    {
        _grants.TryRemove(apiKey, out _);
        if (_keys.TryRemove(apiKey, out ApiKeyRecord? record) && _keysOf.TryGetValue(record.Number, out var keys)) keys.TryRemove(apiKey, out _);
    }

    // Asks whether another process has made it. False where it is unknown, or nobody answers.
    private bool FindKey(string apiKey)
    {
        try
        {
            if (_shared?.Refresh(KeyPrefix + apiKey) is not { } text) return false;
            Known(StoredJson.Read(KeyPrefix + apiKey, text, StoredJson.Default.StoredKey).Number);
            return _grants.ContainsKey(apiKey) || TakeKey(apiKey, text);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private AccountRecord? Known(long number)
    {
        if (!_accounts.ContainsKey(number) && _shared?.Refresh(KeyOf(number)) is { } text)
            Put(StoredJson.Read(KeyOf(number), text, StoredJson.Default.StoredAccount).ToRecord(number));
        return _accounts.GetValueOrDefault(number);
    }

    private static StoredCounters CountersOf(string? text) =>
        text is null ? new StoredCounters(0, AccountIdsAfter) : StoredJson.Read(CountersKey, text, StoredJson.Default.StoredCounters);

    private static string KeyOf(long number) => AccountPrefix + number.ToString("D10", CultureInfo.InvariantCulture);

    private string? NewMark() => _shared is null ? null : SecretText.New(16);

    private string TextOf(AccountRecord record) =>
        JsonSerializer.Serialize(StoredAccount.Of(record) with { By = NewMark() }, StoredJson.Default.StoredAccount);

    private string TextOf(ApiKeyRecord record, string secret) =>
        JsonSerializer.Serialize(StoredKey.Of(record, secret) with { By = NewMark() }, StoredJson.Default.StoredKey);

    private void Put(AccountRecord record)
    {
        if (_accounts.TryGetValue(record.Number, out AccountRecord? old) && old.Account != record.Account) _owners.TryRemove(old.Account, out _);
        _accounts[record.Number] = record;
        _owners[record.Account] = record.Number;
        if (!_keysOf.TryGetValue(record.Number, out ConcurrentDictionary<string, bool>? keys)) return;
        foreach (string key in keys.Keys)
        {
            if (_grants.TryGetValue(key, out KeyGrant? grant)) _grants[key] = grant with { Account = record };
            else if (old is null && _store.Get(KeyPrefix + key) is { } text) TakeKey(key, text); // the key was seen before its account
        }
    }

    private bool PutKey(ApiKeyRecord record, byte[]? secret)
    {
        _keys[record.ApiKey] = record;
        _keysOf.GetOrAdd(record.Number, _ => new ConcurrentDictionary<string, bool>(StringComparer.Ordinal))[record.ApiKey] = true;
        if (secret is null || !_accounts.TryGetValue(record.Number, out AccountRecord? account)) return false;
        AddressList.TryParse(record.Terms.Addresses, out AddressList addresses, out string? problem);
        if (problem is not null) return false;
        _grants[record.ApiKey] = new KeyGrant(record, account, secret) { Addresses = addresses };
        return true;
    }
}
