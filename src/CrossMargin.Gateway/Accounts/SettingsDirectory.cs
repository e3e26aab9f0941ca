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
/// reading; a change is stored before it is seen. Thread-safe.
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
    private readonly SecretProtection _protection;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<long, AccountRecord> _accounts = new();
    private readonly ConcurrentDictionary<AccountId, long> _owners = new();
    private readonly ConcurrentDictionary<string, KeyGrant> _grants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ApiKeyRecord> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, ConcurrentDictionary<string, bool>> _keysOf = new();
    private readonly AccountId[] _unowned;
    private long _lastNumber;
    private int _lastAccount = AccountIdsAfter;

    /// <summary>Reads everything. Throws <see cref="InvalidDataException"/> where the store holds what this cannot read.</summary>
    public SettingsDirectory(ISettingsStore store, SecretProtection protection, TimeProvider time)
    {
        (_store, _protection, _time) = (store, protection, time);
        if (store.Get(CountersKey) is { } text)
        {
            StoredCounters counters = StoredJson.Read(CountersKey, text, StoredJson.Default.StoredCounters);
            (_lastNumber, _lastAccount) = (counters.Number, counters.Account);
        }

        foreach ((string key, string value) in store.List(AccountPrefix))
        {
            long number = long.Parse(key.AsSpan(AccountPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
            Put(StoredJson.Read(key, value, StoredJson.Default.StoredAccount).ToRecord(number));
        }

        _unowned = FindUnowned();
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

    public Task<AccountRecord?> FindAsync(long number) => Task.FromResult(_accounts.GetValueOrDefault(number));

    public Task<AccountRecord> AddAsync(AccountId account, string name) => Change(() =>
    {
        var record = new AccountRecord(_lastNumber + 1, account, name, AccountRecordStatus.Active, Now);
        StoreCounters(_lastNumber + 1, _lastAccount);
        Store(record);
        return record;
    });

    public Task<AccountRecord> ChangeAsync(long number, Func<AccountRecord, AccountRecord> change) => Change(() =>
    {
        if (!_accounts.TryGetValue(number, out AccountRecord? old)) throw new KeyNotFoundException($"there is no account {number}");
        AccountRecord record = change(old) with { Number = number };
        Store(record);
        return record;
    });

    public Task<AccountId> TakeAccountIdAsync() => Change(() =>
    {
        StoreCounters(_lastNumber, _lastAccount + 1);
        return new AccountId(_lastAccount);
    });

    public Task<IReadOnlyList<AccountId>> UnownedAsync() => Task.FromResult<IReadOnlyList<AccountId>>(_unowned);

    public Task<IReadOnlyList<ApiKeyRecord>> KeysAsync(long number) => Task.FromResult<IReadOnlyList<ApiKeyRecord>>(
        _keysOf.TryGetValue(number, out ConcurrentDictionary<string, bool>? keys)
            ? [.. keys.Keys.Select(k => _keys.GetValueOrDefault(k)).OfType<ApiKeyRecord>()
                .OrderBy(k => k.Created).ThenBy(k => k.ApiKey, StringComparer.Ordinal)]
            : []);

    public Task<NewApiKey> AddKeyAsync(long number, ApiKeyTerms terms) => Change(() =>
    {
        if (!_accounts.ContainsKey(number)) throw new KeyNotFoundException($"there is no account {number}");
        CheckTerms(terms);
        var record = new ApiKeyRecord(SecretText.New(SecretLength), number, Now, terms);
        string secret = SecretText.New(SecretLength);
        SetKey(record, _protection.Protect(secret));
        PutKey(record, Encoding.UTF8.GetBytes(secret));
        return new NewApiKey(record, secret);
    });

    public Task<ApiKeyRecord?> UpdateKeyAsync(long number, string apiKey, ApiKeyTerms terms) => Change(() =>
    {
        if (!_keys.TryGetValue(apiKey, out ApiKeyRecord? old) || old.Number != number) return null;
        CheckTerms(terms);
        string stored = _store.Get(KeyPrefix + apiKey) ?? throw new InvalidDataException("a key is in memory but not stored");
        string secret = StoredJson.Read(KeyPrefix + apiKey, stored, StoredJson.Default.StoredKey).Secret;
        ApiKeyRecord record = old with { Terms = terms };
        SetKey(record, secret);
        PutKey(record, _protection.TryUnprotect(secret));
        return record;
    });

    public Task<bool> RemoveKeyAsync(long number, string apiKey) => Change(() =>
    {
        if (!_keys.TryGetValue(apiKey, out ApiKeyRecord? record) || record.Number != number) return false;

        // First it stops working; a failure to store then leaves a key that is dead until the next start, not one that lives.
        _grants.TryRemove(apiKey, out _);
        _store.Remove(KeyPrefix + apiKey);
        _keys.TryRemove(apiKey, out _);
        _keysOf[number].TryRemove(apiKey, out _);
        return true;
    });

    public KeyGrant? Grant(string apiKey) => _grants.GetValueOrDefault(apiKey);

    public AccountRecord? Owner(AccountId account) =>
        _owners.TryGetValue(account, out long number) ? _accounts.GetValueOrDefault(number) : null;

    public void Dispose() => _gate.Dispose();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void CheckTerms(ApiKeyTerms terms)
    {
        if (!AddressList.TryParse(terms.Addresses, out _, out string? problem)) throw new ArgumentException(problem, nameof(terms));
        if (terms.Scopes == KeyScopes.None) throw new ArgumentException("a key needs at least one scope", nameof(terms));
    }

    // An id is counted before the exchange hears of it, and its account is named after: one that has no name was cut off in between.
    private AccountId[] FindUnowned()
    {
        var named = new HashSet<int>();
        foreach (AccountRecord record in _accounts.Values)
        {
            named.Add(record.Account.Value);
            foreach (PastAccount past in record.Past) named.Add(past.Account.Value);
        }

        return [.. Enumerable.Range(AccountIdsAfter + 1, _lastAccount - AccountIdsAfter).Where(id => !named.Contains(id)).Select(id => new AccountId(id))];
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

    private void StoreCounters(long number, int account)
    {
        _store.Set(CountersKey, JsonSerializer.Serialize(new StoredCounters(number, account), StoredJson.Default.StoredCounters));
        (_lastNumber, _lastAccount) = (number, account);
    }

    private void Store(AccountRecord record)
    {
        string key = AccountPrefix + record.Number.ToString("D10", CultureInfo.InvariantCulture);
        _store.Set(key, JsonSerializer.Serialize(StoredAccount.Of(record), StoredJson.Default.StoredAccount));
        Put(record);
    }

    private void SetKey(ApiKeyRecord record, string secret) =>
        _store.Set(KeyPrefix + record.ApiKey, JsonSerializer.Serialize(StoredKey.Of(record, secret), StoredJson.Default.StoredKey));

    private void Put(AccountRecord record)
    {
        if (_accounts.TryGetValue(record.Number, out AccountRecord? old) && old.Account != record.Account) _owners.TryRemove(old.Account, out _);
        _accounts[record.Number] = record;
        _owners[record.Account] = record.Number;
        if (!_keysOf.TryGetValue(record.Number, out ConcurrentDictionary<string, bool>? keys)) return;
        foreach (string key in keys.Keys)
        {
            if (_grants.TryGetValue(key, out KeyGrant? grant)) _grants[key] = grant with { Account = record };
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
