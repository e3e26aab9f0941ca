namespace CrossMargin.Load.Generator;

/// <summary>What a client signs with.</summary>
internal sealed record ApiKey(string Key, string Secret);
