using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Long one market, short a correlated one for the same money: bets on the difference and carries little of the common risk. Shrinks the
/// larger leg when the two drift apart, closes both at its target or stop, then rests.
/// </summary>
public sealed class Hedger : Trader
{
    public const string StrategyName = "hedger";

    private readonly MarketSpec[] _homes;
    private readonly long _exposure;
    private readonly long _tolerance;
    private readonly long _target;
    private readonly long _stop;
    private readonly long _rest;
    private long _restUntil;
    private bool _swapped;

    public Hedger(TraderSetup setup)
        : base(setup, StrategyName)
    {
        ParameterValues p = setup.Parameters;
        _homes = Homes.Pick(setup, 2);
        _exposure = p["exposure"];
        _tolerance = p["tolerance"];
        _target = p["target"];
        _stop = p["stop"];
        _rest = p["rest"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            30, 80, 10, 20,
            ParameterSpec.Fraction("exposure", 1, 50_000_000, 1_000_000, 4_000_000),
            ParameterSpec.Fraction("tolerance", 1, 1_000_000, 30_000, 100_000),
            ParameterSpec.Fraction("target", 1, 1_000_000, 5_000, 20_000),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 8_000, 25_000),
            ParameterSpec.Whole("rest", 1, 1_000_000, 40, 200)),
        setup => new Hedger(setup));

    private MarketSpec LongSpec => _homes[_swapped ? 1 : 0];

    private MarketSpec ShortSpec => _homes[_swapped ? 0 : 1];

    protected override long Act(in TraderTurn turn)
    {
        if (_homes.Length < 2) return long.MaxValue - turn.Step;
        MarketData longData = turn.Markets[LongSpec.Id];
        MarketData shortData = turn.Markets[ShortSpec.Id];
        if (!longData.IsTradable() || !shortData.IsTradable()) return NextLook();
        PositionView longLeg = turn.Account.Position(LongSpec.Id, PositionSide.Both);
        PositionView shortLeg = turn.Account.Position(ShortSpec.Id, PositionSide.Both);
        if (longLeg.IsFlat() && shortLeg.IsFlat())
        {
            if (turn.Step >= _restUntil) Open(turn);
            return NextLook();
        }

        Amount stake = Amount.Max(longLeg.OpenCost.Abs, shortLeg.OpenCost.Abs);
        long result = Sizing.Ratio(longLeg.UnrealizedProfit + shortLeg.UnrealizedProfit, stake);
        if (result >= _target || result <= -_stop)
        {
            Orders.Close(turn, LongSpec, longLeg);
            Orders.Close(turn, ShortSpec, shortLeg);
            _restUntil = turn.Step + _rest;
            return NextLook();
        }

        Balance(turn, longLeg, longLeg.Notional(LongSpec, longData.Mark), shortLeg, shortLeg.Notional(ShortSpec, shortData.Mark));
        return NextLook();
    }

    protected override void WriteState(StateWriter writer)
    {
        writer.WriteInt64(_restUntil);
        writer.WriteBool(_swapped);
    }

    protected override void ReadState(StateReader reader)
    {
        _restUntil = reader.ReadInt64();
        _swapped = reader.ReadBool();
    }

    private void Open(in TraderTurn turn)
    {
        _swapped = Chance(Rate.One / 2);
        Prepare(turn, LongSpec);
        Prepare(turn, ShortSpec);
        Amount notional = Amount.Min(Sizing.Part(turn.Account.Equity, _exposure), Affordable(turn, LongSpec, 45_000_000));
        notional = Amount.Min(notional, Affordable(turn, ShortSpec, 45_000_000));
        Quantity buy = Sizing.Order(LongSpec, turn.Markets[LongSpec.Id].Mark, notional, market: true);
        Quantity sell = Sizing.Order(ShortSpec, turn.Markets[ShortSpec.Id].Mark, notional, market: true);
        if (buy.IsZero || sell.IsZero) return;
        Orders.Market(turn, LongSpec, Side.Buy, buy);
        Orders.Market(turn, ShortSpec, Side.Sell, sell);
    }

    // A leg that is missing (refused, liquidated, deleveraged) makes the other one the whole surplus: it goes.
    private void Balance(in TraderTurn turn, in PositionView longLeg, Amount longMoney, in PositionView shortLeg, Amount shortMoney)
    {
        Amount larger = Amount.Max(longMoney, shortMoney);
        long surplus = Sizing.Ratio((longMoney - shortMoney).Abs, larger);
        if (surplus <= _tolerance) return;
        if (longMoney > shortMoney) Orders.Close(turn, LongSpec, longLeg, surplus);
        else Orders.Close(turn, ShortSpec, shortLeg, surplus);
    }
}
