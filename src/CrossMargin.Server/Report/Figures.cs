using System.Globalization;
using CrossMargin.Model;

namespace CrossMargin.Server.Report;

/// <summary>Numbers as people read them: rounded, with separators. The exact ones are in report.json.</summary>
public static class Figures
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Whole units of an amount in 1e-8.</summary>
    public static string Whole(Int128 e8) => Count((long)(e8 / Amount.One));

    /// <summary>"1.43 B", "95.2 M", "66.1 k", "12.5": an amount in 1e-8.</summary>
    public static string ShortAmount(Int128 e8) => Short((double)e8 / Amount.One);

    public static string Short(double value)
    {
        double size = Math.Abs(value);
        (double unit, string name) = size switch
        {
            >= 999_500_000 => (1e9, " B"),
            >= 999_500 => (1e6, " M"),
            >= 9_995 => (1e3, " k"),
            _ => (1, ""),
        };
        double shown = value / unit;
        string format = Math.Abs(shown) >= 100 ? "0" : Math.Abs(shown) >= 10 ? "0.#" : "0.##";
        return shown.ToString(format, CultureInfo.InvariantCulture) + name;
    }

    public static string Percent(Rate rate) => Percent(rate, "0.00");

    public static string Percent(Rate rate, string format) => (rate.E8 / 1e6).ToString(format, CultureInfo.InvariantCulture) + " %";

    /// <summary>With its sign, for changes and returns.</summary>
    public static string Change(Rate rate) => Percent(rate, "+0.0;-0.0;0.0");

    public static Rate Share(Int128 part, Int128 all) => all == 0 ? Rate.Zero : new Rate((long)(part * Rate.One / all));

    /// <summary>A price rounded to the market's tick decimals.</summary>
    public static string Price(MarketSpec market, Price price)
    {
        Int128 e18 = price.Units * market.PriceUnitE18;
        Int128 step = 1;
        for (int i = market.PriceDecimals; i < 18; i++) step *= 10;
        return DecimalText.FormatFixed((e18 + (step / 2)) / step, market.PriceDecimals);
    }

    public static double Value(MarketSpec market, long units) => units * ((double)market.PriceUnitE18 / 1e18);
}
