using System.Globalization;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.History;

/// <summary>
/// The steps of a liquidation as an account knows them: its own events and fills. What the fund decided and how a deleveraging round ranked
/// its holders is told by those actors' events only.
/// </summary>
internal static class LiquidationSteps
{
    public static List<LiquidationStepRecord> Of(AccountHistory history, LiquidationId liquidation, VenueProfile profile)
    {
        var steps = new List<LiquidationStepRecord>();
        for (int i = 0; i < history.Steps.Count; i++)
        {
            (long id, Event e) = history.Steps[i];
            if (IdOf(e) != liquidation) continue;
            LiquidationLine line = LiquidationSentences.Line(e, profile);
            steps.Add(new LiquidationStepRecord(id, line.Time, line.What, line.Text, Figures(e, profile)));
        }

        return steps;
    }

    private static LiquidationId IdOf(in Event e) => e.Kind switch
    {
        EventKind.LiquidationStarted => e.Body<LiquidationStarted>().Liquidation,
        EventKind.LiquidationOrdered => e.Body<LiquidationOrdered>().Liquidation,
        EventKind.LiquidationStepped => e.Body<LiquidationStepped>().Liquidation,
        EventKind.LiquidationEnded => e.Body<LiquidationEnded>().Liquidation,
        _ => e.Body<OrderFilled>().Liquidation,
    };

    private static KeyValuePair<string, string>[] Figures(in Event e, VenueProfile profile)
    {
        MarketSpec? market = e.Market.IsNone ? null : profile[e.Market];
        switch (e.Kind)
        {
            case EventKind.LiquidationStarted:
                ref readonly LiquidationStarted s = ref e.Body<LiquidationStarted>();
                return
                [
                    Pair("equity", s.Equity), Pair("maintenance", s.Maintenance), Pair("wallet", s.Wallet), Pair("notional", s.Notional),
                    new("positions", s.Positions.ToString(CultureInfo.InvariantCulture)),
                    new("open_orders", s.OpenOrders.ToString(CultureInfo.InvariantCulture)),
                ];
            case EventKind.LiquidationOrdered:
                ref readonly LiquidationOrdered o = ref e.Body<LiquidationOrdered>();
                return
                [
                    new("symbol", market!.Symbol), new("quantity", market.Format(o.Quantity)), new("position", market.Format(o.Position)),
                    new("price", market.Format(o.BankruptcyPrice)), new("limit_price", market.Format(o.Limit)), new("mark", market.Format(o.Mark)),
                    Pair("equity", o.Equity), Pair("maintenance", o.Maintenance), Pair("share", o.Share),
                ];
            case EventKind.LiquidationStepped:
                ref readonly LiquidationStepped t = ref e.Body<LiquidationStepped>();
                return [Pair("equity", t.Equity), Pair("maintenance", t.Maintenance)];
            case EventKind.LiquidationEnded:
                ref readonly LiquidationEnded n = ref e.Body<LiquidationEnded>();
                return [Pair("fee", n.Fee), Pair("leftover", n.Leftover), Pair("shortfall", n.Shortfall), Pair("wallet", n.WalletAfter)];
            default:
                ref readonly OrderFilled f = ref e.Body<OrderFilled>();
                return
                [
                    new("symbol", market!.Symbol), new("quantity", market.Format(f.Quantity)), new("position", market.Format(f.PositionAfter)),
                    new("price", market.Format(f.Price)), Pair("fee", f.Fee),
                ];
        }
    }

    private static KeyValuePair<string, string> Pair(string name, Amount amount) => new(name, amount.ToString());
}
