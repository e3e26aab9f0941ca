using System.Text;
using Microsoft.AspNetCore.Http;

namespace CrossMargin.Gateway.Admin;

/// <summary>Comma-separated values after RFC 4180, written row by row.</summary>
internal static class CsvText
{
    /// <summary>Asked for by <c>?format=csv</c>, or by an Accept header that names text/csv.</summary>
    public static bool IsWanted(HttpRequest request, string? format) => format switch
    {
        null => request.Headers.Accept.Any(a => a?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true),
        "csv" => true,
        "json" => false,
        _ => throw AdminProblem.BadValue("format", "must be csv or json"),
    };

    public static IResult Rows(string fileName, string header, IAsyncEnumerable<string[]> rows) => TypedResults.Stream(
        async body =>
        {
            var writer = new StreamWriter(body, new UTF8Encoding(false), 16_384, leaveOpen: true) { NewLine = "\r\n" };
            await using (writer.ConfigureAwait(false))
            {
                await writer.WriteLineAsync(header).ConfigureAwait(false);
                await foreach (string[] row in rows.ConfigureAwait(false))
                {
                    await writer.WriteLineAsync(string.Join(',', row.Select(Field))).ConfigureAwait(false);
                }
            }
        },
        "text/csv; charset=utf-8",
        fileName);

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
