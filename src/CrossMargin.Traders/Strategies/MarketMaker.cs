using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Quotes both sides of one market close around the price, wider as it gets wilder, leans against its inventory, quotes one side only
/// at its inventory limit, and withdraws when the market moves too fast for it. Its quotes end by themselves before they can go stale.
/// </summary>
public sealed class MarketMaker : Trader
{
    public const string StrategyName = "market-maker";

    private const int FastLooks = 8;
    private const int SlowLooks = 64;

    private readonly MarketSpec _spec;
    private readonly long _halfSpread;
    private readonly long _levels;
    private readonly long _levelStep;
    private readonly long _quoteSize;
    private readonly long _inventoryLimit;
    private readonly long _skew;
    private readonly long _volatilityMultiple;
    private readonly long _requoteMove;
    private readonly long _pullVolatility;
    private readonly long _takeChance;
    private readonly long _markWeight;
    private readonly long _lifeMilliseconds;

    private PriceTrend _trend;
    private Price _quoted;
    private bool _hit;

    public MarketMaker(TraderSetup setup)
        : base(setup, StrategyName)
    {
        ParameterValues p = setup.Parameters;
        _spec = Homes.One(setup);
        _halfSpread = p["half-spread"];
        _levels = p["levels"];
        _levelStep = p["level-step"];
        _quoteSize = p["quote-size"];
        _inventoryLimit = p["inventory-limit"];
        _skew = p["skew"];
        _volatilityMultiple = p["volatility-multiple"];
        _requoteMove = p["requote-move"];
        _pullVolatility = p["pull-volatility"];
        _takeChance = p["take-chance"];
        _markWeight = p["mark-weight"];
        _lifeMilliseconds = p["quote-life"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            1, 2, 10, 10,
            ParameterSpec.Fraction("half-spread", 1, 100_000, 40, 120),
            ParameterSpec.Whole("levels", 1, 10, 1, 1),
            ParameterSpec.Fraction("level-step", 1, 100_000, 200, 400),
            ParameterSpec.Fraction("quote-size", 1, 10_000_000, 50_000, 150_000),
            ParameterSpec.Fraction("inventory-limit", 1, 50_000_000, 1_500_000, 3_000_000),
            ParameterSpec.Fraction("skew", 0, 100_000_000, 300_000, 900_000),
            ParameterSpec.Fraction("volatility-multiple", 0, 10_000_000, 50_000, 150_000),
            ParameterSpec.Fraction("requote-move", 0, 100_000, 50, 150),
            ParameterSpec.Fraction("pull-volatility", 1, 1_000_000, 6_000, 12_000),
            ParameterSpec.Fraction("take-chance", 0, 1_000_000, 50_000, 150_000),
            ParameterSpec.Fraction("mark-weight", 0, 1_000_000, 0, 200_000),
            ParameterSpec.Whole("quote-life", 0, 1_000_000_000, 14_000, 14_000)),
        setup => new MarketMaker(setup));

    protected override long Act(in TraderTurn turn)
    {
        MarketData data = turn.Markets[_spec.Id];
        bool resting = turn.Account.OpenOrderCount > 0;
        if (data.IsTradable()) _trend.Look(data.Index, FastLooks, SlowLooks);
        if (!data.IsTradable() || _trend.Volatility.E8 > _pullVolatility)
        {
            if (resting) Orders.CancelAll(turn, _spec, CancelScope.Orders);
            return NextLook();
        }

        Amount equity = turn.Account.Equity;
        if (!equity.IsPositive) return Interval * 10;
        Price fair = Sizing.Shift(data.Index, Rounding.MulDivDown(data.Premium(), _markWeight, Rate.One));
        long moved = Math.Abs(Rounding.MulDivDown(fair.Units - _quoted.Units, Rate.One, fair.Units));
        if (resting && !_hit && moved <= _requoteMove) return NextLook();
        Prepare(turn, _spec);
        if (resting) Orders.CancelAll(turn, _spec, CancelScope.Orders);
        Quote(turn, data, fair, equity);
        _quoted = fair;
        _hit = false;
        return NextLook();
    }

    protected override void OnFill(in TraderTurn turn, MarketId market, in OrderFilled fill)
    {
        if (!fill.Leaves.IsZero) return;
        _hit = true;
        LookBy(turn.Step);
    }

    protected override void WriteState(StateWriter writer)
    {
        _trend.Write(writer);
        writer.WritePrice(_quoted);
        writer.WriteBool(_hit);
    }

    protected override void ReadState(StateReader reader)
    {
        _trend.Read(reader);
        _quoted = reader.ReadPrice();
        _hit = reader.ReadBool();
    }

    private void Quote(in TraderTurn turn, in MarketData data, Price fair, Amount equity)
    {
        PositionView position = turn.Account.Position(_spec.Id, PositionSide.Both);
        Amount held = _spec.Notional(data.Mark, position.Quantity);
        Amount limit = Amount.Min(Sizing.Part(equity, _inventoryLimit), TierLimit(_spec));
        long inventory = Math.Clamp(Sizing.Ratio(held, limit), -Rate.One, Rate.One);
        long half = _halfSpread + Rounding.MulDivDown(_trend.Volatility.E8, _volatilityMultiple, Rate.One);
        long lean = -Rounding.MulDivDown(Rounding.MulDivDown(half, _skew, Rate.One), inventory, Rate.One);
        Amount size = Sizing.Part(equity, _quoteSize);
        bool mayTake = Chance(_takeChance);
        for (long level = 0; level < _levels; level++)
        {
            long distance = half + level * _levelStep;
            Price bid = Sizing.Limit(_spec, Side.Buy, Sizing.Shift(fair, lean - distance), data.Mark);
            Price ask = Sizing.Limit(_spec, Side.Sell, Sizing.Shift(fair, lean + distance), data.Mark);
            if (!mayTake)
            {
                if (!data.BestAsk.IsNone && bid >= data.BestAsk) bid = TickBelow(data.BestAsk);
                if (!data.BestBid.IsNone && ask <= data.BestBid) ask = TickAbove(data.BestBid);
            }

            if (ask <= bid) ask = TickAbove(bid);
            Send(turn, Side.Buy, bid, size, Rate.One - Math.Max(inventory, 0));
            Send(turn, Side.Sell, ask, size, Rate.One + Math.Min(inventory, 0));
        }
    }

    private void Send(in TraderTurn turn, Side side, Price price, Amount size, long share)
    {
        Quantity quantity = Sizing.Order(_spec, price, Sizing.Part(size, share), market: false);
        if (quantity.IsZero || price < _spec.MinPrice) return;
        if (_lifeMilliseconds == 0) Orders.Limit(turn, _spec, side, price, quantity, TimeInForce.Gtc);
        else Orders.LimitUntil(turn, _spec, side, price, quantity, turn.Now.AddMilliseconds(_lifeMilliseconds));
    }

    private Price TickBelow(Price price) => new(_spec.TickDown(price).Units - _spec.TickUnits);

    private Price TickAbove(Price price) => new(_spec.TickUp(price).Units + _spec.TickUnits);
}
