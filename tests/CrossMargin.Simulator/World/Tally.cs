using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Simulator.World;

/// <summary>What happened in a run, by name.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    public void See(EventCommit commit)
    {
        foreach (Event e in commit.Events)
        {
            switch (e.Kind)
            {
                case EventKind.LiquidationStarted:
                    Count(e.Market.IsNone ? "liquidation" : "isolated liquidation");
                    break;
                case EventKind.LiquidationEnded:
                    Count($"liquidation ended {e.Body<LiquidationEnded>().Outcome}");
                    break;
                case EventKind.TakeoverDecided:
                    Count(e.Body<TakeoverDecided>().Accepted ? "takeover" : "takeover refused");
                    break;
                case EventKind.Deleveraged:
                    Count("deleveraged");
                    break;
                case EventKind.DeficitChanged:
                    Count("deficit");
                    break;
                case EventKind.FundBalanceChanged when e.Body<FundBalanceChanged>().Reason == FundReason.Shortfall:
                    Count("shortfall");
                    break;
                case EventKind.FundingSettled:
                    Count("funding");
                    break;
                case EventKind.LiquidationPaused:
                    Count("pause");
                    break;
                case EventKind.TriggerEnded when e.Body<TriggerEnded>().Status == AlgoStatus.Triggered:
                    Count("trigger");
                    break;
                case EventKind.OrderFilled:
                    Count("fill");
                    break;
            }
        }
    }
}
