using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>How near an account's worst pool is to liquidation, by maintenance / equity.</summary>
public enum RatioBand
{
    /// <summary>No position.</summary>
    Flat = 0,
    Below25 = 1,
    Below50 = 2,
    Below75 = 3,
    Below90 = 4,

    /// <summary>90 % and more, and not in liquidation.</summary>
    Critical = 5,

    /// <summary>A pool of the account is being liquidated, or waits for it.</summary>
    InLiquidation = 6,
}

public static class RatioBands
{
    public const int Count = 7;

    public static readonly IReadOnlyList<string> Names = ["flat", "below25", "from25to50", "from50to75", "from75to90", "from90", "inLiquidation"];

    /// <summary>The band of a pool with positions.</summary>
    public static RatioBand Of(Amount equity, Amount maintenance)
    {
        // Compared crosswise: a ratio would have to be divided, and equity may be zero or less.
        Int128 hundredfold = (Int128)maintenance.E8 * 100;
        if (!equity.IsPositive || hundredfold >= (Int128)equity.E8 * 90) return RatioBand.Critical;
        if (hundredfold >= (Int128)equity.E8 * 75) return RatioBand.Below90;
        if (hundredfold >= (Int128)equity.E8 * 50) return RatioBand.Below75;
        return hundredfold >= (Int128)equity.E8 * 25 ? RatioBand.Below50 : RatioBand.Below25;
    }
}
