using System.Globalization;
using System.Text;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>Pieces of SQL that print integers as exact decimals, times and names. Nothing passes through a binary float.</summary>
internal static class HistorySql
{
    private static readonly string s_one = Amount.One.ToString(CultureInfo.InvariantCulture);

    /// <summary>value / scale as <see cref="DecimalText.Format"/> prints it; scale is 10^decimals. Null stays null.</summary>
    public static string Decimal(string value, string scale, string decimals) =>
        $"CASE WHEN {value} IS NULL THEN NULL ELSE rtrim(rtrim(printf('%s%d.%0*d', CASE WHEN {value} < 0 THEN '-' ELSE '' END, "
        + $"abs({value} / {scale}), {decimals}, abs({value} % {scale})), '0'), '.') END";

    /// <summary>A column of 1e-8, printed under its name without the suffix.</summary>
    public static string Money(string column) => $"{Decimal(column, s_one, "8")} AS {Plain(column)}";

    /// <summary>A price of the market that is joined as m; 0 is no price.</summary>
    public static string Price(string column) =>
        $"{Decimal($"(nullif({column}, 0) * m.price_step)", "m.price_scale", "m.price_decimals")} AS {Plain(column)}";

    /// <summary>A quantity of the market that is joined as m.</summary>
    public static string Quantity(string column) =>
        $"{Decimal($"({column} * m.quantity_step)", "m.quantity_scale", "m.quantity_decimals")} AS {Plain(column)}";

    /// <summary>ISO 8601 text of a column of Unix milliseconds, by the column's own name; null or 0 is none.</summary>
    public static string Time(string column)
    {
        string ms = $"nullif({column}, 0)";
        return $"strftime('%Y-%m-%dT%H:%M:%S', {ms} / 1000, 'unixepoch') || printf('.%03dZ', {ms} % 1000) AS {Plain(column)}";
    }

    /// <summary>The upper-case name of a number of an enum.</summary>
    public static string Name<TEnum>(string column)
        where TEnum : struct, Enum
    {
        var sql = new StringBuilder($"CASE {column}");
        foreach (TEnum value in Enum.GetValues<TEnum>())
        {
            long number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
            sql.Append(CultureInfo.InvariantCulture, $" WHEN {number} THEN '{Upper(value.ToString())}'");
        }

        return sql.Append(CultureInfo.InvariantCulture, $" END AS {Plain(column)}").ToString();
    }

    /// <summary>1 or 0: whether a flag is set.</summary>
    public static string Flag(string column, OrderFlags flag, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"({column} & {(int)flag}) <> 0 AS {name}");

    /// <summary>"PartiallyFilled" becomes "PARTIALLY_FILLED".</summary>
    public static string Upper(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }

    // "f.fee_e8" is shown as "fee".
    private static string Plain(string column)
    {
        string name = column[(column.IndexOf('.', StringComparison.Ordinal) + 1)..];
        foreach (string suffix in (string[])["_e8", "_units", "_lots", "_ms"])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal)) return name[..^suffix.Length];
        }

        return name;
    }
}
