using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>What an answer of the exchange means to a client.</summary>
internal static class Answers
{
    /// <summary>Null, or why the command was not taken.</summary>
    public static BinanceError? ErrorOf(CommandAnswer answer, MessageKind command, MarketFormat? market)
    {
        if (answer.Unavailable is not null) return BinanceError.Unavailable;
        Refusal refusal = answer.Refusal;
        return refusal.IsNone ? null : RejectTable.Of(refusal, command, market);
    }
}
