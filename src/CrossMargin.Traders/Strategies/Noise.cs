using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// The crowd: trades for reasons of its own, more often long than short, at market or with limits around the touch, up to the exposure
/// it dares; at that exposure it trades the other way. Forgets its limit orders until there are too many of them.
/// </summary>
public sealed class Noise : Trader
{
    public const string StrategyName = "noise";

    private readonly MarketSpec[] _homes;
    private readonly long _longBias;
    private readonly long _exposure;
    private readonly long _orderSize;
    private readonly long _marketChance;
    private readonly long _maxOffset;
    private readonly long _maxOpen;

    public Noise(TraderSetup setup)
        : base(setup, StrategyName)
    {
        ParameterValues p = setup.Parameters;
        _homes = Homes.Pick(setup, p.Int("markets"));
        _longBias = p["long-bias"];
        _exposure = p["exposure"] / _homes.Length;
        _orderSize = p["order-size"];
        _marketChance = p["market-chance"];
        _maxOffset = p["max-offset"];
        _maxOpen = p["max-open"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            50, 120, 20, 50,
            ParameterSpec.Whole("markets", 1, 12, 1, 3),
            ParameterSpec.Fraction("long-bias", 0, 1_000_000, 500_000, 750_000),
            ParameterSpec.Fraction("exposure", 1, 50_000_000, 1_000_000, 15_000_000),
            ParameterSpec.Fraction("order-size", 1, 1_000_000, 100_000, 400_000),
            ParameterSpec.Fraction("market-chance", 0, 1_000_000, 300_000, 600_000),
            ParameterSpec.Fraction("max-offset", 1, 1_000_000, 1_000, 4_000),
            ParameterSpec.Whole("max-open", 1, 100, 2, 4)),
        setup => new Noise(setup));

    protected override long Act(in TraderTurn turn)
    {
        MarketSpec spec = _homes[Below(_homes.Length)];
        MarketData data = turn.Markets[spec.Id];
        Amount equity = turn.Account.Equity;
        if (!data.IsTradable() || !equity.IsPositive) return NextLook();
        Prepare(turn, spec);
        if (turn.Account.OpenOrderCount >= _maxOpen) Orders.CancelEverywhere(turn);
        PositionView position = turn.Account.Position(spec.Id, PositionSide.Both);
        Amount limit = Amount.Min(Sizing.Part(equity, _exposure), TierLimit(spec));
        Amount size = Sizing.Part(limit, Rounding.MulDivDown(_orderSize, Between(50, 150), 100));
        Side side = Chance(_longBias) ? Side.Buy : Side.Sell;
        Side growing = position.Quantity.Sign < 0 ? Side.Sell : Side.Buy;
        bool full = position.Notional(spec, data.Mark) + size > limit;
        if (full && side == growing) side = side.Opposite();
        if (side == growing) size = Amount.Min(size, Affordable(turn, spec, 90_000_000));
        Send(turn, spec, data, side, size);
        return NextLook();
    }

    private void Send(in TraderTurn turn, MarketSpec spec, in MarketData data, Side side, Amount size)
    {
        if (Chance(_marketChance))
        {
            Orders.Market(turn, spec, side, Sizing.Order(spec, data.Mark, size, market: true));
            return;
        }

        // From a third of the offset through the touch to the whole offset away from it.
        long offset = Between(-_maxOffset / 3, _maxOffset);
        Price touch = side == Side.Buy ? data.Bid() : data.Ask();
        Price limit = Sizing.Limit(spec, side, Sizing.Shift(touch, side == Side.Buy ? -offset : offset), data.Mark);
        Orders.Limit(turn, spec, side, limit, Sizing.Order(spec, limit, size, market: false), TimeInForce.Gtc);
    }
}
