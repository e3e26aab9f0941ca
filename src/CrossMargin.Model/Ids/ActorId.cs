namespace CrossMargin.Model;

/// <summary>What kind of actor a message goes to or comes from. The numbers reach the disk.</summary>
public enum ActorKind : byte
{
    /// <summary>Outside: a client, the operator, a feed, the clock.</summary>
    Client = 0,
    Account = 1,
    Market = 2,
    Fund = 3,

    /// <summary>The node's risk monitor: receives price ticks, wakes accounts.</summary>
    Monitor = 4,

    /// <summary>A shard of the settings that a cluster's gateways share. No message goes to it.</summary>
    Directory = 5,
}

/// <summary>The address of an actor: its kind and its number within the kind (account id, market id; 0 for fund, monitor, client).</summary>
public readonly record struct ActorId(ActorKind Kind, int Number) : IComparable<ActorId>
{
    public static readonly ActorId Client = default;
    public static readonly ActorId Fund = new(ActorKind.Fund, 0);
    public static readonly ActorId Monitor = new(ActorKind.Monitor, 0);

    public static ActorId Of(AccountId account) => account == AccountId.Fund ? Fund : new(ActorKind.Account, account.Value);
    public static ActorId Of(MarketId market) => new(ActorKind.Market, market.Value);

    public int CompareTo(ActorId other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Number.CompareTo(other.Number);
    public override string ToString() => Kind is ActorKind.Account or ActorKind.Market or ActorKind.Directory ? $"{Kind}:{Number}" : Kind.ToString();
}
