using System.Globalization;

namespace CrossMargin.Server.Simulate;

/// <summary>Numbers as they stand in settings.</summary>
public static class OptionNumbers
{
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    public static ulong Seed(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
