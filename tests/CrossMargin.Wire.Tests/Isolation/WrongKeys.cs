using System.Globalization;
using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Isolation;

/// <param name="Code">What Binance answers.</param>
/// <param name="Missing">Scopes that the key lacks; none: it is good for nothing.</param>
internal sealed record WrongKey(string Name, BinanceClient Client, string? Key, int Code, KeyScopes Missing = KeyScopes.None)
{
    /// <summary>Whether this key must not do this.</summary>
    public bool IsWrongFor(Operation operation)
    {
        if (Code == -1022) return operation.Security == CallSecurity.Signed;
        return Missing == KeyScopes.None || (operation.Scope & Missing) != 0;
    }
}

/// <summary>Every way in which a key can be the wrong one.</summary>
internal static class WrongKeys
{
    public static async Task<IReadOnlyList<WrongKey>> MakeAsync(HttpClient http, AdminClient admin, TestAccount owner, TestAccount other)
    {
        long past = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1_000;
        TestAccount expired = await admin.WithKeyAsync(owner, new { scopes = (string[])["Read", "Trade"], expires = past });
        TestAccount reads = await admin.WithKeyAsync(owner, new { scopes = (string[])["Read"] });
        TestAccount trades = await admin.WithKeyAsync(owner, new { scopes = (string[])["Trade"] });
        TestAccount elsewhere = await admin.WithKeyAsync(owner, new
        {
            scopes = (string[])["Read", "Trade"],
            addresses = (string[])["10.1.2.0/24", "2001:db8::1"]
        });
        TestAccount removed = await admin.WithKeyAsync(owner, new { scopes = (string[])["Read", "Trade"] });
        await admin.SendAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"/accounts/{owner.Number}/keys/{removed.Key}"), null);
        WrongKey Of(string name, TestAccount account, int code, KeyScopes missing = KeyScopes.None) =>
            new(name, new BinanceClient(http, account.Key, account.Secret), account.Key, code, missing);
        return
        [
            Of("no key", owner with { Key = "" }, -2014) with { Key = null },
            Of("malformed", owner with { Key = "no key at all!" }, -2014),
            Of("unknown", owner with { Key = new string('k', 64) }, -2015),
            Of("other's secret", owner with { Secret = other.Secret }, -1022),
            Of("expired", expired, -2015),
            Of("removed", removed, -2015),
            Of("from elsewhere", elsewhere, -2015),
            Of("reads only", reads, -2015, KeyScopes.Trade | KeyScopes.Withdraw),
            Of("trades only", trades, -2015, KeyScopes.Read),
        ];
    }
}
