using System.Globalization;
using System.Text;

namespace CrossMargin.Server.Tests.Simulate;

/// <summary>What a call of the program said.</summary>
public sealed record Said(int Code, string Output, string Error)
{
    /// <summary>The last line's hash.</summary>
    public string StateHash => Output.TrimEnd().Split('\n')[^1].Trim() is var line && line.StartsWith("state hash: ", StringComparison.Ordinal)
        ? line["state hash: ".Length..]
        : throw new InvalidOperationException("no state hash in: " + Output + Error);
}

/// <summary>Calls the program in this process, and makes small inputs for it.</summary>
public static class Calls
{
    public const string Header = "time,symbol,open,high,low,close,volume\n";

    /// <summary>2021-05-19 00:00 UTC.</summary>
    public const long Midnight = 1_621_382_400_000;

    public static Said Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = CommandLine.Run(arguments, output, error);
        return new Said(code, output.ToString(), error.ToString());
    }

    /// <summary>Minute bars of two symbols that slide, crash and recover a little.</summary>
    public static string Crash(int bars)
    {
        var text = new StringBuilder(Header);
        (string Symbol, decimal Price)[] markets = [("BTCUSDT", 40_000m), ("ETHUSDT", 3_000m)];
        for (int i = 0; i < bars; i++)
        {
            decimal change = i < bars / 3 ? 0.9995m : i < 2 * bars / 3 ? 0.985m : 1.004m;
            for (int m = 0; m < markets.Length; m++)
            {
                decimal open = markets[m].Price;
                decimal close = decimal.Round(open * change, 2);
                decimal high = decimal.Round(Math.Max(open, close) * 1.001m, 2);
                decimal low = decimal.Round(Math.Min(open, close) * 0.998m, 2);
                text.Append(CultureInfo.InvariantCulture, $"{Midnight + (i * 60_000L)},{markets[m].Symbol},{open},{high},{low},{close},{500 * (m + 1)}\n");
                markets[m].Price = close;
            }
        }

        return text.ToString();
    }
}
