using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>The rolling 24 hours of each market, for REST and the ticker streams. Thread-safe.</summary>
public interface ITickerSource
{
    ValueTask<Ticker> ReadAsync(MarketId market);

    /// <summary>Of all markets in id order.</summary>
    ValueTask<IReadOnlyList<Ticker>> ReadAllAsync();
}

/// <summary>
/// Trades of the last 24 hours of exchange time and the best quotes. Without a trade in the window open, high and low are the last price;
/// before a market's first trade that is the index price on a tick, and none before there is an index.
/// </summary>
public sealed record Ticker
{
    public required MarketId Market { get; init; }
    public required Timestamp OpenTime { get; init; }
    public required Timestamp CloseTime { get; init; }
    public required Price Open { get; init; }
    public required Price High { get; init; }
    public required Price Low { get; init; }
    public required Price Last { get; init; }
    public required Quantity LastQuantity { get; init; }
    public required Quantity Volume { get; init; }

    /// <summary>Σ price × quantity, in 1e-8 of the settlement asset.</summary>
    public required Int128 QuoteE8 { get; init; }

    /// <summary>−1 without a trade, as the last one.</summary>
    public required long FirstTrade { get; init; }
    public required long LastTrade { get; init; }
    public required long Count { get; init; }
    public required PriceLevel Bid { get; init; }
    public required PriceLevel Ask { get; init; }

    /// <summary>Of the best quotes: on the counter of the depth streams.</summary>
    public required long BookUpdateId { get; init; }
    public required Timestamp BookTime { get; init; }
}
