using System.Globalization;
using System.Text;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

/// <summary>A refusal for people: what, the limit that applied and the figure that missed it, in their own units.</summary>
/// <param name="Limit">Decimal text, or null where the reason compares nothing.</param>
public sealed record RefusalText(string Sentence, string? Limit, string? Actual)
{
    /// <param name="market">Whose prices and quantities the figures are; null: they are told as they are counted.</param>
    public static RefusalText Of(Refusal refusal, MarketSpec? market)
    {
        string words = Words(refusal.Reason);
        if (refusal is { Limit: 0, Actual: 0 }) return new RefusalText(words, null, null);
        string limit = Figure(refusal.Reason, refusal.Limit, market);
        string actual = Figure(refusal.Reason, refusal.Actual, market);
        return new RefusalText($"{words}: the limit is {limit}, this is {actual}", limit, actual);
    }

    private static string Figure(RejectReason reason, long value, MarketSpec? market) => reason switch
    {
        RejectReason.InvalidAmount or RejectReason.NotionalTooSmall or RejectReason.NotionalAboveTierLimit or RejectReason.MarginInsufficient
            or RejectReason.WouldLiquidate or RejectReason.BalanceInsufficient => new Amount(value).ToString(),
        RejectReason.InvalidPrice or RejectReason.PriceTooLow or RejectReason.PriceTooHigh or RejectReason.PriceAboveBand
            or RejectReason.PriceBelowBand when market is not null => market.Format(new Price(value)),
        RejectReason.InvalidQuantity or RejectReason.QuantityTooSmall or RejectReason.QuantityTooLarge when market is not null =>
            market.Format(new Quantity(value)),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    // The names of the reasons are sentences without blanks: "BalanceInsufficient" is told as "balance insufficient".
    private static string Words(RejectReason reason)
    {
        var text = new StringBuilder();
        foreach (char c in reason.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append(' ');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
