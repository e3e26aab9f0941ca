using System.Text.Json;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Alerts;

/// <summary>
/// Alerts that an account sets for itself: signed like every other call, its errors in Binance's form. An addition of this exchange.
/// </summary>
internal static class AlertOperations
{
    public const string Path = "/account/v1/alerts";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<Operation> All { get; } =
    [
        Signed("alerts", "GET", KeyScopes.Read, ListAsync),
        Signed("setAlert", "POST", KeyScopes.Trade, AddAsync),
        Signed("removeAlert", "DELETE", KeyScopes.Trade, RemoveAsync),
    ];

    private static Operation Signed(string name, string method, KeyScopes scope, OperationHandler handler) => new()
    {
        Name = name,
        Group = "Alerts",
        Method = method,
        Path = Path,
        Security = CallSecurity.Signed,
        Scope = scope,
        Note = "not Binance's: margin ratio and price alerts of the account",
        Handler = handler,
    };

    private static ValueTask<BinanceError?> ListAsync(CallContext call) => Answer(call, book => AlertEndpoints.List(book, Number(call)));

    private static ValueTask<BinanceError?> AddAsync(CallContext call)
    {
        CallParameters p = call.Parameters;
        if (!Enum.TryParse(p.Text("kind"), out AlertKind kind)) p.Fail(BinanceError.Invalid("kind"));
        if (!Enum.TryParse(p.TextOr("direction", nameof(AlertDirection.Above)), out AlertDirection direction)) p.Fail(BinanceError.Invalid("direction"));
        var terms = new SetAlert(kind, p.Text("threshold"), direction, Optional("symbol"), p.Bool("repeats", false), Optional("webhook"));
        return call.Fault is { } fault ? new(fault) : Answer(call, book => AlertEndpoints.Add(book, Number(call), terms));

        string? Optional(string name) => p.Has(name) ? p.TextOr(name, "") : null;
    }

    private static ValueTask<BinanceError?> RemoveAsync(CallContext call)
    {
        string id = call.Parameters.Text("alertId");
        if (call.Fault is { } fault) return new(fault);
        return Answer(call, book => book.Remove(Number(call), id)
            ? new Dictionary<string, string> { ["alertId"] = id }
            : throw AdminProblem.NotFound("such alert"));
    }

    private static long Number(CallContext call) => call.Grant!.Account.Number;

    private static ValueTask<BinanceError?> Answer<T>(CallContext call, Func<AlertBook, T> work)
    {
        if (call.Services.Alerts is not { } book) return new(new BinanceError(-5000, "This exchange has no alerts.", 404));
        try
        {
            JsonSerializer.Serialize(call.Json, work(book), s_json);
            return default;
        }
        catch (AdminProblem problem)
        {
            return new(new BinanceError(-1130, problem.Message, problem.Status));
        }
    }
}
