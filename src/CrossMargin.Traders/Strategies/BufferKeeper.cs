using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Trades with much leverage but watches its margin: whenever equity falls below a warning multiple of the maintenance margin it reduces
/// all positions until the multiple is restored, so that it keeps its floor (150 %) wherever the market leaves it the time.
/// </summary>
public sealed class BufferKeeper : TrendTrader
{
    public const string StrategyName = "buffer-keeper";

    private readonly long _exposure;
    private readonly long _floor;
    private readonly long _warn;
    private readonly long _restore;
    private readonly long _target;
    private readonly long _enterChance;
    private readonly long _longBias;
    private readonly long _maxHold;
    private readonly long _stop;
    private readonly long[] _heldSince;

    public BufferKeeper(TraderSetup setup)
        : base(setup, StrategyName, setup.Parameters.Int("markets"), fastLooks: 10, slowLooks: 60)
    {
        ParameterValues p = setup.Parameters;
        _exposure = p["exposure"] / HomeCount;
        _floor = p["floor"];
        _warn = Math.Max(p["warn"], _floor);
        _restore = Math.Max(p["restore"], _warn);
        _target = p["target"];
        _enterChance = p["enter-chance"];
        _longBias = p["long-bias"];
        _maxHold = p["max-hold"];
        _stop = p["stop"];
        _heldSince = new long[HomeCount];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            8, 16, 50, 50,
            ParameterSpec.Whole("markets", 1, 12, 1, 2),
            ParameterSpec.Fraction("exposure", 1, 100_000_000, 5_000_000, 15_000_000),
            ParameterSpec.Fraction("floor", 1_000_000, 100_000_000, 1_500_000, 1_500_000),
            ParameterSpec.Fraction("warn", 1_000_000, 100_000_000, 2_500_000, 4_000_000),
            ParameterSpec.Fraction("restore", 1_000_000, 100_000_000, 6_000_000, 10_000_000),
            ParameterSpec.Fraction("target", 1, 1_000_000, 4_000, 15_000),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 20_000, 50_000),
            ParameterSpec.Fraction("enter-chance", 1, 1_000_000, 50_000, 150_000),
            ParameterSpec.Fraction("long-bias", 0, 1_000_000, 500_000, 800_000),
            ParameterSpec.Whole("max-hold", 1, 1_000_000_000, 150, 900)),
        setup => new BufferKeeper(setup));

    protected override long Act(in TraderTurn turn)
    {
        Amount maintenance = turn.Account.Maintenance;
        if (maintenance.IsPositive)
        {
            long multiple = Sizing.Ratio(turn.Account.Equity, maintenance);
            if (multiple < _warn)
            {
                Reduce(turn, multiple);
                return NextLook();
            }
        }

        return base.Act(turn);
    }

    protected override void WriteHome(StateWriter writer, int home) => writer.WriteInt64(_heldSince[home]);

    protected override void ReadHome(StateReader reader, int home) => _heldSince[home] = reader.ReadInt64();

    // Maintenance goes with the size at least in proportion, so closing 1 − multiple / restore of everything restores the multiple.
    private void Reduce(in TraderTurn turn, long multiple)
    {
        long part = Rate.One - Rounding.MulDivDown(Math.Max(multiple, 0), Rate.One, _restore);
        if (turn.Account.OpenOrderCount > 0) Orders.CancelEverywhere(turn);
        for (int i = 0; i < HomeCount; i++)
        {
            PositionView position = turn.Account.Position(Home(i).Id, PositionSide.Both);
            if (turn.Markets[Home(i).Id].IsTradable()) Orders.Close(turn, Home(i), position, part);
        }
    }

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        MarketSpec spec = Home(home);
        if (!position.IsFlat())
        {
            bool late = turn.Step - _heldSince[home] >= _maxHold;
            long result = position.Return();
            if (result >= _target || result <= -_stop || late) Orders.Close(turn, spec, position);
            return;
        }

        if (!Chance(_enterChance)) return;
        Prepare(turn, spec);
        Amount notional = Amount.Min(Sizing.Part(turn.Account.Equity, _exposure), Affordable(turn, spec, 60_000_000));
        notional = Amount.Min(notional, Sound(turn, spec, notional));
        Side side = Chance(_longBias) ? Side.Buy : Side.Sell;
        _heldSince[home] = turn.Step;
        Orders.Market(turn, spec, side, Sizing.Order(spec, data.Mark, notional, market: true));
    }

    // The part of a notional whose maintenance, with what is held already, leaves the restored multiple.
    private Amount Sound(in TraderTurn turn, MarketSpec spec, Amount notional)
    {
        Amount allowed = Sizing.Part(turn.Account.Equity, Rounding.MulDivDown(Rate.One, Rate.One, _restore)) - turn.Account.Maintenance;
        Amount needed = spec.Tiers.MaintenanceUp(notional);
        if (needed <= allowed) return notional;
        return allowed.IsPositive ? Sizing.Part(notional, Sizing.Ratio(allowed, needed)) : Amount.Zero;
    }
}
