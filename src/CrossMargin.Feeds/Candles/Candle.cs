using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>
/// One recorded bar of one market, in the market's price units and lots: 0 &lt; low ≤ open, close ≤ high. Prices were rounded to the unit
/// half to even, the volume (≥ 0) down to the lot.
/// </summary>
/// <param name="OpenTime">When the bar opened; it lasts until the next bar opens.</param>
public readonly record struct Candle(Timestamp OpenTime, Price Open, Price High, Price Low, Price Close, Quantity Volume);
