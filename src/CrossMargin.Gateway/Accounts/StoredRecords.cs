using System.Text.Json;
using System.Text.Json.Serialization;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Accounts;

/// <summary>What the settings store holds of an account, as JSON. Names reach the disk.</summary>
internal sealed record StoredAccount(int Account, string Name, int Status, long Created, long Since, IReadOnlyList<StoredPast>? Past)
{
    /// <summary>As <see cref="StoredCounters.By"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    public static StoredAccount Of(AccountRecord r) => new(
        r.Account.Value, r.Name, (int)r.Status, r.Created, r.Since, [.. r.Past.Select(p => new StoredPast(p.Account.Value, p.Retired, p.IsClosed))]);

    public AccountRecord ToRecord(long number) => new(number, new AccountId(Account), Name, (AccountRecordStatus)Status, Created)
    {
        Since = Since,
        Past = [.. (Past ?? []).Select(p => new PastAccount(new AccountId(p.Account), p.Retired, p.Closed))],
    };
}

internal sealed record StoredPast(int Account, long Retired, bool Closed);

/// <summary>A key; its secret is cipher text.</summary>
internal sealed record StoredKey(
    long Number, long Created, string Label, int Scopes, long? Expires, IReadOnlyList<string> Addresses, bool Unlimited, string Secret)
{
    /// <summary>As <see cref="StoredCounters.By"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    public static StoredKey Of(ApiKeyRecord r, string secret) => new(
        r.Number, r.Created, r.Terms.Label, (int)r.Terms.Scopes, r.Terms.Expires, r.Terms.Addresses, r.Terms.Unlimited, secret);

    public ApiKeyRecord ToRecord(string apiKey) =>
        new(apiKey, Number, Created, new ApiKeyTerms(Label, (KeyScopes)Scopes, Expires, Addresses, Unlimited));
}

/// <summary>The last numbers that were given out.</summary>
internal sealed record StoredCounters(long Number, int Account)
{
    /// <summary>Unlike any other, where several processes write: so that each knows whether what it finds is its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredAccount))]
[JsonSerializable(typeof(StoredKey))]
[JsonSerializable(typeof(StoredCounters))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public static T Read<T>(string key, string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new InvalidDataException($"the setting {key} is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the setting {key} cannot be read: {e.Message}"); // whole: who tells it tells the innermost text
        }
    }
}
