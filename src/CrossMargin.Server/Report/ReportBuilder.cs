using System.Diagnostics;
using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Runs;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;
using CrossMargin.Server.Simulate;

namespace CrossMargin.Server.Report;

/// <summary>Sums a finished run up.</summary>
public static class ReportBuilder
{
    public static RunReport Build(RunPlan plan, RunCounters counters, RunRecorder recorder, ExchangeEngine engine, RunFacts facts)
    {
        FundState fund = ((InsuranceFundActor)engine.Fund).State;
        return new RunReport
        {
            Plan = plan,
            Facts = facts,
            Counters = counters,
            Recorder = recorder,
            Audit = InvariantAudit.Check(engine),
            Fund = new FundSummary(
                plan.Profile.Fund.InitialBalance, recorder.Fund.Lowest, recorder.Fund.Highest, fund.Wallet,
                fund.Equity(plan.Profile, engine.Prices.Marks), fund.Deficit, recorder.Fund.PaidOut),
            Markets = [.. plan.Profile.Markets.Select(m => Market(m, counters, recorder))],
            Strategies = [.. recorder.Strategies.Select((name, i) => Strategy(name, i, recorder))],
            PeakMemoryBytes = PeakMemory(),
        };
    }

    private static MarketSummary Market(MarketSpec spec, RunCounters counters, RunRecorder recorder)
    {
        int market = spec.Id.Value - 1;
        SeriesTable table = recorder.Table;
        long[] index = [.. table.Column(recorder.Columns.Market(market, MarketColumn.Index)).Where(p => p > 0)];
        int last = table.Rows - 1;
        return new MarketSummary
        {
            Spec = spec,
            FirstIndex = new Price(index.Length == 0 ? 0 : index[0]),
            LowIndex = recorder.Watch[market].IndexLow,
            HighIndex = recorder.Watch[market].IndexHigh,
            Index = new Price(index.Length == 0 ? 0 : index[^1]),
            Mark = new Price(table[last, recorder.Columns.Market(market, MarketColumn.Mark)]),
            Last = new Price(table[last, recorder.Columns.Market(market, MarketColumn.Last)]),
            Counters = counters.Markets[market],
            OpenInterest = new Amount(table[last, recorder.Columns.Market(market, MarketColumn.OpenInterest)]),
            Watch = recorder.Watch[market],
        };
    }

    private static StrategySummary Strategy(string name, int strategy, RunRecorder recorder)
    {
        var accounts = new List<AccountRecord>();
        for (int i = 1; i <= recorder.Accounts.Count; i++)
        {
            if (recorder.StrategyOf[i - 1] == strategy) accounts.Add(recorder.Accounts[new AccountId(i)]);
        }

        long[] returns = [.. accounts.Select(Return).Order()];
        long[] drawdowns = [.. accounts.Select(a => a.Drawdown).Order()];
        return new StrategySummary
        {
            Name = name,
            Accounts = accounts.Count,
            Alive = accounts.Count(a => RunRecorder.IsAlive(a)),
            Liquidated = accounts.Count(a => a.Liquidations > 0),
            Liquidations = accounts.Sum(a => (long)a.Liquidations),
            Deleveraged = accounts.Sum(a => (long)a.Deleveraged),
            Fills = accounts.Sum(a => a.Fills),
            PaidIn = Sum(accounts, a => a.PaidIn),
            Equity = Sum(accounts, a => a.Equity),
            Fees = Sum(accounts, a => a.Fees),
            Funding = Sum(accounts, a => a.Funding),
            MeanReturn = new Rate(Mean(returns)),
            MedianReturn = new Rate(Median(returns)),
            BestReturn = new Rate(returns[^1]),
            WorstReturn = new Rate(returns[0]),
            MedianDrawdown = new Rate(Median(drawdowns)),
            WorstDrawdown = new Rate(drawdowns[^1]),
        };
    }

    private static long Return(AccountRecord account)
    {
        if (!account.PaidIn.IsPositive) return 0;
        Int128 rate = (Int128)(account.Equity.E8 - account.PaidIn.E8) * Rate.One / account.PaidIn.E8;
        return (long)Int128.Clamp(rate, long.MinValue, long.MaxValue);
    }

    private static Int128 Sum(List<AccountRecord> accounts, Func<AccountRecord, Amount> what)
    {
        Int128 sum = 0;
        foreach (AccountRecord account in accounts) sum += what(account).E8;
        return sum;
    }

    private static long Mean(long[] values)
    {
        Int128 sum = 0;
        foreach (long value in values) sum += value;
        return (long)(sum / values.Length);
    }

    // The lower of the two middle ones where their number is even.
    private static long Median(long[] sorted) => sorted[(sorted.Length - 1) / 2];

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
