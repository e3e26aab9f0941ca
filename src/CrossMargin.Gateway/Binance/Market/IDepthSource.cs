using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>The published depth of a market with its place on the counter of the depth streams. Thread-safe.</summary>
public interface IDepthSource
{
    /// <param name="limit">Levels a side, 1 to 1,000.</param>
    ValueTask<DepthImage> ReadAsync(MarketId market, int limit);
}

/// <summary>Best level first.</summary>
/// <param name="LastUpdateId">The last update of the market's depth stream that is included.</param>
/// <param name="Time">Exchange time of the last change that is included.</param>
public sealed record DepthImage(long LastUpdateId, Timestamp Time, IReadOnlyList<PriceLevel> Bids, IReadOnlyList<PriceLevel> Asks);
