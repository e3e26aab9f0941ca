using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CrossMargin.AspNetCore.Tests;

/// <summary>The sample application as a process of its own, as its reader runs it.</summary>
public sealed class SampleTests : IDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task EmbedInAspNetCore_Run_ServesTheExchangeAndItsOwnPage()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = _folder.Path };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EmbedInAspNetCore.dll"));
        foreach (string argument in new[] { "--urls", "http://127.0.0.1:0", "--data", Path.Combine(_folder.Path, "data") }) start.ArgumentList.Add(argument);
        using Process sample = Process.Start(start)!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(await AddressAsync(sample.StandardOutput).WaitAsync(s_longest)), Timeout = s_longest };
            _ = sample.StandardOutput.ReadToEndAsync();
            Assert.Contains("my competition", await http.GetStringAsync("/"), StringComparison.Ordinal);
            JsonNode info = JsonNode.Parse(await http.GetStringAsync("/fapi/v1/exchangeInfo"))!;
            Assert.Contains(info["symbols"]!.AsArray(), s => (string)s!["symbol"]! == "BTCUSDT");
            Assert.Contains("<html", await http.GetStringAsync("/admin/"), StringComparison.OrdinalIgnoreCase);
            await TestApp.UntilAsync(
                async () => (string)JsonNode.Parse(await http.GetStringAsync("/fapi/v1/premiumIndex?symbol=BTCUSDT"))!["markPrice"]! != "0.00000000",
                "a price");
        }
        finally
        {
            sample.Kill();
            await sample.WaitForExitAsync().WaitAsync(s_longest);
        }

        Assert.True(File.Exists(Path.Combine(_folder.Path, "data", "exchange.journal")));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> AddressAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0) return line[(at + Listening.Length)..].Trim();
        }

        throw new InvalidOperationException("the sample ended");
    }
}
