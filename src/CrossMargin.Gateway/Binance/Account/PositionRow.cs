using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A line of a position list: a leg of the account, or an empty one with what the account has set for its market.</summary>
internal readonly record struct PositionRow(MarketFormat Market, PositionSide Side, MarginMode Mode, int Leverage, Price Mark, LegSnapshot? Leg)
{
    public Quantity Quantity => Leg?.Quantity ?? default;
    public Amount OpenCost => Leg?.OpenCost ?? default;
    public Amount Notional => Leg?.Notional ?? default;
    public Amount Profit => Leg?.UnrealizedProfit ?? default;
    public Amount PositionInitial => Leg?.PositionInitial ?? default;
    public Amount OrderInitial => Leg?.OrderInitial ?? default;
    public Amount Maintenance => Leg?.Maintenance ?? default;
    public Price LiquidationPrice => Leg?.LiquidationPrice ?? default;
    public Timestamp UpdatedAt => Leg?.UpdatedAt ?? default;
    public bool IsIsolated => Mode == MarginMode.Isolated;
    public Amount IsolatedWallet => IsIsolated ? Leg?.IsolatedWallet ?? default : default;

    /// <summary>Zero for cross positions: clients tell the mode by it.</summary>
    public Amount IsolatedMargin => IsIsolated && !Quantity.IsZero ? IsolatedWallet + Profit : default;

    public int Adl => Leg?.DeleverageQuantile ?? 0;
}

/// <summary>The lists of positions that the account payloads show.</summary>
internal static class PositionRows
{
    /// <summary>Legs with a position or open orders, by market, then side.</summary>
    public static List<PositionRow> InUse(MarketFormats markets, AccountSnapshot account, MarketFormat? only)
    {
        var rows = new List<PositionRow>(account.Legs.Count);
        foreach (LegSnapshot leg in account.Legs)
        {
            if (only is null || leg.Market == only.Id) rows.Add(Of(markets, leg));
        }

        return rows;
    }

    /// <summary>Every market: one line in one-way mode, long and short in hedge mode.</summary>
    public static List<PositionRow> Every(
        MarketFormats markets, AccountSnapshot account, IReadOnlyList<MarketSnapshot> figures, MarketFormat? only)
    {
        var rows = new List<PositionRow>(markets.All.Count * 2);
        foreach (MarketSettings settings in account.Markets)
        {
            if (only is not null && settings.Market != only.Id) continue;
            if (account.IsHedge)
            {
                rows.Add(Row(settings, PositionSide.Long));
                rows.Add(Row(settings, PositionSide.Short));
            }
            else
            {
                rows.Add(Row(settings, PositionSide.Both));
            }
        }

        return rows;

        PositionRow Row(MarketSettings settings, PositionSide side)
        {
            foreach (LegSnapshot leg in account.Legs)
            {
                if (leg.Market == settings.Market && leg.Side == side) return Of(markets, leg);
            }

            Price mark = figures[settings.Market.Value - 1].Mark;
            return new PositionRow(markets[settings.Market], side, settings.Mode, settings.Leverage, mark, null);
        }
    }

    /// <summary>What the open orders of a leg would buy and sell, at their own prices.</summary>
    public static (Amount Bids, Amount Asks) OrderNotional(AccountSnapshot account, in PositionRow row)
    {
        Amount bids = default;
        Amount asks = default;
        foreach (OpenOrderSnapshot order in account.Orders)
        {
            if (order.Market != row.Market.Id || order.PositionSide != row.Side) continue;
            Amount notional = row.Market.Spec.Notional(order.Price, order.Leaves);
            if (order.Side == Side.Buy) bids += notional;
            else asks += notional;
        }

        return (bids, asks);
    }

    private static PositionRow Of(MarketFormats markets, LegSnapshot leg) =>
        new(markets[leg.Market], leg.Side, leg.Mode, leg.Leverage, leg.Mark, leg);
}
