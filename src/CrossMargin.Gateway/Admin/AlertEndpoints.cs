using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="IsOver">A one-shot that has fired.</param>
/// <param name="LastFired">Exchange time, or null.</param>
public sealed record AlertItem(
    string Id, long Account, AlertKind Kind, AlertDirection Direction, string? Symbol, string Threshold, bool Repeats, string? Webhook, long Created,
    bool IsOver, long Fired, long? LastFired)
{
    public static AlertItem Of(AlertRecord a) => new(
        a.Id, a.Number, a.Kind, a.Direction, a.Symbol, a.Threshold, a.Repeats, a.Webhook, a.Created, a.IsOver, a.Fired,
        a.LastFired == 0 ? null : a.LastFired);
}

/// <param name="WebhookSecret">Signs the posts to the webhook; shown this once.</param>
public sealed record NewAlert(AlertItem Alert, string? WebhookSecret);

public sealed record AlertList(IReadOnlyList<AlertItem> Alerts);

/// <summary>Alerts of an account, set by the operator or by the account itself.</summary>
internal static class AlertEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/accounts/{number:long}/alerts").WithTags("Alerts");
        group.MapGet("", ListAsync).WithSummary("Alerts of an account, those over too");
        group.MapPost("", AddAsync).WithSummary("Set a margin ratio or price alert, with or without a webhook");
        group.MapDelete("/{id}", Remove).WithSummary("Remove an alert");
    }

    public static AlertList List(AlertBook book, long number) => new([.. book.Of(number).Select(AlertItem.Of)]);

    public static NewAlert Add(AlertBook book, long number, SetAlert terms)
    {
        (AlertRecord alert, string? secret) = book.Add(number, terms);
        return new NewAlert(AlertItem.Of(alert), secret);
    }

    private static async Task<AlertList> ListAsync(long number, AccountLifecycle accounts, AlertBook book)
    {
        await accounts.FindAsync(number).ConfigureAwait(false);
        return List(book, number);
    }

    private static async Task<Created<NewAlert>> AddAsync(long number, AdminBody<SetAlert> body, AccountLifecycle accounts, AlertBook book)
    {
        AccountRecord record = await accounts.FindOpenAsync(number).ConfigureAwait(false);
        NewAlert alert = Add(book, record.Number, body.Value);
        return TypedResults.Created($"/admin/v1/accounts/{number}/alerts/{alert.Alert.Id}", alert);
    }

    private static NoContent Remove(long number, string id, AlertBook book) =>
        book.Remove(number, id) ? TypedResults.NoContent() : throw AdminProblem.NotFound($"such alert of account {number}");
}
