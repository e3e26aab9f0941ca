namespace CrossMargin.Load.Generator;

/// <summary>Prices and sizes that a market takes, as text ready to be sent.</summary>
/// <param name="Middle">Between the best bid and ask; resting orders there are the best of the book.</param>
/// <param name="FarBid">Far below the market, inside the limits for prices.</param>
/// <param name="FarAsk">Far above the market.</param>
/// <param name="Quantity">The smallest size worth more than the least notional at the far bid.</param>
internal sealed record MarketTerms(string Symbol, string Middle, string FarBid, string FarAsk, string Quantity)
{
    public static MarketTerms Of(string symbol, decimal mark, decimal tick, decimal step, decimal leastQuantity, decimal leastNotional)
    {
        decimal farBid = Down(mark * 0.97m, tick);
        decimal quantity = Math.Max(leastQuantity, Up(leastNotional * 1.05m / farBid, step));
        return new MarketTerms(symbol, Text(Down(mark, tick)), Text(farBid), Text(Up(mark * 1.03m, tick)), Text(quantity));
    }

    private static decimal Down(decimal value, decimal unit) => Math.Floor(value / unit) * unit;

    private static decimal Up(decimal value, decimal unit) => Math.Ceiling(value / unit) * unit;

    private static string Text(decimal value) => value.ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture);
}
