using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// In and out of one market for a few ticks: takes the touch or joins it with a small order, rests its exit at the target, and leaves at
/// market at its stop or when it has held for too long.
/// </summary>
public sealed class Scalper : TrendTrader
{
    public const string StrategyName = "scalper";

    private readonly MarketSpec _spec;
    private readonly long _marginUse;
    private readonly long _target;
    private readonly long _stop;
    private readonly long _maxHold;
    private readonly long _takeChance;
    private readonly long _followChance;
    private readonly long _slippage;

    private long _heldSince = -1;

    public Scalper(TraderSetup setup)
        : base(setup, StrategyName, homes: 1, fastLooks: 3, slowLooks: 12)
    {
        ParameterValues p = setup.Parameters;
        _spec = Home(0);
        _marginUse = p["margin-use"];
        _target = p["target"];
        _stop = p["stop"];
        _maxHold = p["max-hold"];
        _takeChance = p["take-chance"];
        _followChance = p["follow-chance"];
        _slippage = p["slippage"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            8, 16, 10, 30,
            ParameterSpec.Fraction("margin-use", 1, 1_000_000, 50_000, 250_000),
            ParameterSpec.Fraction("target", 1, 1_000_000, 800, 2_500),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 1_500, 4_000),
            ParameterSpec.Whole("max-hold", 1, 1_000_000, 20, 80),
            ParameterSpec.Fraction("take-chance", 0, 1_000_000, 300_000, 700_000),
            ParameterSpec.Fraction("follow-chance", 0, 1_000_000, 400_000, 600_000),
            ParameterSpec.Fraction("slippage", 0, 100_000, 300, 800)),
        setup => new Scalper(setup));

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        if (position.IsFlat())
        {
            _heldSince = -1;
            Enter(turn, data);
            return;
        }

        if (_heldSince < 0) _heldSince = turn.Step;
        Leave(turn, data, position);
    }

    protected override void WriteHome(StateWriter writer, int home) => writer.WriteInt64(_heldSince);

    protected override void ReadHome(StateReader reader, int home) => _heldSince = reader.ReadInt64();

    private void Enter(in TraderTurn turn, in MarketData data)
    {
        if (turn.Account.OpenOrderCount > 0) Orders.CancelAll(turn, _spec, CancelScope.Orders);
        Prepare(turn, _spec);
        bool rising = Trend(0).Strength.E8 >= 0;
        Side side = Chance(_followChance) == rising ? Side.Buy : Side.Sell;
        Quantity quantity = Sizing.Order(_spec, data.Mark, Affordable(turn, _spec, _marginUse), market: false);
        if (Chance(_takeChance))
        {
            Price touch = side == Side.Buy ? data.Ask() : data.Bid();
            Price limit = Sizing.Limit(_spec, side, Sizing.Shift(touch, side == Side.Buy ? _slippage : -_slippage), data.Mark);
            Orders.Limit(turn, _spec, side, limit, quantity, TimeInForce.Ioc);
            return;
        }

        Price join = Sizing.Limit(_spec, side, side == Side.Buy ? data.Bid() : data.Ask(), data.Mark);
        Orders.Limit(turn, _spec, side, join, quantity, TimeInForce.Gtc);
    }

    private void Leave(in TraderTurn turn, in MarketData data, in PositionView position)
    {
        long result = position.Return();
        bool resting = turn.Account.OpenOrderCount > 0;
        if (result >= _target || result <= -_stop || turn.Step - _heldSince >= _maxHold)
        {
            if (resting) Orders.CancelAll(turn, _spec, CancelScope.Orders);
            Orders.Close(turn, _spec, position);
            return;
        }

        if (resting) return;
        Side side = position.Quantity.Sign > 0 ? Side.Sell : Side.Buy;
        Price exit = Sizing.Shift(position.Entry(_spec), side == Side.Sell ? _target : -_target);
        Quantity quantity = Quantity.Min(position.Quantity.Abs, _spec.MaxQuantity);
        Orders.Limit(turn, _spec, side, Sizing.Limit(_spec, side, exit, data.Mark), quantity, TimeInForce.Gtc, reduceOnly: true);
    }
}
