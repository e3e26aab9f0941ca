using System.Globalization;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="Opening">Balances before the first row.</param>
/// <param name="Next">Give it as 'after' for the rows behind these; null at the end.</param>
public sealed record Statement(
    long Account, int ExchangeAccount, IReadOnlyDictionary<string, string> Opening, IReadOnlyList<StatementRow> Rows, long? Next);

/// <param name="Balance">The asset's whole wallet after this row.</param>
public sealed record StatementRow(
    long Id, long Time, string Reason, string? Symbol, string Asset, string Change, string Balance, long? Trade, long? Liquidation);

public sealed record EquityCurve(long Account, int ExchangeAccount, IReadOnlyList<EquityPoint> Points);

public sealed record EquityPoint(long Time, string Wallet, string Equity);

public sealed record LiquidationList(long Account, int ExchangeAccount, IReadOnlyList<LiquidationItem> Liquidations);

/// <param name="Symbol">Null: the cross pool.</param>
/// <param name="Ended">Null: it goes on.</param>
public sealed record LiquidationItem(
    long Id, string? Symbol, string Side, long Started, long? Ended, string Outcome, string Equity, string MaintenanceMargin, string Notional,
    string Fee, string Leftover, string Shortfall, string ClosedInBook, string TakenOver, string Deleveraged);

public sealed record LiquidationSteps(long Account, int ExchangeAccount, long Liquidation, IReadOnlyList<LiquidationStepItem> Steps);

public sealed record LiquidationStepItem(long Time, string Step, string Explanation, IReadOnlyDictionary<string, string> Figures);

/// <summary>What was: statement, equity curve, liquidations. 'exchangeAccount' asks for one that was left behind by a reset.</summary>
internal static class StatementEndpoints
{
    private const int Chunk = 5_000;

    /// <summary>No event changes balances more often than this.</summary>
    private const int RowsOfAnId = 8;

