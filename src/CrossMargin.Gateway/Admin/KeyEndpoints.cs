using CrossMargin.Gateway.Accounts;
using CrossMargin.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="Label">For people.</param>
/// <param name="Scopes">Left out: Read and Trade.</param>
/// <param name="Expires">Wall clock, Unix milliseconds; left out: never.</param>
/// <param name="Addresses">IP addresses or CIDR ranges; left out: from anywhere.</param>
/// <param name="Unlimited">No limits on requests and orders, for load tests.</param>
public sealed record KeyTerms(
    string Label = "", IReadOnlyList<KeyScopeName>? Scopes = null, long? Expires = null, IReadOnlyList<string>? Addresses = null,
    bool Unlimited = false)
{
    internal ApiKeyTerms ToTerms()
    {
        KeyScopes scopes = KeyScopes.None;
        foreach (KeyScopeName scope in Scopes ?? [KeyScopeName.Read, KeyScopeName.Trade]) scopes |= (KeyScopes)scope;
        if (scopes == KeyScopes.None) throw AdminProblem.BadValue("scopes", "at least one of Read, Trade, Withdraw");
        if (!AddressList.TryParse(Addresses ?? [], out _, out string? problem)) throw AdminProblem.BadValue("addresses", problem!);
        if (Expires <= 0) throw AdminProblem.BadValue("expires", "must be Unix milliseconds");
        string label = Label.Length == 0 ? "" : AdminText.Name(Label, "label");
        return new ApiKeyTerms(label, scopes, Expires, [.. Addresses ?? []], Unlimited);
    }
}

/// <summary>API keys of an account.</summary>
internal static class KeyEndpoints
{
    private const int MaxKeys = 100;

    public static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/accounts/{number:long}/keys").WithTags("Keys");
        group.MapGet("", ListAsync).WithSummary("Keys of an account, without their secrets");
        group.MapPost("", AddAsync).WithSummary("Make a key; its secret is shown this once");
        group.MapPut("/{apiKey}", UpdateAsync).WithSummary("Replace a key's terms; its secret stays");
        group.MapDelete("/{apiKey}", RemoveAsync).WithSummary("Remove a key: it stops working at once");
    }

    private static async Task<KeyList> ListAsync(long number, AccountLifecycle accounts, IAccountDirectory directory)
    {
        await accounts.FindAsync(number).ConfigureAwait(false);
        return new KeyList([.. (await directory.KeysAsync(number).ConfigureAwait(false)).Select(KeyItem.Of)]);
    }

    private static async Task<Created<NewKeyItem>> AddAsync(
        long number, AdminBody<KeyTerms> body, AccountLifecycle accounts, IAccountDirectory directory)
    {
        ApiKeyTerms terms = body.Value.ToTerms();
        await accounts.FindOpenAsync(number).ConfigureAwait(false);
        int have = (await directory.KeysAsync(number).ConfigureAwait(false)).Count;
        if (have >= MaxKeys) throw AdminProblem.Conflict($"account {number} has {have} keys, at most {MaxKeys} are allowed");
        NewApiKey key = await directory.AddKeyAsync(number, terms).ConfigureAwait(false);
        return TypedResults.Created($"/admin/v1/accounts/{number}/keys/{key.Record.ApiKey}", NewKeyItem.Of(key));
    }

    private static async Task<KeyItem> UpdateAsync(long number, string apiKey, AdminBody<KeyTerms> body, IAccountDirectory directory) =>
        KeyItem.Of(await directory.UpdateKeyAsync(number, apiKey, body.Value.ToTerms()).ConfigureAwait(false)
            ?? throw AdminProblem.NotFound($"such key of account {number}"));

    private static async Task<NoContent> RemoveAsync(long number, string apiKey, IAccountDirectory directory) =>
        await directory.RemoveKeyAsync(number, apiKey).ConfigureAwait(false)
            ? TypedResults.NoContent()
            : throw AdminProblem.NotFound($"such key of account {number}");
}
