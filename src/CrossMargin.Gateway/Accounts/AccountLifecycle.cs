using CrossMargin.Gateway.Admin;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Accounts;

/// <summary>
/// What happens to an account from its opening to its end. One change of an account at a time. Accounts of the exchange that were left
/// behind are wound up by <see cref="RetiredAccounts"/>.
/// </summary>
public sealed class AccountLifecycle(IAccountDirectory directory, AdminExchange exchange, RetiredAccounts retired, TimeProvider time) : IDisposable
{
    private const int Stripes = 64;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Opens an account of the exchange with the fees and the deposit (may be zero), then names it.</summary>
    public async Task<AccountRecord> CreateAsync(string name, Amount deposit, Rate makerFee, Rate takerFee) =>
        await CreateAsync(await directory.TakeAccountIdAsync().ConfigureAwait(false), name, deposit, makerFee, takerFee).ConfigureAwait(false);

    /// <summary>The same under an id that was taken from the directory before.</summary>
    public async Task<AccountRecord> CreateAsync(AccountId account, string name, Amount deposit, Rate makerFee, Rate takerFee)
    {
        await OpenAsync(account, deposit, makerFee, takerFee).ConfigureAwait(false);
        return await directory.AddAsync(account, name).ConfigureAwait(false);
    }

    public Task<AccountRecord> FreezeAsync(long number, bool frozen) => ChangeAsync(number, async record =>
    {
        Refusal refusal = await exchange.TryAsync(exchange.Account(record.Account, new FreezeAccount { Frozen = frozen })).ConfigureAwait(false);
        if (!refusal.IsNone && refusal.Reason != RejectReason.NothingToChange) throw AdminProblem.Refused(refusal, null);
        AccountRecordStatus status = frozen ? AccountRecordStatus.Frozen : AccountRecordStatus.Active;
        return await directory.ChangeAsync(number, r => r with { Status = status }).ConfigureAwait(false);
    });

    /// <summary>A fresh account of the exchange with the same fees under the same number and keys; the old one is wound up.</summary>
    public Task<AccountRecord> ResetAsync(long number, Amount deposit) => ChangeAsync(number, async record =>
    {
        AccountSnapshot old = await exchange.Gateway.ReadAccountAsync(record.Account).ConfigureAwait(false)
            ?? throw AdminProblem.NotFound($"{record.Account} on the exchange");
        AccountId account = await directory.TakeAccountIdAsync().ConfigureAwait(false);
        await OpenAsync(account, deposit, old.MakerFee, old.TakerFee).ConfigureAwait(false);
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        AccountRecord changed = await directory.ChangeAsync(number, r => r with
        {
            Account = account,
            Status = AccountRecordStatus.Active,
            Since = now,
            Past = [.. r.Past, new PastAccount(r.Account, now, false)],
        }).ConfigureAwait(false);
        await retired.BeginAsync(number).ConfigureAwait(false);
        return changed;
    });

    /// <summary>Takes the keys away and winds the account up; its number and history stay.</summary>
    public Task<AccountRecord> CloseAsync(long number) => ChangeAsync(number, async _ =>
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        AccountRecord closed = await directory.ChangeAsync(number, r => r with
        {
            Status = AccountRecordStatus.Closed,
            Past = [.. r.Past, new PastAccount(r.Account, now, false)],
        }).ConfigureAwait(false);
        foreach (ApiKeyRecord key in await directory.KeysAsync(number).ConfigureAwait(false))
        {
            await directory.RemoveKeyAsync(number, key.ApiKey).ConfigureAwait(false);
        }

        await retired.BeginAsync(number).ConfigureAwait(false);
        return closed;
    });

    public async Task<AccountRecord> FindAsync(long number) =>
        await directory.FindAsync(number).ConfigureAwait(false) ?? throw AdminProblem.NotFound($"account {number}");

    public Task<AccountRecord> RenameAsync(long number, string name) =>
        ChangeAsync(number, _ => directory.ChangeAsync(number, r => r with { Name = name }));

    /// <summary>The account, unless it is closed.</summary>
    public async Task<AccountRecord> FindOpenAsync(long number)
    {
        AccountRecord record = await FindAsync(number).ConfigureAwait(false);
        return record.Status == AccountRecordStatus.Closed ? throw AdminProblem.Conflict($"account {number} is closed") : record;
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim gate in _gates) gate.Dispose();
    }

    private Task OpenAsync(AccountId account, Amount deposit, Rate makerFee, Rate takerFee)
    {
        Message open = exchange.Account(account, new OpenAccount { MakerFee = makerFee, TakerFee = takerFee });
        return deposit.IsZero
            ? exchange.DoAsync(open)
            : exchange.DoAsync(open, exchange.Account(account, new Deposit { Asset = AssetId.Settlement, Amount = deposit }));
    }

    private async Task<AccountRecord> ChangeAsync(long number, Func<AccountRecord, Task<AccountRecord>> change)
    {
        SemaphoreSlim gate = _gates[(int)((ulong)number % Stripes)];
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await change(await FindOpenAsync(number).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }
}
