using CrossMargin.Gateway.Alerts;
using CrossMargin.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Binance;

/// <summary>What the operations of the dialect work with. One for the whole process, thread-safe.</summary>
public sealed class BinanceServices(
    IExchangeGateway exchange,
    IExchangeHistory history,
    IExchangeClock clock,
    TimeProvider time,
    KeyGate keys,
    RequestLimiter limiter,
    ListenKeyTable listenKeys,
    IDepthSource depth,
    ITickerSource tickers,
    BinanceOptions options,
    CommandIds commandIds,
    ILogger<BinanceServices> log,
    AlertBook? alerts = null)
{
    public IExchangeGateway Exchange { get; } = exchange;
    public IExchangeHistory History { get; } = history;
    public IExchangeClock Clock { get; } = clock;
    public TimeProvider Time { get; } = time;
    public KeyGate Keys { get; } = keys;
    public RequestLimiter Limiter { get; } = limiter;
    public ListenKeyTable ListenKeys { get; } = listenKeys;
    public IDepthSource Depth { get; } = depth;
    public ITickerSource Tickers { get; } = tickers;
    public BinanceOptions Options { get; } = options;
    public ILogger Log { get; } = log;

    /// <summary>Null where the host has none.</summary>
    public AlertBook? Alerts { get; } = alerts;
    public MarketFormats Markets { get; } = new(exchange.Profile);
    public CommandIds CommandIds { get; } = commandIds;

    /// <summary>Wall clock, Unix milliseconds.</summary>
    public long WallTime => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
