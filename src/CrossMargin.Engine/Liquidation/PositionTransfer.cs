using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>
/// Moves a position outside the book at a given price: to the fund (takeover) or against an opposite holder (deleveraging). No fee, no
/// effect on the last price; both sides get a fill without an order.
/// </summary>
internal sealed class PositionTransfer(MarketState market, ReduceOnlyCuts cuts)
{
    /// <summary>Closes <paramref name="quantity"/> &gt; 0 of a holder's leg; the other side may be the house.</summary>
    /// <param name="closing">The closed holder's side: sell for a long.</param>
    public TradeId Move(
        FillKind type, AccountId closed, PositionSide closedLeg, LiquidationId liquidation, Side closing,
        AccountId other, PositionSide otherLeg, Quantity quantity, Price price)
    {
        TradeId trade = market.Tape.NextId();
        Side opposite = closing == Side.Sell ? Side.Buy : Side.Sell;
        Quantity before = market.Holders.Apply(closed, closedLeg, closing, quantity, price, out Quantity after);
        bool shrank = after.Abs < before.Abs && (after.IsZero || after.Sign == before.Sign);
        InvariantViolation.Check(shrank, "5: a transfer grew or flipped the position it closes");
        Quantity otherBefore = Quantity.Zero;
        Quantity otherAfter = Quantity.Zero;
        bool house = other == AccountId.House;
        if (house) market.Own.FillHouse(opposite, quantity, price);
        else otherBefore = market.Holders.Apply(other, otherLeg, opposite, quantity, price, out otherAfter);
        market.CheckBalance();
        Fill fill = new()
        {
            Trade = trade,
            Liquidation = liquidation,
            Price = price,
            Quantity = quantity,
            Counterparty = other,
            Market = market.Spec.Id,
            Side = closing,
            PositionSide = closedLeg,
            Type = type,
            Final = true,
        };
        market.Post.Send(closed, fill);
        if (!house)
        {
            fill.Liquidation = LiquidationId.None;
            fill.Counterparty = closed;
            fill.Side = opposite;
            fill.PositionSide = otherLeg;
            market.Post.Send(other, fill);
        }

        bool sells = closing == Side.Sell;
        market.Post.Emit(new Traded
        {
            Trade = trade,
            Price = price,
            Quantity = quantity,
            Buyer = sells ? other : closed,
            Seller = sells ? closed : other,
            TakerSide = closing,
            Type = type,
        });
        cuts.AfterFill(closed, closedLeg, before, after);
        if (!house) cuts.AfterFill(other, otherLeg, otherBefore, otherAfter);
        return trade;
    }

    /// <summary>
    /// The fund takes a position over, at most what the account holds. The account is told when that is over, as at the end of a
    /// deleveraging round: the message comes behind the fill, or alone where nothing was left to take. The fund is told what it did not get.
    /// </summary>
    public void TakeOver(AccountId fund, in TakeOver request)
    {
        Quantity held = market.Holders.QuantityOf(request.Account, request.PositionSide);
        Quantity lapsed = request.Quantity;
        if (held.Sign == request.Quantity.Sign && !held.IsZero && request.Account != fund)
        {
            Quantity moved = Quantity.Min(request.Quantity.Abs, held.Abs);
            Side closing = held.Lots > 0 ? Side.Sell : Side.Buy;
            Move(FillKind.Takeover, request.Account, request.PositionSide, request.Liquidation, closing,
                fund, PositionSide.Both, moved, request.Price);
            lapsed -= held.Lots > 0 ? moved : -moved;
        }

        market.Post.Send(request.Account, new DeleverageDone
        {
            Liquidation = request.Liquidation,
            Leaves = market.Holders.QuantityOf(request.Account, request.PositionSide),
            Market = market.Spec.Id,
            PositionSide = request.PositionSide,
        });
        if (lapsed.IsZero) return;
        market.Post.Send(fund, new TakeoverLapsed
        {
            Liquidation = request.Liquidation,
            Account = request.Account,
            Quantity = lapsed,
            Price = request.Price,
            Market = market.Spec.Id,
        });
    }
}
