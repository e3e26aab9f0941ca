using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CrossMargin.Gateway.Admin;

/// <summary>An operation that cannot be done, as the problem details that its caller reads. Never holds a secret.</summary>
public sealed class AdminProblem : Exception
{
    private readonly IReadOnlyDictionary<string, object?> _figures;

    public AdminProblem(int status, string code, string detail, IReadOnlyDictionary<string, object?>? figures = null)
        : base(detail)
    {
        (Status, Code) = (status, code);
        _figures = figures ?? new Dictionary<string, object?>();
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>A word for programs.</summary>
    public string Code { get; }

    public static AdminProblem BadValue(string field, string what) =>
        new(StatusCodes.Status400BadRequest, "bad_value", $"{field}: {what}", new Dictionary<string, object?> { ["field"] = field });

    public static AdminProblem NotFound(string what) => new(StatusCodes.Status404NotFound, "not_found", $"there is no {what}");

    public static AdminProblem Conflict(string detail) => new(StatusCodes.Status409Conflict, "conflict", detail);

    public static AdminProblem Unavailable(string reason) => new(StatusCodes.Status503ServiceUnavailable, "unavailable", reason);

    /// <summary>The exchange's own refusal, with its limit and the actual figure in words.</summary>
    public static AdminProblem Refused(Refusal refusal, MarketSpec? market)
    {
        RefusalText text = RefusalText.Of(refusal, market);
        int status = refusal.Reason is RejectReason.UnknownAccount or RejectReason.UnknownMarket or RejectReason.UnknownAsset
            ? StatusCodes.Status404NotFound
            : (int)refusal.Reason is >= 200 and < 300 ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict;
        return new AdminProblem(status, "refused", text.Sentence, new Dictionary<string, object?>
        {
            ["reason"] = refusal.Reason.ToString(),
            ["limit"] = text.Limit,
            ["actual"] = text.Actual,
        });
    }

    /// <summary>What an exception says to the caller of an operation, or null for one that is a fault of the program.</summary>
    public static AdminProblem? Of(Exception exception) => exception switch
    {
        AdminProblem problem => problem,
        NotSupportedException e => new(StatusCodes.Status501NotImplemented, "not_supported", e.Message),
        ExchangeUnavailableException e => Unavailable(e.Message),
        ArgumentException e => new(StatusCodes.Status400BadRequest, "bad_value", WithoutParameter(e)),
        KeyNotFoundException e => new(StatusCodes.Status404NotFound, "not_found", e.Message),
        IOException e => Unavailable(e.Message),
        _ => null,
    };

    public IResult ToResult() => TypedResults.Problem(new ProblemDetails
    {
        Status = Status,
        Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status),
        Detail = Message,
        Extensions = new Dictionary<string, object?>(_figures) { ["code"] = Code },
    });

    // ArgumentException adds the name of a parameter of the program, which says nothing to people outside.
    private static string WithoutParameter(ArgumentException e)
    {
        int end = e.ParamName is null ? -1 : e.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
