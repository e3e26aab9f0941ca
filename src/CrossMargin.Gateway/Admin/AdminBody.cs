using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CrossMargin.Gateway.Admin;

/// <summary>
/// A request body read strictly: at most <see cref="MaxBytes"/>, JSON only, no fields that are not known, none missing. Reading it says in
/// words what is wrong. <see cref="Value"/> throws that as <see cref="AdminProblem"/>.
/// </summary>
public sealed class AdminBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    public const int MaxBytes = AdminJson.MaxBytes;

    private readonly T? _value;
    private readonly AdminProblem? _problem;

    private AdminBody(T? value, AdminProblem? problem) => (_value, _problem) = (value, problem);

    public T Value => _value ?? throw _problem!;

    public static async ValueTask<AdminBody<T>?> BindAsync(HttpContext context)
    {
        try
        {
            return new AdminBody<T>(await AdminJson.ReadAsync<T>(context.Request, context.RequestAborted).ConfigureAwait(false), null);
        }
        catch (AdminProblem problem)
        {
            return new AdminBody<T>(null, problem);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), AdminJson.AllOptional(typeof(T))));
}

/// <summary>How bodies of requests are read.</summary>
public static class AdminJson
{
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        MaxDepth = 16,
    };

    /// <summary>An empty body counts as an empty object. Throws <see cref="AdminProblem"/>.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken stop)
        where T : class
    {
        byte[] bytes = await ReadBytesAsync(request, stop).ConfigureAwait(false);
        if (bytes.Length > 0 && !request.HasJsonContentType())
        {
            throw new AdminProblem(StatusCodes.Status415UnsupportedMediaType, "not_json", "the body must be application/json");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(bytes.Length == 0 ? "{}"u8 : bytes, s_strict) ?? throw Bad("the body is null");
        }
        catch (JsonException e)
        {
            throw Bad(e.Path is { Length: > 1 } path ? $"{path.TrimStart('$', '.')}: {Cause(e)}" : Cause(e));
        }
    }

    internal static bool AllOptional(Type type) => type.GetConstructors().All(c => c.GetParameters().All(p => p.HasDefaultValue));

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > MaxBytes) throw TooLarge();
        using var all = new MemoryStream();
        byte[] chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, stop).ConfigureAwait(false)) > 0)
        {
            if (all.Length + read > MaxBytes) throw TooLarge();
            all.Write(chunk, 0, read);
        }

        return all.ToArray();
    }

    private static AdminProblem TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, "too_large", $"the body is larger than {MaxBytes} bytes");

    private static AdminProblem Bad(string detail) => new(StatusCodes.Status400BadRequest, "bad_json", detail);

    // Without the names of the program's types, which the serializer puts into its texts.
    private static string Cause(JsonException e)
    {
        string text = e.Message;
        if (text.StartsWith("The JSON property '", StringComparison.Ordinal)) return $"the field '{text.Split('\'')[1]}' is not known";
        if (text.StartsWith("Duplicate property '", StringComparison.Ordinal)) return $"the field '{text.Split('\'')[1]}' is given twice";
        if (text.Contains("missing required properties", StringComparison.Ordinal)) return "missing: " + text[(text.LastIndexOf(':') + 1)..].Trim();
        if (text.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)) return "a value of the wrong kind";
        int end = text.IndexOf(". Path", StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