    public static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/accounts/{number:long}").WithTags("Statements");
        group.MapGet("/statement", StatementAsync).Produces<Statement>().Produces(200, contentType: "text/csv")
            .WithSummary("Every change of a balance with the running balance; JSON or CSV");
        group.MapGet("/equity", EquityAsync).Produces<EquityCurve>().Produces(200, contentType: "text/csv")
            .WithSummary("Wallet and equity by the minute of exchange time; JSON or CSV");
        group.MapGet("/liquidations", LiquidationsAsync).WithSummary("Liquidations, the newest last");
        group.MapGet("/liquidations/{id:long}", StepsAsync).WithSummary("Every step of a liquidation with the figures that explain it");
    }

    private static async Task<IResult> StatementAsync(
        long number, HttpRequest request, AccountLifecycle accounts, AdminExchange exchange, IExchangeHistory history, long? from, long? to, long? after,
        int? limit, int? exchangeAccount, string? format)
    {
        AccountId account = await ChooseAsync(accounts, number, exchangeAccount).ConfigureAwait(false);
        bool csv = CsvText.IsWanted(request, format);
        int most = AdminText.Limit(limit, 500, 10_000);
        HistoryPage page = AdminText.Page(from, to, after, most);
        var balances = new SortedDictionary<int, Amount>();
        if (page.FromId > 1 || page.From.Milliseconds > 0) await SumBeforeAsync(history, account, page, balances).ConfigureAwait(false);
        if (csv)
        {
            string name = $"statement-{number}-{account.Value}.csv";
            IAsyncEnumerable<string[]> lines = CsvAsync(exchange.Profile, history, account, page, balances);
            return CsvText.Rows(name, "id,time,reason,symbol,asset,change,balance,trade,liquidation", lines);
        }

        var opening = balances.ToDictionary(b => AdminText.AssetName(exchange.Profile, new AssetId(b.Key)), b => b.Value.ToString());
        (IReadOnlyList<IncomeRecord> rows, bool more) = await WholeAsync(history, account, page).ConfigureAwait(false);
        StatementRow[] shown = [.. rows.Select(r => Row(exchange.Profile, r, balances))];
        return TypedResults.Ok(new Statement(number, account.Value, opening, shown, more ? shown[^1].Id : null));
    }

    private static async Task SumBeforeAsync(
        IExchangeHistory history, AccountId account, HistoryPage page, SortedDictionary<int, Amount> balances)
    {
        var all = HistoryPage.Between(new Timestamp(0), page.To, Chunk);
        await foreach (IncomeRecord r in RowsAsync(history, account, all).ConfigureAwait(false))
        {
            if (r.Id >= page.FromId && r.Time.Milliseconds >= page.From.Milliseconds) return;
            balances[r.Asset.Value] = balances.GetValueOrDefault(r.Asset.Value) + r.Income;
        }
    }

    private static async IAsyncEnumerable<IncomeRecord> RowsAsync(IExchangeHistory history, AccountId account, HistoryPage page)
    {
        HistoryPage next = page with { Limit = Chunk };
        bool more = true;
        while (more)
        {
            (IReadOnlyList<IncomeRecord> rows, more) = await WholeAsync(history, account, next).ConfigureAwait(false);
            foreach (IncomeRecord row in rows) yield return row;
            if (more) next = next with { FromId = rows[^1].Id + 1 };
        }
    }

    // A fill's profit and fee are two rows of one id: a page ends between ids, so it may be a little shorter or longer than asked for.
    private static async Task<(IReadOnlyList<IncomeRecord> Rows, bool More)> WholeAsync(
        IExchangeHistory history, AccountId account, HistoryPage page)
    {
        int most = page.Limit;
        IReadOnlyList<IncomeRecord> rows =
            await history.IncomeAsync(account, MarketId.None, [], page with { Limit = most + RowsOfAnId }).ConfigureAwait(false);
        if (rows.Count <= most) return (rows, false);
        int end = most;
        while (end > 0 && rows[end - 1].Id == rows[end].Id) end--;
        if (end == 0)
        {
            while (end < rows.Count && rows[end].Id == rows[0].Id) end++;
        }

        return ([.. rows.Take(end)], end < rows.Count || rows.Count == most + RowsOfAnId);
    }

    private static async IAsyncEnumerable<string[]> CsvAsync(
        VenueProfile profile, IExchangeHistory history, AccountId account, HistoryPage page, SortedDictionary<int, Amount> balances)
    {
        await foreach (IncomeRecord r in RowsAsync(history, account, page).ConfigureAwait(false))
        {
            StatementRow row = Row(profile, r, balances);
            yield return
            [
                Text(row.Id), Text(row.Time), row.Reason, row.Symbol ?? "", row.Asset, row.Change, row.Balance, Text(row.Trade), Text(row.Liquidation),
            ];
        }
    }

    private static StatementRow Row(VenueProfile profile, IncomeRecord r, SortedDictionary<int, Amount> balances)
    {
        Amount balance = balances.GetValueOrDefault(r.Asset.Value) + r.Income;
        balances[r.Asset.Value] = balance;
        string? symbol = r.Market.IsNone ? null : AdminText.Symbol(profile, r.Market);
        return new StatementRow(
            r.Id, r.Time.Milliseconds, r.Reason.ToString(), symbol, AdminText.AssetName(profile, r.Asset), r.Income.ToString(), balance.ToString(),
            r.Trade.Value == 0 ? null : r.Trade.Value, r.Liquidation.IsNone ? null : r.Liquidation.Value);
    }

    private static async Task<IResult> EquityAsync(
        long number, HttpRequest request, AccountLifecycle accounts, IExchangeHistory history, long? from, long? to, int? limit, int? exchangeAccount,
        string? format)
    {
        AccountId account = await ChooseAsync(accounts, number, exchangeAccount).ConfigureAwait(false);
        bool csv = CsvText.IsWanted(request, format);
        HistoryPage page = AdminText.Page(from, to, null, AdminText.Limit(limit, 1_440, 100_000)) with { FromId = 0, Newest = true };
        IReadOnlyList<EquityRecord> points = await history.EquityAsync(account, page).ConfigureAwait(false);
        return csv
            ? CsvText.Rows($"equity-{number}-{account.Value}.csv", "time,wallet,equity", PointsAsync(points))
            : TypedResults.Ok(new EquityCurve(number, account.Value, [.. points.Select(Point)]));
    }

    private static async IAsyncEnumerable<string[]> PointsAsync(IReadOnlyList<EquityRecord> points)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (EquityRecord p in points) yield return [Text(p.Time.Milliseconds), p.Wallet.ToString(), p.Equity.ToString()];
    }

    private static EquityPoint Point(EquityRecord p) => new(p.Time.Milliseconds, p.Wallet.ToString(), p.Equity.ToString());

    private static async Task<LiquidationList> LiquidationsAsync(
        long number, AccountLifecycle accounts, AdminExchange exchange, IExchangeHistory history, long? from, long? to, int? limit, int? exchangeAccount)
    {
        AccountId account = await ChooseAsync(accounts, number, exchangeAccount).ConfigureAwait(false);
        HistoryPage page = AdminText.Page(from, to, null, AdminText.Limit(limit, 100, 1_000)) with { FromId = 0, Newest = true };
        IReadOnlyList<LiquidationRecord> rows = await history.LiquidationsAsync(account, page).ConfigureAwait(false);
        return new LiquidationList(number, account.Value, [.. rows.Select(r => Item(exchange.Profile, r))]);
    }

    private static LiquidationItem Item(VenueProfile profile, LiquidationRecord r) => new(
        r.Liquidation.Value, r.Market.IsNone ? null : AdminText.Symbol(profile, r.Market), r.Side.ToString(), r.Started.Milliseconds,
        r.Ended.Milliseconds == 0 ? null : r.Ended.Milliseconds, r.Ended.Milliseconds == 0 ? "Running" : r.Outcome.ToString(), r.Equity.ToString(),
        r.Maintenance.ToString(), r.Notional.ToString(), r.Fee.ToString(), r.Leftover.ToString(), r.Shortfall.ToString(),
        r.BookNotional.ToString(), r.FundNotional.ToString(), r.DeleveragedNotional.ToString());

    private static async Task<LiquidationSteps> StepsAsync(
        long number, long id, AccountLifecycle accounts, IExchangeHistory history, int? exchangeAccount)
    {
        AccountId account = await ChooseAsync(accounts, number, exchangeAccount).ConfigureAwait(false);
        IReadOnlyList<LiquidationStepRecord> steps = await history.LiquidationStepsAsync(account, new LiquidationId(id)).ConfigureAwait(false);
        if (steps.Count == 0) throw AdminProblem.NotFound($"liquidation {id} of account {number}");
        return new LiquidationSteps(number, account.Value, id, [.. steps.Select(Step)]);
    }

    private static LiquidationStepItem Step(LiquidationStepRecord s)
    {
        var figures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in s.Figures) figures[name] = value;
        return new LiquidationStepItem(s.Time.Milliseconds, s.Step, s.Explanation, figures);
    }

    // The account of the exchange behind the number now, or one of those it had before; never another's.
    private static async Task<AccountId> ChooseAsync(AccountLifecycle accounts, long number, int? exchangeAccount)
    {
        AccountRecord record = await accounts.FindAsync(number).ConfigureAwait(false);
        if (exchangeAccount is not { } wanted || wanted == record.Account.Value) return record.Account;
        return record.Past.Any(p => p.Account.Value == wanted)
            ? new AccountId(wanted)
            : throw AdminProblem.NotFound($"exchange account {wanted} behind account {number}");
    }

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
