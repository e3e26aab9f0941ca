using System.Text.Json.Serialization;

namespace CrossMargin.Gateway.Alerts;

[JsonConverter(typeof(JsonStringEnumConverter<AlertKind>))]
public enum AlertKind
{
    /// <summary>Maintenance / margin balance of the cross pool or, with a symbol, of the isolated legs of that market.</summary>
    MarginRatio = 1,

    /// <summary>The mark price of a market.</summary>
    MarkPrice = 2,
}

[JsonConverter(typeof(JsonStringEnumConverter<AlertDirection>))]
public enum AlertDirection
{
    /// <summary>At or above the threshold.</summary>
    Above = 1,

    /// <summary>At or below the threshold.</summary>
    Below = 2,
}

/// <summary>
/// What an account wants to be told. It fires when its condition holds and did not before; once, or each time after it has stopped holding.
/// Also the form in which it is stored.
/// </summary>
/// <param name="Number">The account of the directory.</param>
/// <param name="Symbol">A market; null for the cross pool.</param>
/// <param name="Threshold">Decimal text: a fraction ("0.8") or a price.</param>
/// <param name="Webhook">Where it is posted to, or null.</param>
/// <param name="Secret">Cipher text of the key that signs the posts.</param>
/// <param name="IsArmed">Its condition did not hold when last looked at. A one-shot that has fired is never armed again.</param>
/// <param name="Fired">How often; <see cref="LastFired"/> is exchange time, 0 never.</param>
public sealed record AlertRecord(
    string Id, long Number, AlertKind Kind, AlertDirection Direction, string? Symbol, string Threshold, bool Repeats, string? Webhook, string? Secret,
    long Created, bool IsArmed, long Fired, long LastFired)
{
    /// <summary>Decimal text of the figure that fired it last; "Infinity" for a ratio without margin balance; null: it never fired.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastValue { get; init; }

    /// <summary>Exchange time of what last fired or armed it.</summary>
    public long Since { get; init; }

    /// <summary>How often it was changed.</summary>
    public long Changes { get; init; }

    /// <summary>Unlike any other, where several gateways write: so that each knows whether a change is its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    [JsonIgnore]
    public bool IsOver => !Repeats && Fired > 0;
}

/// <summary>Takes firings to an account's own stream. Thread-safe; must not wait.</summary>
public interface IAlertSink
{
    /// <param name="number">The account of the directory.</param>
    /// <param name="payload">UTF-8 JSON, whole; an event named CROSSMARGIN_ALERT.</param>
    void Send(long number, ReadOnlyMemory<byte> payload);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AlertRecord))]
internal sealed partial class AlertJson : JsonSerializerContext;
