using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Opens each position isolated, so that a loser costs no more than its own margin, and moves winners into the cross pool, where their
/// profit carries the next ones. Losers are cut or left to their own liquidation.
/// </summary>
public sealed class PoolMigrator : TrendTrader
{
    public const string StrategyName = "isolated-then-cross";

    private readonly bool[] _moved;
    private readonly long _marginUse;
    private readonly long _migrateAt;
    private readonly long _target;
    private readonly long _stop;
    private readonly long _threshold;

    public PoolMigrator(TraderSetup setup)
        : base(setup, StrategyName, setup.Parameters.Int("markets"), fastLooks: 4, slowLooks: 16)
    {
        ParameterValues p = setup.Parameters;
        _moved = new bool[HomeCount];
        _marginUse = p["margin-use"];
        _migrateAt = p["migrate-at"];
        _target = p["target"];
        _stop = p["stop"];
        _threshold = p["threshold"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            25, 70, 10, 40,
            ParameterSpec.Whole("markets", 1, 12, 1, 3),
            ParameterSpec.Fraction("margin-use", 1, 1_000_000, 50_000, 250_000),
            ParameterSpec.Fraction("migrate-at", 1, 10_000_000, 80_000, 300_000),
            ParameterSpec.Fraction("target", 1, 1_000_000, 15_000, 50_000),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 10_000, 80_000),
            ParameterSpec.Fraction("threshold", 0, 1_000_000, 500, 2_500)),
        setup => new PoolMigrator(setup));

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        if (position.IsFlat()) Open(turn, home, data);
        else Manage(turn, home, position);
    }

    protected override void WriteHome(StateWriter writer, int home) => writer.WriteBool(_moved[home]);

    protected override void ReadHome(StateReader reader, int home) => _moved[home] = reader.ReadBool();

    private void Open(in TraderTurn turn, int home, in MarketData data)
    {
        MarketSpec spec = Home(home);
        long strength = Trend(home).Strength.E8;
        if (Trend(home).Looks <= FastLooks || Math.Abs(strength) < _threshold) return;
        Quantity quantity = Sizing.Order(spec, data.Mark, Affordable(turn, spec, _marginUse), market: true);
        if (quantity.IsZero) return;
        Prepare(turn, spec, MarginMode.Isolated);
        if (_moved[home]) turn.Commands.Submit(new SetMarginMode { Market = spec.Id, Mode = MarginMode.Isolated });
        _moved[home] = false;
        Orders.Market(turn, spec, strength > 0 ? Side.Buy : Side.Sell, quantity);
    }

    private void Manage(in TraderTurn turn, int home, in PositionView position)
    {
        MarketSpec spec = Home(home);
        long result = position.Return();
        if (position.Mode == MarginMode.Isolated)
        {
            if (Sizing.Ratio(position.UnrealizedProfit, position.IsolatedWallet) >= _migrateAt)
            {
                turn.Commands.Submit(new MovePosition { Market = spec.Id, PositionSide = PositionSide.Both, Mode = MarginMode.Cross });
                _moved[home] = true;
            }
            else if (result <= -_stop)
            {
                Orders.Close(turn, spec, position);
            }
        }
        else if (result >= _target || result <= 0)
        {
            Orders.Close(turn, spec, position);
        }
    }
}
