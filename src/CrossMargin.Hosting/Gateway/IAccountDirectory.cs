using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// Who the accounts are for people: names, API keys, scopes. An account keeps its number for good; the account of the exchange behind it
/// (<see cref="AccountRecord.Account"/>) is a new one after a reset. Thread-safe; durable when a task ends.
/// </summary>
public interface IAccountDirectory
{
    /// <summary>All accounts that were ever made here, by rising number; closed ones too.</summary>
    Task<IReadOnlyList<AccountRecord>> AccountsAsync();

    Task<AccountRecord?> FindAsync(long number);

    /// <summary>A number of its own and the given account of the exchange. Names need not be unique.</summary>
    Task<AccountRecord> AddAsync(AccountId account, string name);

    /// <summary>
    /// Replaces what may change: name, status, the account behind. Nothing comes between what the function sees and what it gives back; it
    /// only computes. Throws <see cref="KeyNotFoundException"/>.
    /// </summary>
    Task<AccountRecord> ChangeAsync(long number, Func<AccountRecord, AccountRecord> change);

    /// <summary>The next account id of the exchange that no account has or had.</summary>
    Task<AccountId> TakeAccountIdAsync();

    /// <summary>
    /// Ids that an earlier process took by <see cref="TakeAccountIdAsync"/> and that no account here has or had: the process ended before
    /// the account was named. What the exchange has under them belongs to nobody.
    /// </summary>
    Task<IReadOnlyList<AccountId>> UnownedAsync() => Task.FromResult<IReadOnlyList<AccountId>>([]);

    Task<IReadOnlyList<ApiKeyRecord>> KeysAsync(long number);

    /// <summary>Makes a key; its secret is given out here and never again.</summary>
    Task<NewApiKey> AddKeyAsync(long number, ApiKeyTerms terms);

    /// <summary>Replaces a key's terms; its secret stays. Null where the account has no such key.</summary>
    Task<ApiKeyRecord?> UpdateKeyAsync(long number, string apiKey, ApiKeyTerms terms);

    Task<bool> RemoveKeyAsync(long number, string apiKey);

    /// <summary>
    /// What a request with this key is checked against: in memory, without waiting. Null for a key that is not known. The secret in it
    /// must not be logged.
    /// </summary>
    KeyGrant? Grant(string apiKey);

    /// <summary>The account of the directory behind an account of the exchange, or null (simulated traders have none).</summary>
    AccountRecord? Owner(AccountId account);
}

public enum AccountRecordStatus
{
    Active = 1,
    Frozen = 2,
    Closed = 3,
}

/// <param name="Number">≥ 1, given once.</param>
/// <param name="Account">The account of the exchange.</param>
/// <param name="Created">Wall clock, Unix milliseconds.</param>
public sealed record AccountRecord(long Number, AccountId Account, string Name, AccountRecordStatus Status, long Created)
{
    /// <summary>Wall clock of the last reset, Unix milliseconds; where there was none, that of the creation.</summary>
    public long Since { get; init; } = Created;

    /// <summary>Accounts of the exchange that were behind this one before, the oldest first; of a closed account also the last.</summary>
    public IReadOnlyList<PastAccount> Past { get; init; } = [];
}

/// <param name="Retired">Wall clock, Unix milliseconds.</param>
/// <param name="IsClosed">Its orders are gone, its positions closed and it takes nothing any more; until then that is under way.</param>
public sealed record PastAccount(AccountId Account, long Retired, bool IsClosed);

[Flags]
public enum KeyScopes
{
    None = 0,
    Read = 1,
    Trade = 2,
    Withdraw = 4,
}

/// <param name="Expires">Wall clock, Unix milliseconds; null never.</param>
/// <param name="Addresses">IP addresses or CIDR ranges from which the key may be used; empty: from anywhere.</param>
/// <param name="Unlimited">Request weight and order count are not limited (load tests).</param>
public sealed record ApiKeyTerms(string Label, KeyScopes Scopes, long? Expires, IReadOnlyList<string> Addresses, bool Unlimited);

public sealed record ApiKeyRecord(string ApiKey, long Number, long Created, ApiKeyTerms Terms);

public sealed record NewApiKey(ApiKeyRecord Record, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"new key of account {Record.Number}";
}

/// <summary>A key as a request sees it.</summary>
/// <param name="Secret">UTF-8 bytes of the secret, for HMAC.</param>
public sealed record KeyGrant(ApiKeyRecord Key, AccountRecord Account, ReadOnlyMemory<byte> Secret)
{
    /// <summary>The key's addresses, parsed.</summary>
    public AddressList Addresses { get; init; } = AddressList.Anywhere;

    /// <summary>Whether the key has expired at a wall-clock time, Unix milliseconds.</summary>
    public bool IsExpired(long now) => Key.Terms.Expires is { } end && now >= end;

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"key {Key.ApiKey[..Math.Min(6, Key.ApiKey.Length)]}… of account {Account.Number}";
}
