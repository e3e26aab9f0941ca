using CrossMargin.Gateway.Accounts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="Name">For people; need not be unique.</param>
/// <param name="Deposit">In the settlement asset.</param>
/// <param name="Key">Terms of the first key; left out: one that may read and trade.</param>
/// <param name="WithoutKey">Make no key.</param>
/// <param name="MakerFee">Fraction of the notional, negative for a rebate; left out: the venue's.</param>
/// <param name="TakerFee">Fraction of the notional; left out: the venue's.</param>
public sealed record CreateAccount(
    string Name, string Deposit = "0", KeyTerms? Key = null, bool WithoutKey = false, string? MakerFee = null, string? TakerFee = null);

public sealed record RenameAccount(string Name);

/// <param name="Deposit">What the fresh account begins with, in the settlement asset.</param>
public sealed record ResetAccount(string Deposit = "0");

/// <param name="Amount">More than zero.</param>
/// <param name="Asset">Left out: the settlement asset.</param>
public sealed record MoveMoney(string Amount, string? Asset = null);

/// <summary>Accounts: from opening to end, and their money.</summary>
internal static class AccountEndpoints
{
    private static readonly Rate s_maxFee = new(Rate.One / 10);

    public static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/accounts").WithTags("Accounts");
        group.MapPost("", CreateAsync).WithSummary("Create an account with a deposit and a first API key");
        group.MapGet("", ListAsync).WithSummary("List accounts by number");
        group.MapGet("/{number:long}", GetAsync).WithSummary("One account with its figures");
        group.MapPatch("/{number:long}", RenameAsync).WithSummary("Rename an account");
        group.MapPost("/{number:long}/freeze", FreezeAsync).WithSummary("Freeze: only what lowers risk is taken");
        group.MapPost("/{number:long}/unfreeze", UnfreezeAsync).WithSummary("Let a frozen account go");
        group.MapPost("/{number:long}/reset", ResetAsync).WithSummary("Begin anew under the same number and keys; the old one is wound up");
        group.MapPost("/{number:long}/close", CloseAsync).WithSummary("Close for good: keys die, orders are cancelled, positions closed");
        group.MapPost("/{number:long}/deposit", DepositAsync).WithSummary("Credit an asset");
        group.MapPost("/{number:long}/withdraw", WithdrawAsync).WithSummary("Debit an asset, at most what is withdrawable");
        group.MapGet("/{number:long}/positions", PositionsAsync).WithSummary("Positions");
        group.MapGet("/{number:long}/orders", OrdersAsync).WithSummary("Open and conditional orders");
        group.MapDelete("/{number:long}/orders", CancelOrdersAsync).WithSummary("Take all its orders off every book, also where the account is broken");
    }

    private static async Task<Created<NewAccount>> CreateAsync(
        AdminBody<CreateAccount> body, AccountLifecycle accounts, AdminExchange exchange, IAccountDirectory directory)
    {
        CreateAccount b = body.Value;
        string name = AdminText.Name(b.Name, "name");
        Amount deposit = AdminText.Amount(b.Deposit, "deposit");
        if (deposit.IsNegative) throw AdminProblem.BadValue("deposit", "must not be negative");
        Rate maker = b.MakerFee is null ? exchange.Profile.MakerFee : AdminText.Rate(b.MakerFee, "makerFee", -s_maxFee, s_maxFee);
        Rate taker = b.TakerFee is null ? exchange.Profile.TakerFee : AdminText.Rate(b.TakerFee, "takerFee", Rate.Zero, s_maxFee);
        if (maker.E8 + taker.E8 < 0) throw AdminProblem.BadValue("makerFee", "a rebate must not be more than the taker pays");
        ApiKeyTerms? terms = b.WithoutKey ? null : (b.Key ?? new KeyTerms()).ToTerms();
        AccountRecord record = await accounts.CreateAsync(name, deposit, maker, taker).ConfigureAwait(false);
        NewApiKey? key = terms is null ? null : await directory.AddKeyAsync(record.Number, terms).ConfigureAwait(false);
        return TypedResults.Created(
            $"/admin/v1/accounts/{record.Number}", new NewAccount(AccountItem.Of(record), key is null ? null : NewKeyItem.Of(key)));
    }

    private static async Task<AccountList> ListAsync(IAccountDirectory directory, long? after, int? limit, string? name, string? status)
    {
        int most = AdminText.Limit(limit, 100, 1_000);
        IEnumerable<AccountRecord> all = (await directory.AccountsAsync().ConfigureAwait(false)).Where(a => a.Number > (after ?? 0));
        if (name is not null) all = all.Where(a => a.Name.Contains(name, StringComparison.OrdinalIgnoreCase));
        if (status is not null) all = all.Where(a => string.Equals(a.Status.ToString(), status, StringComparison.OrdinalIgnoreCase));
        AccountRecord[] page = [.. all.Take(most + 1)];
        return new AccountList([.. page.Take(most).Select(AccountItem.Of)], page.Length > most ? page[most - 1].Number : null);
    }

    private static async Task<AccountDetail> GetAsync(long number, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountRecord record = await accounts.FindAsync(number).ConfigureAwait(false);
        AccountSnapshot? snapshot = await exchange.Gateway.ReadAccountAsync(record.Account).ConfigureAwait(false);
        AccountFigures? figures = snapshot is null or { IsClosed: true } ? null : AccountFigures.Of(exchange.Profile, snapshot);
        return new AccountDetail(AccountItem.Of(record), figures);
    }

    private static async Task<AccountItem> RenameAsync(long number, AdminBody<RenameAccount> body, AccountLifecycle accounts) =>
        AccountItem.Of(await accounts.RenameAsync(number, AdminText.Name(body.Value.Name, "name")).ConfigureAwait(false));

    private static async Task<AccountItem> FreezeAsync(long number, AccountLifecycle accounts) =>
        AccountItem.Of(await accounts.FreezeAsync(number, frozen: true).ConfigureAwait(false));

    private static async Task<AccountItem> UnfreezeAsync(long number, AccountLifecycle accounts) =>
        AccountItem.Of(await accounts.FreezeAsync(number, frozen: false).ConfigureAwait(false));

    private static async Task<NoContent> CancelOrdersAsync(long number, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountId owner = (await accounts.FindAsync(number).ConfigureAwait(false)).Account;
        IEnumerable<Message> cancels = exchange.Profile.Markets.Select(
            m => exchange.Market(m.Id, new CancelAccountOrders { Market = m.Id, Account = owner }));
        await exchange.DoAsync([.. cancels]).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<AccountItem> ResetAsync(long number, AdminBody<ResetAccount> body, AccountLifecycle accounts)
    {
        Amount deposit = AdminText.Amount(body.Value.Deposit, "deposit");
        if (deposit.IsNegative) throw AdminProblem.BadValue("deposit", "must not be negative");
        return AccountItem.Of(await accounts.ResetAsync(number, deposit).ConfigureAwait(false));
    }

    private static async Task<AccountItem> CloseAsync(long number, AccountLifecycle accounts) =>
        AccountItem.Of(await accounts.CloseAsync(number).ConfigureAwait(false));

    private static async Task<AccountDetail> DepositAsync(
        long number, AdminBody<MoveMoney> body, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountRecord record = await accounts.FindOpenAsync(number).ConfigureAwait(false);
        AssetId asset = AdminText.Asset(exchange.Profile, body.Value.Asset);
        var deposit = new Deposit { Asset = asset, Amount = AdminText.Positive(body.Value.Amount, "amount") };
        await exchange.DoAsync(exchange.Account(record.Account, deposit)).ConfigureAwait(false);
        return await GetAsync(number, accounts, exchange).ConfigureAwait(false);
    }

    private static async Task<AccountDetail> WithdrawAsync(
        long number, AdminBody<MoveMoney> body, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountRecord record = await accounts.FindOpenAsync(number).ConfigureAwait(false);
        AssetId asset = AdminText.Asset(exchange.Profile, body.Value.Asset);
        var withdraw = new Withdraw { Asset = asset, Amount = AdminText.Positive(body.Value.Amount, "amount") };
        await exchange.DoAsync(exchange.Account(record.Account, withdraw)).ConfigureAwait(false);
        return await GetAsync(number, accounts, exchange).ConfigureAwait(false);
    }

    private static async Task<PositionList> PositionsAsync(long number, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountSnapshot s = await SnapshotAsync(number, accounts, exchange).ConfigureAwait(false);
        return new PositionList(
            s.Time.Milliseconds, [.. s.Legs.Where(l => !l.Quantity.IsZero).Select(l => PositionItem.Of(exchange.Profile, l))]);
    }

    private static async Task<OrderList> OrdersAsync(long number, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountSnapshot s = await SnapshotAsync(number, accounts, exchange).ConfigureAwait(false);
        IEnumerable<OrderItem> orders = s.Orders.Select(o => OrderItem.Of(exchange.Profile, o));
        return new OrderList(s.Time.Milliseconds, [.. orders.Concat(s.Triggers.Select(o => OrderItem.Of(exchange.Profile, o))).OrderBy(o => o.Id)]);
    }

    private static async Task<AccountSnapshot> SnapshotAsync(long number, AccountLifecycle accounts, AdminExchange exchange)
    {
        AccountRecord record = await accounts.FindAsync(number).ConfigureAwait(false);
        return await exchange.Gateway.ReadAccountAsync(record.Account).ConfigureAwait(false)
            ?? throw AdminProblem.NotFound($"{record.Account} on the exchange");
    }
}
