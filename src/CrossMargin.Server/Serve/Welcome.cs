using System.Globalization;
using CrossMargin.AspNetCore;
using CrossMargin.Gateway.Security;

namespace CrossMargin.Server.Serve;

/// <summary>What an operator needs to know once the exchange answers.</summary>
internal static class Welcome
{
    public static void Write(TextWriter output, ServeOptions options, CrossMarginHost host, string[] urls, DemoAccount? demo, TimeSpan took)
    {
        string address = urls[0];
        string seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        string markets = $"{host.Exchange.Profile.Markets.Count} markets of '{host.Exchange.Profile.Name}'";
        output.WriteLine($"CrossMargin serves {markets} at {string.Join(", ", urls)} (ready in {seconds} s)");
        output.WriteLine(options.Folder is { } folder ? $"  data         {Path.GetFullPath(folder)}" : "  data         none is kept (--ephemeral)");
        if (host.IsReadOnly) output.WriteLine($"  read-only    the state after command {options.Until} at {host.Clock.Now}");
        output.WriteLine($"  operator     {address}/admin  (API: {address}/admin/v1)");
        output.WriteLine($"  admin token  {Token(host)}");
        if (demo is not null)
        {
            output.WriteLine($"  demo account {demo.Number}");
            output.WriteLine($"  api key      {demo.ApiKey}");
            output.WriteLine($"  secret       {demo.Secret}");
            output.WriteLine();
            output.WriteLine("Point ccxt at it:");
            foreach (string line in Ccxt(address, demo)) output.WriteLine("  " + line);
        }

        output.WriteLine();
        output.WriteLine("Ctrl-C stops it.");
        output.Flush();
    }

    /// <summary>Three lines of JavaScript, with ccxt 4.5 or later.</summary>
    internal static string[] Ccxt(string address, DemoAccount demo)
    {
        (string secure, string host) = address.StartsWith("https", StringComparison.Ordinal) ? ("s", address[8..]) : ("", address[7..]);
        return
        [
            $"const ex = new ccxt.pro.binanceusdm({{ apiKey: '{demo.ApiKey}', secret: '{demo.Secret}' }})",
            "const at = u => typeof u === 'string' ? u.replace(/^(http|ws)s?:\\/\\/[^/]+/, '$1" + secure + "://" + host
                + "') : Object.fromEntries(Object.entries(u).map(([k, v]) => [k, at(v)]))",
            "ex.urls.api = at(ex.urls.api); await ex.loadHttpProxyAgent()",
        ];
    }

    private static string Token(CrossMarginHost host)
    {
        string given = Environment.GetEnvironmentVariable(AdminToken.EnvironmentVariable) is { Length: > 0 } ? $"as in {AdminToken.EnvironmentVariable}" : "";
        if (given.Length > 0) return given;
        bool first = host.Token.File is null || host.IsFirstStart;
        string where = host.Token.File is { } file ? $"in {Path.GetFullPath(file)}" : "until it stops";
        return first ? $"{host.Token.Reveal()}  ({where})" : where;
    }
}
