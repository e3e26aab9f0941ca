using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// What the strategies share that are at home in one market or a few and watch the trend of each: a look at every home that can be traded,
/// then the strategy's word on it. They keep a position a home.
/// </summary>
public abstract class TrendTrader : Trader
{
    private readonly MarketSpec[] _homes;
    private readonly PriceTrend[] _trends;
    private readonly int _slowLooks;

    /// <param name="homes">How many markets it wants to be at home in, ≥ 1; fewer if it may trade fewer.</param>
    /// <param name="fastLooks">Length of the fast average in looks, ≥ 1.</param>
    /// <param name="slowLooks">Length of the slow average in looks, ≥ 1.</param>
    protected TrendTrader(TraderSetup setup, string strategy, int homes, int fastLooks, int slowLooks)
        : base(setup, strategy)
    {
        _homes = Homes.Pick(setup, homes);
        _trends = new PriceTrend[_homes.Length];
        FastLooks = fastLooks;
        _slowLooks = slowLooks;
    }

    protected int FastLooks { get; }

    protected int HomeCount => _homes.Length;

    protected MarketSpec Home(int home) => _homes[home];

    protected ref readonly PriceTrend Trend(int home) => ref _trends[home];

    protected override long Act(in TraderTurn turn)
    {
        for (int i = 0; i < _homes.Length; i++)
        {
            MarketData data = turn.Markets[_homes[i].Id];
            if (!data.IsTradable()) continue;
            _trends[i].Look(data.Mark, FastLooks, _slowLooks);
            Trade(turn, i, data, turn.Account.Position(_homes[i].Id, PositionSide.Both));
        }

        return NextLook();
    }

    /// <summary>Trades in one home, after the look at its price.</summary>
    protected abstract void Trade(in TraderTurn turn, int home, in MarketData data, in PositionView position);

    protected override void WriteState(StateWriter writer)
    {
        for (int i = 0; i < _homes.Length; i++)
        {
            _trends[i].Write(writer);
            WriteHome(writer, i);
        }
    }

    protected override void ReadState(StateReader reader)
    {
        for (int i = 0; i < _homes.Length; i++)
        {
            _trends[i].Read(reader);
            ReadHome(reader, i);
        }
    }

    /// <summary>Appends what the strategy itself remembers of a home.</summary>
    protected virtual void WriteHome(StateWriter writer, int home)
    {
    }

    /// <summary>Reads what <see cref="WriteHome"/> wrote.</summary>
    protected virtual void ReadHome(StateReader reader, int home)
    {
    }
}
