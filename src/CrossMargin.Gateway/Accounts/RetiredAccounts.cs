using CrossMargin.Gateway.Admin;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Accounts;

/// <summary>
/// Winds up accounts of the exchange that were reset or closed: freezes them, cancels their orders, closes their positions reduce-only at
/// the market as far as the book allows, and closes them when nothing is left. What is not done yet is tried again, also after a restart.
/// Accounts that a crash left without an owner were never told to anybody: they are closed.
/// </summary>
public sealed partial class RetiredAccounts(
    IAccountDirectory directory, AdminExchange exchange, TimeProvider time, ILogger<RetiredAccounts> log) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The first attempt at once; those after it come from the background.</summary>
    public async Task BeginAsync(long number)
    {
        if (await directory.FindAsync(number).ConfigureAwait(false) is { } record) await TryAllAsync(record).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (exchange.Gateway.Unavailable is not null) return; // only looked at: nothing can be wound up
        IReadOnlyList<AccountId> unowned = await directory.UnownedAsync().ConfigureAwait(false);
        while (!stoppingToken.IsCancellationRequested)
        {
            unowned = await DropAsync(unowned).ConfigureAwait(false);
            foreach (AccountRecord record in await directory.AccountsAsync().ConfigureAwait(false))
            {
                if (record.Past.Any(p => !p.IsClosed) && !stoppingToken.IsCancellationRequested) await TryAllAsync(record).ConfigureAwait(false);
            }

            try
            {
                await Task.Delay(s_pause, time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task TryAllAsync(AccountRecord record)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (PastAccount past in record.Past)
            {
                if (past.IsClosed || !await WindUpAsync(past.Account, record).ConfigureAwait(false)) continue;
                await directory.ChangeAsync(record.Number, r => r with
                {
                    Past = [.. r.Past.Select(p => p.Account == past.Account ? p with { IsClosed = true } : p)],
                }).ConfigureAwait(false);
                WoundUp(log, past.Account.Value, record.Number);
            }
        }
        catch (Exception e) when (AdminProblem.Of(e) is not null)
        {
            Waits(log, record.Number, e.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    // Those that are left for the next time.
    private async Task<IReadOnlyList<AccountId>> DropAsync(IReadOnlyList<AccountId> unowned)
    {
        int done = 0;
        try
        {
            for (; done < unowned.Count; done++)
            {
                if (await exchange.Gateway.ReadAccountAsync(unowned[done]).ConfigureAwait(false) is not { IsClosed: false }) continue;
                Refusal refusal = await exchange.TryAsync(exchange.Account(unowned[done], default(CloseAccount))).ConfigureAwait(false);
                if (refusal.IsNone) Dropped(log, unowned[done].Value);
                else NotDropped(log, unowned[done].Value, refusal.ToString());
            }
        }
        catch (Exception e) when (AdminProblem.Of(e) is not null)
        {
            NotDropped(log, unowned[done].Value, e.Message);
        }

        return done == 0 ? unowned : [.. unowned.Skip(done)];
    }

    private async Task<bool> WindUpAsync(AccountId account, AccountRecord record)
    {
        if (await exchange.Gateway.ReadAccountAsync(account).ConfigureAwait(false) is not { IsClosed: false } before) return true;
        if (!before.IsFrozen) await exchange.TryAsync(exchange.Account(account, new FreezeAccount { Frozen = true })).ConfigureAwait(false);
        if (before.Orders.Count + before.Triggers.Count > 0)
        {
            await exchange.TryAsync(exchange.Account(account, new CancelAllOrders { Scope = CancelScope.All })).ConfigureAwait(false);
        }

        foreach (LegSnapshot leg in before.Legs)
        {
            if (!leg.Quantity.IsZero) await exchange.TryAsync(exchange.Account(account, Closing(leg))).ConfigureAwait(false);
        }

        var close = new CloseAccount { Successor = record.Account == account ? AccountId.None : record.Account };
        Refusal refusal = await exchange.TryAsync(exchange.Account(account, close)).ConfigureAwait(false);
        return refusal.IsNone || refusal.Reason == RejectReason.AccountClosed;
    }

    private PlaceOrder Closing(LegSnapshot leg)
    {
        MarketSpec market = exchange.Profile[leg.Market];
        return new PlaceOrder
        {
            Market = leg.Market,
            Side = leg.Quantity.Sign > 0 ? Side.Sell : Side.Buy,
            PositionSide = leg.Side,
            Type = OrderType.Market,
            TimeInForce = TimeInForce.Ioc,
            Flags = leg.Side == PositionSide.Both ? OrderFlags.ReduceOnly : OrderFlags.None,
            SelfTradePrevention = SelfTradePrevention.ExpireMaker,
            Quantity = new Quantity(Math.Min(leg.Quantity.Abs.Lots, market.MaxMarketQuantity.Lots)),
        };
    }

    [LoggerMessage(3001, LogLevel.Information, "exchange account {Account} of account {Number} is wound up")]
    private static partial void WoundUp(ILogger logger, int account, long number);

    [LoggerMessage(3003, LogLevel.Warning, "exchange account {Account} was opened for somebody who was never told: it is closed")]
    private static partial void Dropped(ILogger logger, int account);

    [LoggerMessage(3004, LogLevel.Warning, "exchange account {Account}, which belongs to nobody, cannot be closed: {Reason}")]
    private static partial void NotDropped(ILogger logger, int account, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "winding up of account {Number} waits: {Reason}")]
    private static partial void Waits(ILogger logger, long number, string reason);
}
