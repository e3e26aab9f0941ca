using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Views;

/// <summary>Copies markets, their depth and the fund between two commands, on the engine's thread.</summary>
internal sealed class MarketSnapshots(ExchangeEngine engine)
{
    private readonly DepthLevel[] _levels = new DepthLevel[1_000];

    public MarketSnapshot Of(MarketId market)
    {
        MarketView view = ViewOf(market);
        DepthLevel bid = view.BestBid;
        DepthLevel ask = view.BestAsk;
        return new MarketSnapshot
        {
            Market = market,
            Sequence = engine.Sequence,
            Time = engine.Now,
            Status = view.Status,
            Pause = view.Pause,
            Index = view.Index,
            Mark = view.Mark,
            Last = view.Last,
            BestBid = new PriceLevel(bid.Price, bid.Quantity),
            BestAsk = new PriceLevel(ask.Price, ask.Quantity),
            OpenInterest = view.OpenInterest,
            LastFundingRate = view.LastFundingRate,
            FundingEstimate = view.FundingEstimate,
            NextFundingTime = view.NextFundingTime,
            Tiers = TiersOf(view),
            House = view.House,
            HouseQuantity = view.HouseQuantity,
            HouseWallet = view.HouseWallet,
            Fees = view.Fees,
        };
    }

    public IReadOnlyList<MarketSnapshot> All()
    {
        var all = new MarketSnapshot[engine.Profile.Markets.Count];
        for (int i = 0; i < all.Length; i++) all[i] = Of(new MarketId(i + 1));
        return all;
    }

    public MarketDepth Depth(MarketId market, int levels)
    {
        MarketView view = ViewOf(market);
        return new MarketDepth(engine.Sequence, engine.Now, Side(view, Model.Side.Buy, levels), Side(view, Model.Side.Sell, levels));
    }

    public FundSnapshot Fund()
    {
        FundState state = ((InsuranceFundActor)engine.Fund).State;
        var held = new List<FundPositionSnapshot>();
        for (int i = 0; i < state.Positions.Length; i++)
        {
            ref readonly FundPosition p = ref state.Positions[i];
            if (p.Quantity.IsZero) continue;
            var market = new MarketId(i + 1);
            Price mark = engine.Prices.Mark(market);
            Amount profit = LegMath.UnrealizedProfit(engine.Profile[market], p.Quantity, p.OpenCost, mark);
            held.Add(new FundPositionSnapshot(market, p.Quantity, p.OpenCost, mark, profit));
        }

        return new FundSnapshot(engine.Sequence, engine.Now, state.Wallet, state.Deficit, held);
    }

    // As they hold for new risk: the operator may have changed leverages and cap.
    private static TierTable TiersOf(MarketView view)
    {
        TierTable own = view.Spec.Tiers;
        bool same = view.PositionCap == own.Cap;
        for (int i = 0; same && i < own.Count; i++) same = view.MaxLeverage(i) == own[i].MaxLeverage;
        if (same) return own;
        var tiers = new Tier[own.Count];
        for (int i = 0; i < tiers.Length; i++) tiers[i] = own[i] with { MaxLeverage = view.MaxLeverage(i) };
        return new TierTable(tiers, own.IsFlat, view.PositionCap);
    }

    private PriceLevel[] Side(MarketView view, Side side, int levels)
    {
        int count = view.Depth(side, _levels.AsSpan(0, levels));
        var copied = new PriceLevel[count];
        for (int i = 0; i < count; i++) copied[i] = new PriceLevel(_levels[i].Price, _levels[i].Quantity);
        return copied;
    }

    private MarketView ViewOf(MarketId market) => ((MarketActor)engine.Markets[market.Value - 1]).View;
}
