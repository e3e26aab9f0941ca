using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Markets;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Views;

namespace CrossMargin.Embedded.Views;

/// <summary>Copies markets, their depth and the fund between two commands, on the engine's thread.</summary>
internal sealed class MarketSnapshots(ExchangeEngine engine)
{
    public MarketSnapshot Of(MarketId market) => MarketViews.Of(ViewOf(market), engine.Sequence, engine.Now);

    public IReadOnlyList<MarketSnapshot> All()
    {
        var all = new MarketSnapshot[engine.Profile.Markets.Count];
        for (int i = 0; i < all.Length; i++) all[i] = Of(new MarketId(i + 1));
        return all;
    }

    public MarketDepth Depth(MarketId market, int levels) => MarketViews.Depth(ViewOf(market), levels, engine.Sequence, engine.Now);

    public FundSnapshot Fund() =>
        MarketViews.Of(((InsuranceFundActor)engine.Fund).State, engine.Profile, engine.Prices, engine.Sequence, engine.Now);

    private MarketView ViewOf(MarketId market) => ((MarketActor)engine.Markets[market.Value - 1]).View;
}
