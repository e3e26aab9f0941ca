using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Binance's priceMatch: the order's price is that of a level of the book.</summary>
internal enum PriceMatch
{
    None = 0,
    Opponent,
    Opponent5,
    Opponent10,
    Opponent20,
    Queue,
    Queue5,
    Queue10,
    Queue20,
}

/// <summary>
/// The price of a level at the order's arrival: OPPONENT the best of the other side, QUEUE the best of the own, _5/_10/_20 the level of that
/// number. The gateway reads the published depth, house included, and places a plain LIMIT order at that price, so the book may have moved
/// by a level when the order reaches it.
/// </summary>
internal static class PriceMatches
{
    private static readonly (string Word, PriceMatch Match, int Level)[] s_all =
    [
        ("NONE", PriceMatch.None, 0),
        ("OPPONENT", PriceMatch.Opponent, 1),
        ("OPPONENT_5", PriceMatch.Opponent5, 5),
        ("OPPONENT_10", PriceMatch.Opponent10, 10),
        ("OPPONENT_20", PriceMatch.Opponent20, 20),
        ("QUEUE", PriceMatch.Queue, 1),
        ("QUEUE_5", PriceMatch.Queue5, 5),
        ("QUEUE_10", PriceMatch.Queue10, 10),
        ("QUEUE_20", PriceMatch.Queue20, 20),
    ];

    public static readonly BinanceError NoDepth = new(-5041, "No depth matches this BBO order.");

    public static string Word(PriceMatch match) => s_all[(int)match].Word;

    public static bool TryRead(ReadOnlySpan<char> text, out PriceMatch match)
    {
        match = PriceMatch.None;
        foreach ((string word, PriceMatch known, _) in s_all)
        {
            if (!text.SequenceEqual(word)) continue;
            match = known;
            return true;
        }

        return false;
    }

    /// <summary>None where the book has no such level.</summary>
    public static async ValueTask<Price> PriceAsync(IExchangeGateway exchange, MarketId market, Side side, PriceMatch match)
    {
        int level = s_all[(int)match].Level;
        MarketDepth depth = await exchange.ReadDepthAsync(market, level);
        bool bids = match >= PriceMatch.Queue == (side == Side.Buy);
        IReadOnlyList<PriceLevel> levels = bids ? depth.Bids : depth.Asks;
        return levels.Count < level ? Price.None : levels[level - 1].Price;
    }
}
