using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Has a plan for every loss: half out when a position has lost 15 % of the margin it took, all out at 25 %, and when the account has
/// lost 20 % from its best, everything closed and no trade for 48 hours.
/// </summary>
public sealed class TieredEmergency : TrendTrader
{
    public const string StrategyName = "tiered-emergency";

    private const long HourMilliseconds = 3_600_000;

    private readonly bool[] _halved;
    private readonly long _marginUse;
    private readonly long _halfAt;
    private readonly long _outAt;
    private readonly long _accountStop;
    private readonly long _stopHours;
    private readonly long _target;
    private readonly long _enterChance;

    private Amount _best;
    private Timestamp _stoppedUntil;

    public TieredEmergency(TraderSetup setup)
        : base(setup, StrategyName, setup.Parameters.Int("markets"), fastLooks: 4, slowLooks: 20)
    {
        ParameterValues p = setup.Parameters;
        _halved = new bool[HomeCount];
        _marginUse = p["margin-use"];
        _halfAt = p["half-at"];
        _outAt = p["out-at"];
        _accountStop = p["account-stop"];
        _stopHours = p["stop-hours"];
        _target = p["target"];
        _enterChance = p["enter-chance"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            12, 30, 8, 20,
            ParameterSpec.Whole("markets", 1, 12, 1, 3),
            ParameterSpec.Fraction("margin-use", 1, 1_000_000, 100_000, 300_000),
            ParameterSpec.Fraction("half-at", 1, 1_000_000, 150_000, 150_000),
            ParameterSpec.Fraction("out-at", 1, 1_000_000, 250_000, 250_000),
            ParameterSpec.Fraction("account-stop", 1, 1_000_000, 200_000, 200_000),
            ParameterSpec.Whole("stop-hours", 1, 10_000, 48, 48),
            ParameterSpec.Fraction("target", 1, 10_000_000, 150_000, 400_000),
            ParameterSpec.Fraction("enter-chance", 1, 1_000_000, 80_000, 200_000)),
        setup => new TieredEmergency(setup));

    protected override long Act(in TraderTurn turn)
    {
        IAccountView account = turn.Account;
        Amount equity = account.Equity;
        if (turn.Now < _stoppedUntil)
        {
            if (account.PositionCount > 0) CloseAll(turn);
            return NextLook();
        }

        if (_stoppedUntil.Milliseconds != 0)
        {
            _stoppedUntil = default;
            _best = equity;
        }

        _best = Amount.Max(_best, equity);
        if (equity <= _best - Sizing.Part(_best, _accountStop))
        {
            CloseAll(turn);
            _stoppedUntil = turn.Now.AddMilliseconds(_stopHours * HourMilliseconds);
            return NextLook();
        }

        return base.Act(turn);
    }

    protected override void WriteState(StateWriter writer)
    {
        writer.WriteAmount(_best);
        writer.WriteTimestamp(_stoppedUntil);
        base.WriteState(writer);
    }

    protected override void ReadState(StateReader reader)
    {
        _best = reader.ReadAmount();
        _stoppedUntil = reader.ReadTimestamp();
        base.ReadState(reader);
    }

    protected override void WriteHome(StateWriter writer, int home) => writer.WriteBool(_halved[home]);

    protected override void ReadHome(StateReader reader, int home) => _halved[home] = reader.ReadBool();

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        MarketSpec spec = Home(home);
        if (position.IsFlat())
        {
            _halved[home] = false;
            if (Chance(_enterChance)) Enter(turn, home, data);
            return;
        }

        // The profit on the margin taken: the return on the entry price, times the leverage.
        long result = position.Return() * LeverageIn(spec);
        if (result >= _target || result <= -_outAt)
        {
            Orders.Close(turn, spec, position);
        }
        else if (result <= -_halfAt && !_halved[home])
        {
            Orders.Close(turn, spec, position, Rate.One / 2);
            _halved[home] = true;
        }
    }

    private void Enter(in TraderTurn turn, int home, in MarketData data)
    {
        MarketSpec spec = Home(home);
        Prepare(turn, spec);
        Quantity quantity = Sizing.Order(spec, data.Mark, Affordable(turn, spec, _marginUse), market: true);
        Orders.Market(turn, spec, Trend(home).Strength.E8 >= 0 ? Side.Buy : Side.Sell, quantity);
    }

    private void CloseAll(in TraderTurn turn)
    {
        if (turn.Account.OpenOrderCount > 0) Orders.CancelEverywhere(turn);
        for (int i = 0; i < HomeCount; i++)
        {
            Orders.Close(turn, Home(i), turn.Account.Position(Home(i).Id, PositionSide.Both));
        }
    }
}
