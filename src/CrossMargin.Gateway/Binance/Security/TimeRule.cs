namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Binance's time rule, by the wall clock: timestamp &lt; server time + 1,000 and server time − timestamp ≤ recvWindow (5,000 where none is
/// sent, at most 60,000).
/// </summary>
public static class TimeRule
{
    public const long DefaultWindow = 5_000;
    public const long LongestWindow = 60_000;

    public static BinanceError? Check(CallParameters parameters, long wallTime)
    {
        long timestamp = parameters.RequiredWhole("timestamp", 0, long.MaxValue);
        long window = parameters.Whole("recvWindow", DefaultWindow, 0, long.MaxValue);
        if (parameters.Error is { } fault) return fault;
        if (window > LongestWindow) return BinanceError.WindowTooLarge;
        if (timestamp >= wallTime + 1_000) return BinanceError.AheadOfServer;
        return wallTime - timestamp > window ? BinanceError.OutsideWindow : null;
    }
}
