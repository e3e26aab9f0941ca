using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Runs after the trend with the highest leverage the tiers allow: buys into strength (sometimes sells into weakness), adds while it
/// wins, takes profit or turns with the signal. Some place a stop at the exchange, some trust their luck.
/// </summary>
public sealed class Momentum : TrendTrader
{
    public const string StrategyName = "momentum";

    private readonly long _marginUse;
    private readonly long _threshold;
    private readonly long _shortChance;
    private readonly long _takeProfit;
    private readonly long _stop;
    private readonly bool _usesStop;

    public Momentum(TraderSetup setup)
        : base(setup, StrategyName, setup.Parameters.Int("markets"), setup.Parameters.Int("fast"), setup.Parameters.Int("slow"))
    {
        ParameterValues p = setup.Parameters;
        _marginUse = p["margin-use"];
        _threshold = p["threshold"];
        _shortChance = p["short-chance"];
        _takeProfit = p["take-profit"];
        _stop = p["stop"];
        _usesStop = setup.Random.Below(SettingDraw, Rate.One) < p["stop-users"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            25, 60, 125, 125,
            ParameterSpec.Whole("markets", 1, 12, 1, 2),
            ParameterSpec.Fraction("margin-use", 1, 1_000_000, 50_000, 500_000),
            ParameterSpec.Whole("fast", 1, 10_000, 3, 6),
            ParameterSpec.Whole("slow", 2, 10_000, 12, 30),
            ParameterSpec.Fraction("threshold", 0, 1_000_000, 1_000, 4_000),
            ParameterSpec.Fraction("short-chance", 0, 1_000_000, 100_000, 400_000),
            ParameterSpec.Fraction("take-profit", 1, 10_000_000, 8_000, 40_000),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 3_000, 15_000),
            ParameterSpec.Fraction("stop-users", 0, 1_000_000, 400_000, 400_000)),
        setup => new Momentum(setup));

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        if (Trend(home).Looks <= FastLooks) return;
        MarketSpec spec = Home(home);
        long strength = Trend(home).Strength.E8;
        if (position.IsFlat())
        {
            if (strength >= _threshold) Enter(turn, spec, data, Side.Buy);
            else if (strength <= -_threshold && Chance(_shortChance)) Enter(turn, spec, data, Side.Sell);
            return;
        }

        int direction = position.Quantity.Sign;
        if (position.Return() >= _takeProfit || strength * direction <= -_threshold)
        {
            if (_usesStop) Orders.CancelAll(turn, spec, CancelScope.Triggers);
            Orders.Close(turn, spec, position);
        }
        else if (strength * direction >= _threshold && position.UnrealizedProfit.IsPositive)
        {
            Add(turn, spec, data, direction > 0 ? Side.Buy : Side.Sell);
        }
    }

    private void Enter(in TraderTurn turn, MarketSpec spec, in MarketData data, Side side)
    {
        Prepare(turn, spec);
        Quantity quantity = Sizing.Order(spec, data.Mark, Affordable(turn, spec, _marginUse), market: true);
        if (quantity.IsZero) return;
        if (_usesStop) Orders.CancelAll(turn, spec, CancelScope.Triggers);
        Orders.Market(turn, spec, side, quantity);
        if (!_usesStop) return;
        Price trigger = Sizing.Limit(spec, side, Sizing.Shift(data.Mark, side == Side.Buy ? -_stop : _stop), data.Mark);
        Orders.StopClose(turn, spec, side.Opposite(), trigger);
    }

    // A winner is added to with half of the usual margin, as long as the position stays below the tier limit of the leverage.
    private void Add(in TraderTurn turn, MarketSpec spec, in MarketData data, Side side)
    {
        PositionView position = turn.Account.Position(spec.Id, PositionSide.Both);
        Amount room = Sizing.Part(spec.Tiers.NotionalLimitAt(LeverageIn(spec)), 95_000_000) - position.Notional(spec, data.Mark);
        Amount notional = Amount.Min(room, Affordable(turn, spec, _marginUse / 2));
        Orders.Market(turn, spec, side, Sizing.Order(spec, data.Mark, notional, market: true));
    }
}
