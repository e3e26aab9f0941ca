using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

/// <summary>The account of a <see cref="TraderBench"/>: wallet, one-way positions and resting orders, with margins at the marks.</summary>
internal sealed class BenchAccount(TraderBench bench, AccountId id) : IAccountView
{
    private readonly List<BenchPosition> _positions = [];

    public List<BenchOrder> Resting { get; } = [];

    public List<BenchOrder> Triggers { get; } = [];

    public AccountId Id { get; } = id;

    public Amount Wallet { get; set; }

    public bool InLiquidation { get; set; }

    public Amount Equity => Sum(p => p.Mode == MarginMode.Cross ? p.UnrealizedProfit(bench) : -p.IsolatedWallet) + Wallet;

    public Amount Maintenance =>
        Sum(p => p.Mode == MarginMode.Cross ? bench.Spec(p.Market).Tiers.MaintenanceUp(p.Notional(bench)) : Amount.Zero);

    public Amount Available
    {
        get
        {
            Amount used = Sum(p => p.Mode == MarginMode.Cross ? new Amount(p.Notional(bench).E8 / p.Leverage) : Amount.Zero);
            foreach (BenchOrder order in Resting)
            {
                if (order.ReduceOnly) continue;
                used += new Amount(bench.Spec(order.Market).Notional(order.Price, order.Leaves).E8 / Slot(order.Market).Leverage);
            }

            return Amount.Max(Amount.Zero, Equity - used);
        }
    }

    public int PositionCount => _positions.Count(p => p.Lots != 0);

    public int OpenOrderCount => Resting.Count;

    public PositionView Position(int i) => _positions.Where(p => p.Lots != 0).OrderBy(p => p.Market.Value).ElementAt(i).View(bench);

    public PositionView Position(MarketId market, PositionSide side) => Slot(market).View(bench);

    public OpenOrderView OpenOrder(int i)
    {
        BenchOrder o = Resting[i];
        OrderFlags flags = o.ReduceOnly ? OrderFlags.ReduceOnly : OrderFlags.None;
        return new OpenOrderView(o.Id, o.Market, o.Side, PositionSide.Both, o.Price, o.Leaves, flags);
    }

    public BenchPosition Slot(MarketId market)
    {
        foreach (BenchPosition p in _positions)
        {
            if (p.Market == market) return p;
        }

        var slot = new BenchPosition(market) { Leverage = bench.Profile.DefaultLeverage };
        _positions.Add(slot);
        return slot;
    }

    private Amount Sum(Func<BenchPosition, Amount> part)
    {
        Amount sum = Amount.Zero;
        foreach (BenchPosition p in _positions) sum += p.Lots == 0 ? Amount.Zero : part(p);
        return sum;
    }
}

/// <summary>A position of the bench's account, and the settings of its market.</summary>
internal sealed class BenchPosition(MarketId market)
{
    public MarketId Market { get; } = market;

    public int Leverage { get; set; }

    public MarginMode Setting { get; set; }

    public MarginMode Mode { get; set; }

    public long Lots { get; set; }

    public Amount OpenCost { get; set; }

    public Amount IsolatedWallet { get; set; }

    public Amount Notional(TraderBench bench) => bench.Spec(Market).Notional(bench[Market].Mark, new Quantity(Math.Abs(Lots)));

    public Amount UnrealizedProfit(TraderBench bench) => bench.Spec(Market).Notional(bench[Market].Mark, new Quantity(Lots)) - OpenCost;

    public PositionView View(TraderBench bench) => new(
        Market, PositionSide.Both, Lots == 0 ? Setting : Mode, Leverage, new Quantity(Lots), OpenCost, IsolatedWallet,
        UnrealizedProfit(bench), bench.Spec(Market).Tiers.MaintenanceUp(Notional(bench)));
}

/// <summary>A resting or conditional order of the bench's account.</summary>
internal sealed record BenchOrder(OrderId Id, MarketId Market, Side Side, Price Price, Quantity Leaves, bool ReduceOnly)
{
    /// <summary>When it ends by itself.</summary>
    public Timestamp End { get; init; }
}
