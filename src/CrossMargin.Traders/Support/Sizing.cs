using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>From money to lots and from fractions to prices, always to the side that asks for less.</summary>
public static class Sizing
{
    // What a taker pays on top of the margin, in thousandths of the notional: fee and half spread of the dearest account, rounded up.
    private const long CostPerMille = 2;

    /// <summary>Lots of |notional| at a price &gt; 0, rounded down, at least 0.</summary>
    public static Quantity Lots(MarketSpec spec, Price price, Amount notional) =>
        notional.E8 <= 0 ? Quantity.Zero : new Quantity(notional.E8 / (price.Units * spec.AmountPerUnitLot));

    /// <summary>An order's size for a notional: cut to the market's largest, zero if it is below the smallest size or notional.</summary>
    public static Quantity Order(MarketSpec spec, Price price, Amount notional, bool market)
    {
        Quantity lots = Quantity.Min(Lots(spec, price, notional), market ? spec.MaxMarketQuantity : spec.MaxQuantity);
        return lots < spec.MinQuantity || spec.Notional(price, lots) < spec.MinNotional ? Quantity.Zero : lots;
    }

    /// <summary>The largest notional that the available balance opens at a leverage, with room for fee and spread.</summary>
    public static Amount Affordable(Amount available, int leverage) =>
        available.IsNegative
            ? Amount.Zero
            : new Amount(Rounding.MulDivDown(available.E8, leverage * 1000L, 1000 + leverage * CostPerMille));

    /// <summary>amount × fraction, rounded down; fraction in 1e-8, ≥ 0.</summary>
    public static Amount Part(Amount amount, long fraction) => new(Rounding.MulDivDown(amount.E8, fraction, Rate.One));

    /// <summary>part / whole in 1e-8, rounded down; 0 if whole is not positive.</summary>
    public static long Ratio(Amount part, Amount whole) => whole.E8 <= 0 ? 0 : Rounding.MulDivDown(part.E8, Rate.One, whole.E8);

    /// <summary>A price moved by a fraction in 1e-8 (negative: down), on no particular tick.</summary>
    public static Price Shift(Price price, long fraction) => new(price.Units + Rounding.MulDivDown(price.Units, fraction, Rate.One));

    /// <summary>A limit price on a tick, inside the price filters and the band around the mark; buys round down, sells up.</summary>
    public static Price Limit(MarketSpec spec, Side side, Price wanted, Price mark)
    {
        if (side == Side.Buy)
        {
            Price top = spec.TickDown(Shift(mark, spec.PriceBand.E8));
            Price price = spec.TickDown(wanted);
            return price > top ? top : price < spec.MinPrice ? spec.MinPrice : price;
        }

        Price bottom = spec.TickUp(Shift(mark, -spec.PriceBand.E8));
        Price ask = spec.TickUp(wanted);
        return ask < bottom ? bottom : ask > spec.MaxPrice ? spec.MaxPrice : ask;
    }
}
