namespace CrossMargin.Model;

/// <summary>
/// What a message on its way will add to its receiver's books when it is applied: the part of invariants 1 and 2 that is in flight. Its
/// sender has booked the opposite when it sent it.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><see cref="Fill"/>: wallet − open cost changes by −(signed quantity × price) − fee, quantity by the signed quantity. The market
/// has moved its holders, its house and its fees.</item>
/// <item><see cref="FundingPayment"/>: its amount; paid and received and the dust are booked at the settlement. Payments that a market has
/// booked but not yet sent are part of what is in flight too (the market's UnsentFunding).</item>
/// <item><see cref="ShortfallPaid"/>: its amount; the fund's wallet and the deficit bear it.</item>
/// <item><see cref="LiquidationProceeds"/>: fee plus leftover; the account has paid both.</item>
/// <item><see cref="CollateralSold"/>: to the conversion account the asset that was sold, and minus the proceeds of the settlement
/// asset; the account has booked both.</item>
/// <item>Commands from outside (<see cref="Deposit"/>, <see cref="Withdraw"/>, <see cref="CloseAccount"/>,
/// <see cref="DepositToFund"/>): nothing, they count when they
/// are applied. Every other message carries no value.</item>
/// </list>
/// </remarks>
public static class MessageFlow
{
    /// <summary>What the receiver will add to Σ(wallet − open cost) of an asset, in 1e-8.</summary>
    public static Int128 AmountOf(in Message message, VenueProfile profile, AssetId asset)
    {
        bool settlement = asset == AssetId.Settlement;
        switch (message.Kind)
        {
            case MessageKind.Fill when settlement:
                ref readonly Fill fill = ref message.Body<Fill>();
                return -(Int128)profile[fill.Market].Notional(fill.Price, SignedQuantity(fill)).E8 - fill.Fee.E8;
            case MessageKind.FundingPayment when settlement:
                return message.Body<FundingPayment>().Amount.E8;
            case MessageKind.ShortfallPaid when settlement:
                return message.Body<ShortfallPaid>().Amount.E8;
            case MessageKind.LiquidationProceeds when settlement:
                ref readonly LiquidationProceeds proceeds = ref message.Body<LiquidationProceeds>();
                return (Int128)proceeds.Fee.E8 + proceeds.Leftover.E8;
            case MessageKind.CollateralSold:
                ref readonly CollateralSold sold = ref message.Body<CollateralSold>();
                return settlement ? -sold.Proceeds.E8 : sold.Asset == asset ? sold.Sold.E8 : 0;
            default:
                return 0;
        }
    }

    /// <summary>What the receiver will add to its signed position in a market, in lots.</summary>
    public static long QuantityOf(in Message message, MarketId market)
    {
        if (message.Kind != MessageKind.Fill) return 0;
        ref readonly Fill fill = ref message.Body<Fill>();
        return fill.Market == market ? SignedQuantity(fill).Lots : 0;
    }

    private static Quantity SignedQuantity(in Fill fill) => fill.Side == Side.Buy ? fill.Quantity : -fill.Quantity;
}
