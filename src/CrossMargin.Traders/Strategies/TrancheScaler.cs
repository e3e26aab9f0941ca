using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Builds a position in three tranches: 40 % on the signal, 30 % when the price has gone one step its way, 30 % after two. Never adds to
/// a loser; leaves at its stop or when it has given back too much of its best profit.
/// </summary>
public sealed class TrancheScaler : TrendTrader
{
    public const string StrategyName = "tranche-scaler";

    private static readonly long[] s_tranches = [40_000_000, 30_000_000, 30_000_000];

    private readonly MarketSpec _spec;
    private readonly long _exposure;
    private readonly long _step;
    private readonly long _stop;
    private readonly long _giveBack;
    private readonly long _threshold;

    private int _filled;
    private Amount _planned;
    private Price _first;
    private long _best;

    public TrancheScaler(TraderSetup setup)
        : base(setup, StrategyName, homes: 1, fastLooks: 4, slowLooks: 16)
    {
        ParameterValues p = setup.Parameters;
        _spec = Home(0);
        _exposure = p["exposure"];
        _step = p["step"];
        _stop = p["stop"];
        _giveBack = p["give-back"];
        _threshold = p["threshold"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            20, 60, 20, 50,
            ParameterSpec.Fraction("exposure", 1, 50_000_000, 2_000_000, 10_000_000),
            ParameterSpec.Fraction("step", 1, 1_000_000, 3_000, 12_000),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 8_000, 30_000),
            ParameterSpec.Fraction("give-back", 1, 1_000_000, 300_000, 600_000),
            ParameterSpec.Fraction("threshold", 0, 1_000_000, 500, 2_500)),
        setup => new TrancheScaler(setup));

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        if (position.IsFlat())
        {
            _filled = 0;
            if (Trend(0).Looks > FastLooks) Begin(turn, data);
            return;
        }

        // Held from before this trader was there: a whole position, judged from its entry.
        if (_filled == 0) (_filled, _first, _best) = (s_tranches.Length, position.Entry(_spec), 0);
        Side side = position.Quantity.Sign > 0 ? Side.Buy : Side.Sell;
        long way = Rounding.MulDivDown(data.Mark.Units - _first.Units, Rate.One, _first.Units) * position.Quantity.Sign;
        _best = Math.Max(_best, way);
        bool gaveBack = _best >= 2 * _step && way <= _best - Rounding.MulDivDown(_best, _giveBack, Rate.One);
        if (way <= -_stop || gaveBack) Orders.Close(turn, _spec, position);
        else if (_filled is 1 or 2 && way >= _filled * _step) Tranche(turn, data, side);
    }

    protected override void WriteHome(StateWriter writer, int home)
    {
        writer.WriteInt32(_filled);
        writer.WriteAmount(_planned);
        writer.WritePrice(_first);
        writer.WriteInt64(_best);
    }

    protected override void ReadHome(StateReader reader, int home)
    {
        _filled = reader.ReadInt32();
        _planned = reader.ReadAmount();
        _first = reader.ReadPrice();
        _best = reader.ReadInt64();
    }

    private void Begin(in TraderTurn turn, in MarketData data)
    {
        long strength = Trend(0).Strength.E8;
        if (Math.Abs(strength) < _threshold) return;
        Prepare(turn, _spec);
        _planned = Amount.Min(Sizing.Part(turn.Account.Equity, _exposure), Affordable(turn, _spec, 80_000_000));
        _first = data.Mark;
        _best = 0;
        Tranche(turn, data, strength > 0 ? Side.Buy : Side.Sell);
    }

    private void Tranche(in TraderTurn turn, in MarketData data, Side side)
    {
        Amount part = Amount.Min(Sizing.Part(_planned, s_tranches[_filled]), Affordable(turn, _spec, 95_000_000));
        Quantity quantity = Sizing.Order(_spec, data.Mark, part, market: true);
        if (quantity.IsZero) return;
        Orders.Market(turn, _spec, side, quantity);
        _filled++;
    }
}
