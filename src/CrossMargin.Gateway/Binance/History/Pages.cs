using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Binance's paging: from an id or a start time on, the oldest rows; without either, the newest.</summary>
internal static class Pages
{
    /// <param name="start">−1: not sent; as <paramref name="end"/>.</param>
    /// <param name="from">0: not sent.</param>
    public static HistoryPage Of(long start, long end, long from, int limit) => new(
        new Timestamp(Math.Max(0, start)), new Timestamp(end < 0 ? long.MaxValue : end), from, limit, from == 0 && start < 0);
}
