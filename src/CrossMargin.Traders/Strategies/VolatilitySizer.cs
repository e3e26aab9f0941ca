using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Holds a position that is as large as the market is quiet: equity × target ÷ volatility, with the slow trend, rebalanced when it is
/// off by more than a tolerance. Grows in calm, shrinks in a storm.
/// </summary>
public sealed class VolatilitySizer : TrendTrader
{
    public const string StrategyName = "volatility-sizer";

    private readonly MarketSpec _spec;
    private readonly long _target;
    private readonly long _maxExposure;
    private readonly long _tolerance;

    public VolatilitySizer(TraderSetup setup)
        : base(setup, StrategyName, homes: 1, setup.Parameters.Int("fast"), setup.Parameters.Int("slow"))
    {
        ParameterValues p = setup.Parameters;
        _spec = Home(0);
        _target = p["target"];
        _maxExposure = p["max-exposure"];
        _tolerance = p["tolerance"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            20, 50, 15, 25,
            ParameterSpec.Fraction("target", 1, 1_000_000, 5_000, 15_000),
            ParameterSpec.Fraction("max-exposure", 1, 50_000_000, 3_000_000, 8_000_000),
            ParameterSpec.Fraction("tolerance", 1, 1_000_000, 150_000, 350_000),
            ParameterSpec.Whole("fast", 1, 10_000, 10, 20),
            ParameterSpec.Whole("slow", 2, 10_000, 60, 150)),
        setup => new VolatilitySizer(setup));

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        Amount equity = turn.Account.Equity;
        if (Trend(0).Looks <= FastLooks || Trend(0).Volatility.E8 == 0 || !equity.IsPositive) return;
        Prepare(turn, _spec);
        long multiple = Math.Min(Rounding.MulDivDown(_target, Rate.One, Trend(0).Volatility.E8), _maxExposure);
        long wanted = Sizing.Lots(_spec, data.Mark, Sizing.Part(equity, multiple)).Lots * (Trend(0).Strength.E8 >= 0 ? 1 : -1);
        long held = position.Quantity.Lots;
        long change = wanted - held;
        if (Math.Abs(change) <= Rounding.MulDivDown(Math.Max(Math.Abs(wanted), Math.Abs(held)), _tolerance, Rate.One)) return;
        Rebalance(turn, data, position, change);
    }

    // What has to go goes first; a position on the wrong side is closed in this look and opened anew in the next.
    private void Rebalance(in TraderTurn turn, in MarketData data, in PositionView position, long change)
    {
        Side side = change > 0 ? Side.Buy : Side.Sell;
        long held = position.Quantity.Lots;
        if (held != 0 && Math.Sign(change) != Math.Sign(held))
        {
            Orders.Close(turn, _spec, position, Rounding.MulDivUp(Math.Min(Math.Abs(change), Math.Abs(held)), Rate.One, Math.Abs(held)));
            return;
        }

        Amount money = Amount.Min(_spec.Notional(data.Mark, new Quantity(Math.Abs(change))), Affordable(turn, _spec, 90_000_000));
        Orders.Market(turn, _spec, side, Sizing.Order(_spec, data.Mark, money, market: true));
    }
}
