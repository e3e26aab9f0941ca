using System.Buffers;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Views;

/// <summary>Copies markets, their depth and the fund between two of their steps. Thread-safe.</summary>
public static class MarketViews
{
    public static MarketSnapshot Of(MarketView view, long sequence, Timestamp now)
    {
        DepthLevel bid = view.BestBid;
        DepthLevel ask = view.BestAsk;
        return new MarketSnapshot
        {
            Market = view.Spec.Id,
            Sequence = sequence,
            Time = now,
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
            HouseOpenCost = view.HouseOpenCost,
            Dust = view.Dust + new Amount((long)view.UnsentFunding),
        };
    }

    /// <summary>At most <paramref name="levels"/> a side.</summary>
    public static MarketDepth Depth(MarketView view, int levels, long sequence, Timestamp now) =>
        new(sequence, now, Side(view, Model.Side.Buy, levels), Side(view, Model.Side.Sell, levels));

    public static FundSnapshot Of(FundState state, VenueProfile profile, PriceTable prices, long sequence, Timestamp now)
    {
        var held = new List<FundPositionSnapshot>();
        for (int i = 0; i < state.Positions.Length; i++)
        {
            ref readonly FundPosition p = ref state.Positions[i];
            if (p.Quantity.IsZero) continue;
            var market = new MarketId(i + 1);
            Price mark = prices.Mark(market);
            Amount profit = LegMath.UnrealizedProfit(profile[market], p.Quantity, p.OpenCost, mark);
            held.Add(new FundPositionSnapshot(market, p.Quantity, p.OpenCost, mark, profit));
        }

        return new FundSnapshot(sequence, now, state.Wallet, state.Deficit, held);
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

    private static PriceLevel[] Side(MarketView view, Side side, int levels)
    {
        DepthLevel[] found = ArrayPool<DepthLevel>.Shared.Rent(levels);
        int count = view.Depth(side, found.AsSpan(0, levels));
        var copied = new PriceLevel[count];
        for (int i = 0; i < count; i++) copied[i] = new PriceLevel(found[i].Price, found[i].Quantity);
        ArrayPool<DepthLevel>.Shared.Return(found);
        return copied;
    }
}
