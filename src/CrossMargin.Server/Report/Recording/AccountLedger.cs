using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>What the report keeps for each trader's account. Indexed by account id; accounts are numbered from 1 without gaps.</summary>
public sealed class AccountLedger(int accounts)
{
    private readonly AccountRecord[] _records = new AccountRecord[accounts + 1];

    public ref AccountRecord this[AccountId account] => ref _records[account.Value];

    public int Count => _records.Length - 1;

    public bool Has(AccountId account) => account.Value > 0 && account.Value < _records.Length;

    /// <summary>Counts one event of an account.</summary>
    public void Tell(in Event e)
    {
        if (!Has(e.Account)) return;
        ref AccountRecord record = ref _records[e.Account.Value];
        switch (e.Kind)
        {
            case EventKind.OrderFilled:
                ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
                record.Fees += fill.Fee;
                record.Fills++;
                break;
            case EventKind.BalanceChanged:
                CountBalance(ref record, e.Body<BalanceChanged>());
                break;
            case EventKind.LiquidationStarted:
                record.Liquidations++;
                break;
            case EventKind.Deleveraged:
                record.Deleveraged++;
                break;
        }
    }

    /// <summary>Notes an account's equity at a sample.</summary>
    public void Sample(AccountId account, Amount equity)
    {
        if (!Has(account)) return;
        ref AccountRecord record = ref _records[account.Value];
        record.Equity = equity;
        if (equity > record.Peak) record.Peak = equity;
        if (!record.Peak.IsPositive) return;
        long fall = (long)((Int128)(record.Peak.E8 - Math.Max(equity.E8, 0)) * Rate.One / record.Peak.E8);
        record.Drawdown = Math.Max(record.Drawdown, fall);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(_records.Length);
        foreach (ref readonly AccountRecord r in _records.AsSpan())
        {
            writer.WriteAmount(r.PaidIn);
            writer.WriteAmount(r.Equity);
            writer.WriteAmount(r.Peak);
            writer.WriteAmount(r.Fees);
            writer.WriteAmount(r.Funding);
            writer.WriteInt64(r.Drawdown);
            writer.WriteInt64(r.Fills);
            writer.WriteInt32(r.Liquidations);
            writer.WriteInt32(r.Deleveraged);
        }
    }

    public void Read(StateReader reader)
    {
        int count = reader.ReadCount(64);
        if (count != _records.Length) throw reader.Fault($"{count - 1} accounts, the run has {Count}");
        foreach (ref AccountRecord r in _records.AsSpan())
        {
            (r.PaidIn, r.Equity, r.Peak) = (reader.ReadAmount(), reader.ReadAmount(), reader.ReadAmount());
            (r.Fees, r.Funding) = (reader.ReadAmount(), reader.ReadAmount());
            (r.Drawdown, r.Fills) = (reader.ReadInt64(), reader.ReadInt64());
            (r.Liquidations, r.Deleveraged) = (reader.ReadInt32(), reader.ReadInt32());
        }
    }

    private static void CountBalance(ref AccountRecord record, in BalanceChanged change)
    {
        switch (change.Reason)
        {
            case BalanceReason.Deposit or BalanceReason.Withdrawal when change.Asset == AssetId.Settlement:
                record.PaidIn += change.Change;
                break;
            case BalanceReason.Funding:
                record.Funding += change.Change;
                break;
        }
    }
}

/// <summary>One account's sums. Amounts in the settlement asset.</summary>
public struct AccountRecord
{
    /// <summary>Deposits less withdrawals.</summary>
    public Amount PaidIn;

    /// <summary>At the last sample, at the marks.</summary>
    public Amount Equity;

    /// <summary>Largest equity of any sample.</summary>
    public Amount Peak;

    /// <summary>Paid, less rebates.</summary>
    public Amount Fees;

    /// <summary>Received, less paid.</summary>
    public Amount Funding;

    /// <summary>Largest fall below a peak, as a fraction of it in 1e-8; 1 when everything was lost.</summary>
    public long Drawdown;
    public long Fills;
    public int Liquidations;
    public int Deleveraged;
}
