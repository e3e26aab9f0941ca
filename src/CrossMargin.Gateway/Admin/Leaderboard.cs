using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

/// <param name="Return">(equity − net deposits) / net deposits, rounded down; null without net deposits above zero.</param>
public sealed record LeaderboardItem(int Rank, long Number, string Name, string Equity, string NetDeposits, string Profit, string? Return, long Since);

public sealed record LeaderboardList(long Time, IReadOnlyList<LeaderboardItem> Accounts);

/// <summary>
/// Accounts by return since their reset or creation. Made anew at most every five seconds, however many ask. Thread-safe.
/// </summary>
public sealed class Leaderboard(IAccountDirectory directory, AdminExchange exchange, IExchangeHistory history, TimeProvider time) : IDisposable
{
    private const int Chunk = 1_000;

    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(5);
    private static readonly BalanceReason[] s_flows = [BalanceReason.Deposit, BalanceReason.Withdrawal];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<AccountId, (long LastId, Amount Sum)> _flows = [];
    private LeaderboardList? _made;
    private DateTimeOffset _madeAt;

    public async Task<LeaderboardList> ReadAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_made is null || time.GetUtcNow() - _madeAt >= s_age) (_made, _madeAt) = (await MakeAsync().ConfigureAwait(false), time.GetUtcNow());
            return _made;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<LeaderboardList> MakeAsync()
    {
        var rows = new List<(LeaderboardItem Item, long? Return)>();
        long now = 0;
        foreach (AccountRecord record in await directory.AccountsAsync().ConfigureAwait(false))
        {
            if (record.Status == AccountRecordStatus.Closed) continue;
            if (await exchange.Gateway.ReadAccountAsync(record.Account).ConfigureAwait(false) is not { } snapshot) continue;
            Amount net = await NetDepositsAsync(record.Account).ConfigureAwait(false);
            Amount equity = Equities.Total(snapshot);
            Amount profit = equity - net;
            long? gain = net.IsPositive ? Return(profit, net) : null;
            now = Math.Max(now, snapshot.Time.Milliseconds);
            string? text = gain is { } e8 ? new Rate(e8).ToString() : null;
            rows.Add((new LeaderboardItem(
                0, record.Number, record.Name, equity.ToString(), net.ToString(), profit.ToString(), text, record.Since), gain));
        }

        LeaderboardItem[] ranked = [.. rows.OrderByDescending(r => r.Return ?? long.MinValue).ThenBy(r => r.Item.Number)
            .Select((r, i) => r.Item with { Rank = i + 1 })];
        return new LeaderboardList(now, ranked);
    }

    // Who has withdrawn all but a trace has a return beyond any number that means something: it is told as the largest there is.
    private static long Return(Amount profit, Amount net) =>
        (long)Int128.Clamp(Rounding.DivDown((Int128)profit.E8 * Rate.One, net.E8), long.MinValue, long.MaxValue);

    // Deposits less withdrawals of the settlement asset; each row of history is added once.
    private async Task<Amount> NetDepositsAsync(AccountId account)
    {
        (long lastId, Amount sum) = _flows.GetValueOrDefault(account);
        while (true)
        {
            var page = new HistoryPage(new Timestamp(0), new Timestamp(long.MaxValue), lastId + 1, Chunk, false);
            IReadOnlyList<IncomeRecord> rows = await history.IncomeAsync(account, MarketId.None, s_flows, page).ConfigureAwait(false);
            foreach (IncomeRecord row in rows)
            {
                if (row.Asset == AssetId.Settlement) sum += row.Income;
                lastId = row.Id;
            }

            _flows[account] = (lastId, sum);
            if (rows.Count < Chunk) return sum;
        }
    }
}
