using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Depth as the exchange gives it, where no depth streams are served: the update id is the exchange's own batch number.</summary>
public sealed class GatewayDepthSource(IExchangeGateway exchange) : IDepthSource
{
    public async ValueTask<DepthImage> ReadAsync(MarketId market, int limit)
    {
        MarketDepth depth = await exchange.ReadDepthAsync(market, limit);
        return new DepthImage(depth.Sequence, depth.Time, depth.Bids, depth.Asks);
    }
}
