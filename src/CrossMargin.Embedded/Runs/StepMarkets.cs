using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>Public market data as of the start of a step: after its prices, before its first trader.</summary>
internal sealed class StepMarkets(VenueProfile profile, IExchangeReader reader) : IMarketDataView
{
    private readonly MarketData[] _data = new MarketData[profile.Markets.Count];

    public VenueProfile Profile => profile;

    public MarketData this[MarketId market] => _data[market.Value - 1];

    public void Refresh()
    {
        for (int i = 0; i < _data.Length; i++) _data[i] = reader.Market(new MarketId(i + 1));
    }
}
