namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>What may come of a request.</summary>
internal enum Outcome
{
    /// <summary>4xx, or the connection is closed.</summary>
    Refused,

    /// <summary>4xx, or 200 with an error in each place of the list.</summary>
    EachRefused,

    /// <summary>Anything but a fault of the server.</summary>
    NoFault,

    /// <summary>The protocol has a status of its own for a version or a method that the server does not speak, above 500.</summary>
    NotSpoken,
}

/// <param name="Kind">For the report.</param>
/// <param name="EndsThere">The client closes its side behind it.</param>
internal sealed record HostileRequest(string Kind, byte[] Bytes, Outcome Outcome, bool EndsThere = false);

/// <summary>Judges answers.</summary>
internal static class Judge
{
    /// <summary>Null, or what is wrong with the answer.</summary>
    public static string? Objection(HostileRequest request, RawAnswer answer)
    {
        if (answer.Status >= 500) return request.Outcome == Outcome.NotSpoken && answer.Status is 501 or 505 ? null : "a fault of the server";
        if (answer.Body.Contains("   at ", StringComparison.Ordinal)) return "an answer with a stack trace";
        return request.Outcome switch
        {
            Outcome.Refused when answer.Status is >= 400 or 0 => null,
            Outcome.EachRefused when answer.Status is >= 400 or 0 => null,
            Outcome.EachRefused when answer.Status == 200 && EachIsRefused(answer.Body) => null,
            Outcome.NoFault or Outcome.NotSpoken => null,
            _ => "taken, and must not be",
        };
    }

    private static bool EachIsRefused(string body)
    {
        using var list = System.Text.Json.JsonDocument.Parse(body);
        return list.RootElement.EnumerateArray().All(m => m.TryGetProperty("code", out var code) && code.GetInt32() < 0);
    }
}
