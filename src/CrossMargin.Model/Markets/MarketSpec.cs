using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>
/// Everything about one market that does not change while an exchange runs. Immutable, thread-safe. Built by the profile reader,
/// which refuses a spec whose tick × lot is not a whole number of 1e-8.
/// </summary>
public sealed class MarketSpec
{
    public required MarketId Id { get; init; }

    /// <summary>The venue's name of the market ("BTCUSDT").</summary>
    public required string Symbol { get; init; }
    public required string BaseAsset { get; init; }
    public required string QuoteAsset { get; init; }

    /// <summary>The price unit in 1e-18 of the settlement asset: the finest decimal step for which unit × lot is a whole number of 1e-8.</summary>
    public required Int128 PriceUnitE18 { get; init; }

    /// <summary>The lot (quantity step) in 1e-18 of the base asset.</summary>
    public required Int128 LotSizeE18 { get; init; }

    /// <summary>How many 1e-8 of the settlement asset one price unit × one lot is; ≥ 1. Notional = price × quantity × this, exactly.</summary>
    public required long AmountPerUnitLot { get; init; }

    /// <summary>The tick in price units; order prices are multiples of it.</summary>
    public required long TickUnits { get; init; }

    /// <summary>Decimals shown for prices on ticks and for quantities.</summary>
    public required int PriceDecimals { get; init; }
    public required int QuantityDecimals { get; init; }

    /// <summary>Smallest and largest order price (filters), on ticks.</summary>
    public required Price MinPrice { get; init; }
    public required Price MaxPrice { get; init; }

    public required Quantity MinQuantity { get; init; }
    public required Quantity MaxQuantity { get; init; }

    /// <summary>Largest size of one MARKET order.</summary>
    public required Quantity MaxMarketQuantity { get; init; }

    /// <summary>Smallest notional of an order that is not reduce-only.</summary>
    public required Amount MinNotional { get; init; }

    /// <summary>An order to buy above mark × (1 + band), or to sell below mark × (1 − band), is refused.</summary>
    public required Rate PriceBand { get; init; }

    /// <summary>A MARKET order's bound lies no farther from the mark than this fraction of it.</summary>
    public required Rate TakeBound { get; init; }

    /// <summary>An index move between two updates larger than this fraction is wild: liquidation pauses and market orders are refused.</summary>
    public required Rate JumpBand { get; init; }

    /// <summary>A <see cref="OrderFlags.PriceProtect"/> trigger is refused while |last − mark| / mark exceeds this.</summary>
    public required Rate TriggerProtect { get; init; }

    /// <summary>Share of a liquidation fill's notional that the liquidated account pays to the insurance fund.</summary>
    public required Rate LiquidationFee { get; init; }

    public required int MaxOpenOrders { get; init; }
    public required int MaxOpenTriggers { get; init; }

    public required TierTable Tiers { get; init; }
    public required FundingSpec Funding { get; init; }
    public required HouseSpec House { get; init; }

    /// <summary>Largest position the insurance fund may take over in this market, by notional at the mark.</summary>
    public required Amount FundPositionLimit { get; init; }

    /// <summary>Names of the fields that have no public source ("assumed" in the profile).</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>price × quantity in the settlement asset, exact and checked; the sign is the quantity's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Amount Notional(Price price, Quantity quantity) => new(price.Units * quantity.Lots * AmountPerUnitLot);

    public bool IsOnTick(Price price) => price.Units % TickUnits == 0;

    /// <summary>The nearest tick at or above / at or below a price.</summary>
    public Price TickUp(Price price) => new(Rounding.DivUp(price.Units, TickUnits) * TickUnits);
    public Price TickDown(Price price) => new(Rounding.DivDown(price.Units, TickUnits) * TickUnits);

    /// <summary>Decimal text of a price in the settlement asset, without trailing zeros.</summary>
    public string Format(Price price) => DecimalText.Format(price.Units * PriceUnitE18, 18);

    /// <summary>Decimal text of a quantity in the base asset, without trailing zeros.</summary>
    public string Format(Quantity quantity) => DecimalText.Format(quantity.Lots * LotSizeE18, 18);

    public bool TryParsePrice(ReadOnlySpan<char> text, DecimalRounding rounding, out Price price)
    {
        bool ok = DecimalText.TryParseUnits(text, PriceUnitE18, rounding, out long units);
        price = new Price(units);
        return ok;
    }

    public bool TryParseQuantity(ReadOnlySpan<char> text, DecimalRounding rounding, out Quantity quantity)
    {
        bool ok = DecimalText.TryParseUnits(text, LotSizeE18, rounding, out long lots);
        quantity = new Quantity(lots);
        return ok;
    }

    public override string ToString() => Symbol;
}
