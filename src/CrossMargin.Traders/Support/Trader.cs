using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// What all strategies share: when to look, backing off after refusals, keeping still in liquidation, giving up when the money is gone,
/// leverage on first use, and the snapshot. A strategy overrides <see cref="Act"/>; it trades in one-way mode.
/// </summary>
public abstract class Trader : ITrader
{
    /// <summary>Parameters that every strategy has.</summary>
    protected const string IntervalName = "interval";
    protected const string StartName = "start";
    protected const string LeverageName = "leverage";

    /// <summary>Counter of the draws that decide a lasting habit of a trader; part of its settings.</summary>
    protected const ulong SettingDraw = 2000;

    // A trader with less than this part of its deposit and no position has been ruined and stops: 2 %.
    private const long RuinFraction = 2_000_000;

    // Draws of a run are counted from here, far from the draws that made the trader.
    private const ulong FirstDraw = 1UL << 32;
    private const int MaxBackOffDoublings = 6;

    private readonly CounterRandom _random;
    private readonly Amount _ruin;
    private readonly long _start;
    private ulong _draws;
    private long _due;
    private int _refusals;
    private ulong _prepared;
    private bool _started;

    protected Trader(TraderSetup setup, string strategy)
    {
        Account = setup.Account;
        Strategy = strategy;
        Profile = setup.Profile;
        Interval = setup.Parameters[IntervalName];
        Leverage = setup.Parameters.Int(LeverageName);
        _start = setup.Parameters[StartName];
        _random = setup.Random;
        _ruin = Sizing.Part(setup.Deposit, RuinFraction);
    }

    public AccountId Account { get; }

    public string Strategy { get; }

    protected VenueProfile Profile { get; }

    /// <summary>Mean steps between two looks, ≥ 1.</summary>
    protected long Interval { get; }

    /// <summary>The leverage it sets where the market's tiers allow it.</summary>
    protected int Leverage { get; }

    public long OnTurn(in TraderTurn turn)
    {
        ReadEvents(turn);
        if (!_started)
        {
            _started = true;
            _due = Math.Max(_due, turn.Step + _start);
        }

        if (turn.Step < _due) return _due;
        IAccountView account = turn.Account;
        if (account.InLiquidation) return _due = turn.Step + Interval;
        if (account.PositionCount == 0 && account.OpenOrderCount == 0 && account.Wallet < _ruin) return _due = long.MaxValue;
        long wait = Act(turn);
        long backOff = _refusals == 0 ? 0 : Interval << Math.Min(_refusals - 1, MaxBackOffDoublings);
        return _due = turn.Step + Math.Max(1, Math.Max(wait, backOff));
    }

    public void Write(StateWriter writer)
    {
        writer.WriteUInt64(_draws);
        writer.WriteInt64(_due);
        writer.WriteInt32(_refusals);
        writer.WriteUInt64(_prepared);
        writer.WriteBool(_started);
        WriteState(writer);
    }

    public void Read(StateReader reader)
    {
        _draws = reader.ReadUInt64();
        _due = reader.ReadInt64();
        _refusals = reader.ReadInt32();
        _prepared = reader.ReadUInt64();
        _started = reader.ReadBool();
        ReadState(reader);
    }

    /// <summary>Looks and trades. Returns the steps until the next look without an event, ≥ 1.</summary>
    protected abstract long Act(in TraderTurn turn);

    /// <summary>One of its own fills; called before <see cref="Act"/>, also in turns between two looks.</summary>
    protected virtual void OnFill(in TraderTurn turn, MarketId market, in OrderFilled fill)
    {
    }

    /// <summary>Appends what the strategy itself remembers.</summary>
    protected virtual void WriteState(StateWriter writer)
    {
    }

    /// <summary>Reads what <see cref="WriteState"/> wrote.</summary>
    protected virtual void ReadState(StateReader reader)
    {
    }

    /// <summary>Steps until the next look: the interval, a quarter of it up or down, so that traders do not march in step.</summary>
    protected long NextLook() => Interval < 4 ? Interval : Interval * 3 / 4 + Below(Interval / 2 + 1);

    /// <summary>Brings the next look forward to a step; never puts it off.</summary>
    protected void LookBy(long step) => _due = Math.Min(_due, step);

    /// <summary>0 ≤ result &lt; bound, the trader's next random number.</summary>
    protected long Below(long bound) => _random.Below(FirstDraw + _draws++, bound);

    /// <summary>low ≤ result ≤ high.</summary>
    protected long Between(long low, long high) => low + Below(high - low + 1);

    /// <summary>True with the probability given in 1e-8.</summary>
    protected bool Chance(long fraction) => Below(Rate.One) < fraction;

    /// <summary>The leverage that <see cref="Prepare"/> sets in a market: the wanted one, or what the lowest tier allows.</summary>
    protected int LeverageIn(MarketSpec spec) => Math.Min(Leverage, spec.Tiers[0].MaxLeverage);

    /// <summary>The largest position to hold in a market at its leverage: four fifths of the tier limit, room for orders and moves.</summary>
    protected Amount TierLimit(MarketSpec spec) => Sizing.Part(spec.Tiers.NotionalLimitAt(LeverageIn(spec)), 80_000_000);

    /// <summary>
    /// What the available balance (× fraction, 1e-8) opens in a market at its leverage, not above the tier limit of that leverage.
    /// </summary>
    protected Amount Affordable(in TraderTurn turn, MarketSpec spec, long fraction)
    {
        int leverage = LeverageIn(spec);
        Amount limit = spec.Tiers.NotionalLimitAt(leverage);
        return Amount.Min(Sizing.Affordable(Sizing.Part(turn.Account.Available, fraction), leverage), Sizing.Part(limit, 95_000_000));
    }

    /// <summary>Sets the leverage of a market, and its margin mode if it is to be isolated, before the first order there.</summary>
    protected void Prepare(in TraderTurn turn, MarketSpec spec, MarginMode mode = MarginMode.Cross)
    {
        ulong bit = 1UL << (spec.Id.Value & 63);
        if ((_prepared & bit) != 0) return;
        _prepared |= bit;
        int leverage = LeverageIn(spec);
        if (leverage != Profile.DefaultLeverage) turn.Commands.Submit(new SetLeverage { Market = spec.Id, Leverage = leverage });
        if (mode == MarginMode.Isolated) turn.Commands.Submit(new SetMarginMode { Market = spec.Id, Mode = mode });
    }

    // A refusal for want of margin or a moved price is answered by waiting, twice as long each time; an order that
    // is taken ends the caution. That a
    // setting was already as wanted, or an order already gone, is no reason to wait.
    private void ReadEvents(in TraderTurn turn)
    {
        ReadOnlySpan<Event> events = turn.Events;
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly Event e = ref events[i];
            if (e.Kind == EventKind.OrderFilled)
            {
                _refusals = 0;
                OnFill(turn, e.Market, e.Body<OrderFilled>());
            }
            else if (e.Kind == EventKind.OrderAccepted)
            {
                _refusals = 0;
            }
            else if (e.Kind == EventKind.CommandRefused)
            {
                PackedRefusal refusal = e.Body<CommandRefused>().Refusal;
                if (refusal.Reason is RejectReason.NothingToChange or RejectReason.UnknownOrder) continue;
                _refusals = Math.Min(_refusals + 1, MaxBackOffDoublings + 1);
                _due = Math.Max(_due, turn.Step + (Interval << (_refusals - 1)));
            }
        }
    }
}
