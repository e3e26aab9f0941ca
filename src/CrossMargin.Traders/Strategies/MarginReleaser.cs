using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Opens isolated positions with more margin than they need and takes part of the surplus back from each that has been in profit for 24
/// hours on end; then waits for the next 24.
/// </summary>
public sealed class MarginReleaser : TrendTrader
{
    public const string StrategyName = "time-based-releaser";

    private const long HourMilliseconds = 3_600_000;

    private readonly bool[] _topped;
    private readonly Timestamp[] _profitSince;
    private readonly long _marginUse;
    private readonly long _topUp;
    private readonly long _holdMilliseconds;
    private readonly long _release;
    private readonly long _target;
    private readonly long _stop;
    private readonly long _longBias;

    public MarginReleaser(TraderSetup setup)
        : base(setup, StrategyName, setup.Parameters.Int("markets"), fastLooks: 4, slowLooks: 20)
    {
        ParameterValues p = setup.Parameters;
        _topped = new bool[HomeCount];
        _profitSince = new Timestamp[HomeCount];
        _marginUse = p["margin-use"];
        _topUp = p["top-up"];
        _holdMilliseconds = p["hours"] * HourMilliseconds;
        _release = p["release"];
        _target = p["target"];
        _stop = p["stop"];
        _longBias = p["long-bias"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            40, 100, 3, 10,
            ParameterSpec.Whole("markets", 1, 12, 1, 3),
            ParameterSpec.Fraction("margin-use", 1, 1_000_000, 100_000, 200_000),
            ParameterSpec.Fraction("top-up", 1, 10_000_000, 300_000, 1_000_000),
            ParameterSpec.Whole("hours", 1, 10_000, 24, 24),
            ParameterSpec.Fraction("release", 1, 1_000_000, 300_000, 700_000),
            ParameterSpec.Fraction("target", 1, 10_000_000, 100_000, 300_000),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 40_000, 120_000),
            ParameterSpec.Fraction("long-bias", 0, 1_000_000, 300_000, 600_000)),
        setup => new MarginReleaser(setup));

    protected override void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position)
    {
        if (position.IsFlat()) Open(turn, home, data);
        else Manage(turn, home, position, data);
    }

    protected override void WriteHome(StateWriter writer, int home)
    {
        writer.WriteBool(_topped[home]);
        writer.WriteTimestamp(_profitSince[home]);
    }

    protected override void ReadHome(StateReader reader, int home)
    {
        _topped[home] = reader.ReadBool();
        _profitSince[home] = reader.ReadTimestamp();
    }

    private void Open(in TraderTurn turn, int home, in MarketData data)
    {
        _topped[home] = false;
        _profitSince[home] = default;
        MarketSpec spec = Home(home);
        if (Trend(home).Looks <= FastLooks) return;
        Quantity quantity = Sizing.Order(spec, data.Mark, Affordable(turn, spec, _marginUse), market: true);
        if (quantity.IsZero) return;
        Prepare(turn, spec, MarginMode.Isolated);
        Orders.Market(turn, spec, Chance(_longBias) ? Side.Buy : Side.Sell, quantity);
    }

    private void Manage(in TraderTurn turn, int home, in PositionView position, in MarketData data)
    {
        MarketSpec spec = Home(home);
        long result = position.Return();
        if (result >= _target || result <= -_stop)
        {
            Orders.Close(turn, spec, position);
            return;
        }

        if (position.Mode != MarginMode.Isolated) return;
        Amount initial = new(Rounding.DivUp(position.Notional(spec, data.Mark).E8, LeverageIn(spec)));
        if (!_topped[home])
        {
            _topped[home] = true;
            Adjust(turn, spec, Amount.Min(Sizing.Part(initial, _topUp), turn.Account.Available));
            return;
        }

        if (!position.UnrealizedProfit.IsPositive)
        {
            _profitSince[home] = default;
        }
        else if (_profitSince[home].Milliseconds == 0)
        {
            _profitSince[home] = turn.Now;
        }
        else if (turn.Now - _profitSince[home] >= _holdMilliseconds)
        {
            _profitSince[home] = turn.Now;
            Adjust(turn, spec, -Sizing.Part(Amount.Max(Amount.Zero, position.IsolatedWallet - initial), _release));
        }
    }

    private static void Adjust(in TraderTurn turn, MarketSpec spec, Amount amount)
    {
        if (amount.IsZero) return;
        turn.Commands.Submit(new AdjustIsolatedMargin { Market = spec.Id, PositionSide = PositionSide.Both, Amount = amount });
    }
}
