using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CrossMargin.Benchmarks;

/// <summary>Prints the rows as one table, and writes them as JSON.</summary>
internal static class BenchmarkTable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(IReadOnlyList<BenchmarkRow> rows, TextWriter output)
    {
        var cells = new List<string[]> { (string[])["what", "figure", "unit", "baseline", "ratio", "goal"] };
        foreach (BenchmarkRow row in rows)
        {
            cells.Add([row.Name, Format(row.Figure), row.Unit, Format(row.Baseline), Format(row.Ratio), row.Goal]);
        }

        int[] widths = [.. Enumerable.Range(0, 6).Select(column => cells.Max(c => c[column].Length))];
        foreach (string[] line in cells)
        {
            output.WriteLine(string.Join("  ", line.Select((text, column) =>
                column is 1 or 3 or 4 ? text.PadLeft(widths[column]) : text.PadRight(widths[column]))).TrimEnd());
        }

        output.WriteLine(Machine);
    }

    public static void WriteJson(IReadOnlyList<BenchmarkRow> rows, string file) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new { machine = Machine, rows }, Indented) + "\n");

    private static string Machine => string.Create(CultureInfo.InvariantCulture,
        $"machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}");

    private static string Format(double? value) => value switch
    {
        null => "",
        >= 1_000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
