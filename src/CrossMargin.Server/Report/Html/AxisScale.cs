using System.Globalization;
using CrossMargin.Model;

namespace CrossMargin.Server.Report.Html;

/// <summary>What an axis counts.</summary>
public enum AxisUnit
{
    Count = 1,

    /// <summary>Whole units of the settlement asset.</summary>
    Money = 2,

    /// <summary>Values are percent.</summary>
    Percent = 3,
    Price = 4,
}

/// <summary>Round ticks over a range of values.</summary>
public sealed class AxisScale
{
    private AxisScale(double low, double high, double step) => (Low, High, Step) = (low, high, step);

    public double Low { get; }
    public double High { get; }
    public double Step { get; }

    /// <summary>A scale with about five ticks that holds both values.</summary>
    public static AxisScale Over(double low, double high)
    {
        if (!(high > low)) (low, high) = low == 0 ? (0, 1) : (low - (Math.Abs(low) * 0.05), low + (Math.Abs(low) * 0.05));
        double raw = (high - low) / 5;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 } * power;
        return new AxisScale(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    public IEnumerable<double> Ticks()
    {
        int count = (int)Math.Round((High - Low) / Step);
        for (int i = 0; i <= count; i++) yield return Low + (i * Step);
    }

    public static string Label(double value, AxisUnit unit) => unit switch
    {
        AxisUnit.Percent => value.ToString("0.##", CultureInfo.InvariantCulture) + " %",
        AxisUnit.Price => value.ToString(Math.Abs(value) >= 1000 ? "#,0" : Math.Abs(value) >= 10 ? "0.##" : "0.####", CultureInfo.InvariantCulture),
        _ => Figures.Short(value),
    };

    /// <summary>Moments on whole hours (or days) for a time axis, about eight.</summary>
    public static IEnumerable<(long Time, string Label)> Times(long from, long to)
    {
        long[] steps = [1_000, 5_000, 10_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000];
        long step = Array.Find(steps, s => (to - from) / s <= 8);
        if (step == 0) step = ((to - from) / 8 / 86_400_000 * 86_400_000) + 86_400_000;
        for (long t = (from + step - 1) / step * step; t <= to; t += step)
        {
            string text = new Timestamp(t).ToString();
            bool day = t % 86_400_000 == 0;
            yield return (t, day ? text[5..10] : step < 60_000 ? text[11..19] : text[11..16]);
        }
    }
}
