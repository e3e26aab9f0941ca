using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CrossMargin.Load.Measuring;

/// <summary>Rows as a Markdown table, and as JSON.</summary>
internal static class ResultTable
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static string Machine => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, .NET {Environment.Version}");

    public static void Print(IReadOnlyList<ResultRow> rows, TextWriter output)
    {
        output.WriteLine("| what | figure | baseline | ratio | goal |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (ResultRow row in rows)
        {
            string figure = $"{Text(row.Figure)} {row.Unit}".TrimEnd();
            output.WriteLine($"| {row.What} | {figure} | {Text(row.Baseline)} | {Text(row.Ratio)} | {row.Goal} |");
        }

        output.WriteLine();
        output.WriteLine($"Machine: {Machine}");
    }

    public static void WriteJson(IReadOnlyList<ResultRow> rows, string file) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new { machine = Machine, time = DateTime.UtcNow, rows }, s_indented) + "\n");

    private static string Text(double? value) => value switch
    {
        null => "",
        >= 1_000 or <= -1_000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        string? line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
