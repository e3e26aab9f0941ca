namespace CrossMargin.Model;

/// <summary>
/// The price unit of a market: the finest decimal step 10^-k (k ≤ 18) for which unit × lot is a whole number of 1e-8, so that
/// price × quantity is an <see cref="Amount"/> without division. The tick must be a whole number of units.
/// </summary>
/// <param name="UnitE18">The unit in 1e-18 of the settlement asset.</param>
/// <param name="AmountPerUnitLot">unit × lot in 1e-8, ≥ 1.</param>
/// <param name="TickUnits">The tick in units, ≥ 1.</param>
public readonly record struct PriceUnits(Int128 UnitE18, long AmountPerUnitLot, long TickUnits)
{
    /// <summary>Derives the unit; both inputs in 1e-18, above 0, at most 10^12. False with the fault as a sentence.</summary>
    public static bool TryDerive(Int128 tickE18, Int128 lotE18, out PriceUnits units, out string fault)
    {
        units = default;

        // 1e-18 × 1e-18 / 1e-8 = 1e-28: the unit 10^-k fits when the lot in 1e-18 is a multiple of 10^(k + 10).
        int zeros = 0;
        for (Int128 rest = lotE18; rest % 10 == 0; rest /= 10) zeros++;
        int k = Math.Min(zeros - 10, 18);
        var product = (System.Numerics.BigInteger)tickE18 * (System.Numerics.BigInteger)lotE18;
        if (!(product % System.Numerics.BigInteger.Pow(10, 28)).IsZero)
        {
            fault = $"tick {Text(tickE18)} × lot {Text(lotE18)} is not a whole number of 1e-8";
            return false;
        }

        Int128 unit = ProfileValues.PowerOfTen(18 - k);
        if (tickE18 % unit != 0)
        {
            fault = $"tick {Text(tickE18)} is not a multiple of the price unit {Text(unit)} that lot {Text(lotE18)} asks for";
            return false;
        }

        // k + 10 zeros may be fewer than the lot has (k is capped at 18): what remains counts.
        Int128 perUnitLot = lotE18 / ProfileValues.PowerOfTen(k + 10);
        Int128 ticks = tickE18 / unit;
        if (perUnitLot > long.MaxValue || ticks > long.MaxValue)
        {
            fault = $"tick {Text(tickE18)} and lot {Text(lotE18)} are too far apart in size for 63-bit prices";
            return false;
        }

        units = new PriceUnits(unit, (long)perUnitLot, (long)ticks);
        fault = "";
        return true;
    }

    private static string Text(Int128 e18) => DecimalText.Format(e18, 18);
}
