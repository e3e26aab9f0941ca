using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>One market's prices and quantities as text, both ways. Immutable, thread-safe.</summary>
public sealed class MarketFormat
{
    private readonly int _unitDecimals;
    private readonly long _lotFactor;

    public MarketFormat(MarketSpec spec)
    {
        Spec = spec;
        _unitDecimals = 18;
        for (Int128 unit = spec.PriceUnitE18; unit > 1 && unit % 10 == 0; unit /= 10) _unitDecimals--;
        if (spec.PriceUnitE18 != Power(18 - _unitDecimals)) throw new InvalidOperationException($"{spec.Symbol}: the price unit is no power of ten");
        _lotFactor = (long)(spec.LotSizeE18 / Power(18 - spec.QuantityDecimals));
        AverageDecimals = Math.Max(8, spec.PriceDecimals + 2);
    }

    public MarketSpec Spec { get; }
    public MarketId Id => Spec.Id;
    public string Symbol => Spec.Symbol;

    /// <summary>Decimals of derived prices: entry, average, break-even.</summary>
    public int AverageDecimals { get; }

    /// <summary>A price with the tick's decimals, more only where it lies between ticks; "0" for none.</summary>
    public void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Price price) =>
        json.WriteDecimal(name, price.Units, _unitDecimals, Math.Min(_unitDecimals, price.IsNone ? 0 : Spec.PriceDecimals));

    public void WriteValue(Utf8JsonWriter json, Price price) =>
        json.WriteDecimalValue(price.Units, _unitDecimals, Math.Min(_unitDecimals, Spec.PriceDecimals));

    public void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Quantity quantity) =>
        json.WriteDecimal(name, (Int128)quantity.Lots * _lotFactor, Spec.QuantityDecimals, Spec.QuantityDecimals);

    public void WriteValue(Utf8JsonWriter json, Quantity quantity) =>
        json.WriteDecimalValue((Int128)quantity.Lots * _lotFactor, Spec.QuantityDecimals, Spec.QuantityDecimals);

    /// <summary>
    /// cost / quantity, to the nearest at <see cref="AverageDecimals"/>, ties to even; "0" without a quantity. Both have the same sign.
    /// </summary>
    public void WriteAverage(Utf8JsonWriter json, ReadOnlySpan<byte> name, Amount cost, Quantity quantity) =>
        json.WriteDecimal(name, Average(cost, quantity), AverageDecimals, quantity.IsZero ? 0 : Spec.PriceDecimals);

    /// <summary>cost / quantity × 10^<see cref="AverageDecimals"/>, to the nearest, ties to even; 0 without a quantity.</summary>
    public Int128 Average(Amount cost, Quantity quantity) => Average((Int128)cost.E8, quantity);

    /// <summary>As above, for sums that pass 63 bits.</summary>
    public Int128 Average(Int128 costE8, Quantity quantity)
    {
        if (quantity.IsZero) return 0;
        Int128 lots = (Int128)Math.Abs(quantity.Lots) * Spec.AmountPerUnitLot;
        Int128 money = quantity.Lots < 0 ? -costE8 : costE8;
        return AverageDecimals >= _unitDecimals
            ? Rounding.DivHalfEven(money * Power(AverageDecimals - _unitDecimals), lots)
            : Rounding.DivHalfEven(money, lots * Power(_unitDecimals - AverageDecimals));
    }

    /// <summary>
    /// The price at which closing as a taker leaves nothing of the position's own cost: cost / (quantity × (1 ∓ fee)).
    /// </summary>
    public Int128 BreakEven(Amount cost, Quantity quantity, Rate takerFee)
    {
        Int128 entry = Average(cost, quantity);
        long share = quantity.Lots > 0 ? Rate.One - takerFee.E8 : Rate.One + takerFee.E8;
        return share <= 0 ? entry : Rounding.DivHalfEven(entry * Rate.One, share);
    }

    /// <summary>
    /// The last price; before a market's first trade its index price on the nearest tick, because clients divide by it. None without either.
    /// </summary>
    public static Price LastOrIndex(MarketSpec spec, Price last, Price index) =>
        !last.IsNone || index.IsNone ? last : spec.TickDown(new Price(index.Units + spec.TickUnits / 2));

    /// <summary>A price of an order: at most the tick's decimals.</summary>
    internal DecimalFault ReadPrice(ReadOnlySpan<char> text, out Price price)
    {
        price = Price.None;
        DecimalFault fault = DecimalReading.Read(text, Spec.PriceDecimals, out long value);
        if (fault != DecimalFault.None) return fault;
        Int128 units = _unitDecimals >= Spec.PriceDecimals
            ? value * Power(_unitDecimals - Spec.PriceDecimals)
            : value / Power(Spec.PriceDecimals - _unitDecimals);
        if (units > long.MaxValue || units < long.MinValue) return DecimalFault.TooLarge;
        price = new Price((long)units);
        return DecimalFault.None;
    }

    /// <summary>A size; off the step: <paramref name="offStep"/>.</summary>
    internal DecimalFault ReadQuantity(ReadOnlySpan<char> text, out Quantity quantity, out bool offStep)
    {
        DecimalFault fault = DecimalReading.Read(text, Spec.QuantityDecimals, out long value);
        offStep = fault == DecimalFault.None && value % _lotFactor != 0;
        quantity = new Quantity(fault == DecimalFault.None ? value / _lotFactor : 0);
        return fault;
    }

    /// <summary>Text for messages.</summary>
    public string Text(Price price) => Spec.Format(price);

    public string Text(Quantity quantity) => Spec.Format(quantity);

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}

/// <summary>All markets of the exchange by symbol and id. Immutable, thread-safe.</summary>
public sealed class MarketFormats
{
    private readonly MarketFormat[] _all;
    private readonly Dictionary<string, MarketFormat>.AlternateLookup<ReadOnlySpan<char>> _bySymbol;

    public MarketFormats(VenueProfile profile)
    {
        _all = [.. profile.Markets.Select(m => new MarketFormat(m))];
        _bySymbol = _all.ToDictionary(m => m.Symbol, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        Settlement = profile.SettlementAsset;
        Profile = profile;
    }

    public VenueProfile Profile { get; }
    public string Settlement { get; }
    public IReadOnlyList<MarketFormat> All => _all;
    public MarketFormat First => _all[0];

    public MarketFormat this[MarketId id] => _all[id.Value - 1];

    public bool TryFind(ReadOnlySpan<char> symbol, out MarketFormat? market) => _bySymbol.TryGetValue(symbol, out market);

    /// <summary>The name of an asset; the settlement asset is zero.</summary>
    public string AssetName(AssetId asset)
    {
        if (asset == AssetId.Settlement) return Settlement;
        foreach (CollateralAsset known in Profile.Collateral.Assets)
        {
            if (known.Id == asset) return known.Name;
        }

        return $"ASSET{asset.Value}";
    }
}
