using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A new order as read from its parameters, not yet handed in.</summary>
internal struct OrderDraft
{
    public MarketFormat Market;
    public PlaceOrder Command;
    public PriceMatch Match;

    /// <summary>RESULT: the answer shows what became of it at once; ACK: only that it was taken.</summary>
    public bool WithResult;
}
