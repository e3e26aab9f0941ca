using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>
/// Earns carry: short the market where longs pay the most (funding estimate plus premium over the index), long the one where they pay the
/// least, for the same money; out when the difference has gone, or at a loss too large for it. Its orders push premiums together.
/// </summary>
public sealed class FundingArbitrageur : Trader
{
    public const string StrategyName = "funding-arbitrageur";

    private readonly MarketSpec[] _markets;
    private readonly long _exposure;
    private readonly long _enter;
    private readonly long _leave;
    private readonly long _stop;
    private readonly long _premiumWeight;
    private int _rich = -1;
    private int _cheap = -1;

    public FundingArbitrageur(TraderSetup setup)
        : base(setup, StrategyName)
    {
        ParameterValues p = setup.Parameters;
        _markets = [.. setup.Markets];
        _exposure = p["exposure"];
        _enter = p["enter"];
        _leave = Math.Min(p["leave"], _enter);
        _stop = p["stop"];
        _premiumWeight = p["premium-weight"];
    }

    public static StrategyDefinition Definition { get; } = new(
        StrategyName,
        CommonParameters.With(
            15, 40, 10, 20,
            ParameterSpec.Fraction("exposure", 1, 50_000_000, 1_000_000, 4_000_000),
            ParameterSpec.Fraction("enter", 1, 1_000_000, 400, 1_500),
            ParameterSpec.Fraction("leave", 0, 1_000_000, 50, 200),
            ParameterSpec.Fraction("stop", 1, 1_000_000, 15_000, 40_000),
            ParameterSpec.Fraction("premium-weight", 0, 10_000_000, 500_000, 1_000_000)),
        setup => new FundingArbitrageur(setup));

    protected override long Act(in TraderTurn turn)
    {
        if (_rich < 0 && turn.Account.PositionCount > 0) TakeOver(turn);
        if (_rich >= 0) Hold(turn);
        else Seek(turn);
        return NextLook();
    }

    protected override void WriteState(StateWriter writer)
    {
        writer.WriteInt32(_rich);
        writer.WriteInt32(_cheap);
    }

    protected override void ReadState(StateReader reader)
    {
        _rich = reader.ReadInt32();
        _cheap = reader.ReadInt32();
        if (Math.Max(_rich, _cheap) >= _markets.Length) throw reader.Fault("a market that this trader does not trade");
    }

    // What a long pays, in 1e-8 of the notional: the coming funding, and the premium that will melt.
    private long Carry(in MarketData data) => data.FundingEstimate.E8 + Rounding.MulDivDown(data.Premium(), _premiumWeight, Rate.One);

    // Positions from before this trader was there are its pair; where a leg is missing, the next look closes the other.
    private void TakeOver(in TraderTurn turn)
    {
        if (_markets.Length < 2) return;
        for (int i = 0; i < _markets.Length; i++)
        {
            int sign = turn.Account.Position(_markets[i].Id, PositionSide.Both).Quantity.Sign;
            if (sign < 0) _rich = i;
            else if (sign > 0) _cheap = i;
        }

        if (_rich < 0 && _cheap < 0) return;
        if (_rich < 0) _rich = _cheap == 0 ? 1 : 0;
        if (_cheap < 0) _cheap = _rich == 0 ? 1 : 0;
    }

    private void Seek(in TraderTurn turn)
    {
        int rich = -1;
        int cheap = -1;
        long most = 0;
        long least = 0;
        for (int i = 0; i < _markets.Length; i++)
        {
            MarketData data = turn.Markets[_markets[i].Id];
            if (!data.IsTradable()) continue;
            long carry = Carry(data);
            if (rich < 0 || carry > most) (rich, most) = (i, carry);
            if (cheap < 0 || carry < least) (cheap, least) = (i, carry);
        }

        if (rich >= 0 && rich != cheap && most - least >= _enter) Enter(turn, rich, cheap);
    }

    private void Enter(in TraderTurn turn, int rich, int cheap)
    {
        MarketSpec sell = _markets[rich];
        MarketSpec buy = _markets[cheap];
        Prepare(turn, sell);
        Prepare(turn, buy);
        Amount notional = Amount.Min(Affordable(turn, sell, 45_000_000), Affordable(turn, buy, 45_000_000));
        notional = Amount.Min(notional, Sizing.Part(turn.Account.Equity, _exposure));
        Quantity sold = Sizing.Order(sell, turn.Markets[sell.Id].Mark, notional, market: true);
        Quantity bought = Sizing.Order(buy, turn.Markets[buy.Id].Mark, notional, market: true);
        if (sold.IsZero || bought.IsZero) return;
        Orders.Market(turn, sell, Side.Sell, sold);
        Orders.Market(turn, buy, Side.Buy, bought);
        _rich = rich;
        _cheap = cheap;
    }

    private void Hold(in TraderTurn turn)
    {
        MarketData rich = turn.Markets[_markets[_rich].Id];
        MarketData cheap = turn.Markets[_markets[_cheap].Id];
        if (!rich.IsTradable() || !cheap.IsTradable()) return;
        PositionView sold = turn.Account.Position(_markets[_rich].Id, PositionSide.Both);
        PositionView bought = turn.Account.Position(_markets[_cheap].Id, PositionSide.Both);
        Amount loss = -(sold.UnrealizedProfit + bought.UnrealizedProfit);
        bool stop = Sizing.Ratio(loss, Amount.Max(sold.OpenCost.Abs, bought.OpenCost.Abs)) >= _stop;
        bool broken = sold.IsFlat() || bought.IsFlat();
        if (!broken && !stop && Carry(rich) - Carry(cheap) > _leave) return;
        Orders.Close(turn, _markets[_rich], sold);
        Orders.Close(turn, _markets[_cheap], bought);

        // One more look finds out whether both legs are gone; a rest is closed then.
        if (sold.IsFlat() && bought.IsFlat()) _rich = _cheap = -1;
    }
}
