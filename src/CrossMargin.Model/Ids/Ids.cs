namespace CrossMargin.Model;

/// <summary>
/// An account. Traders' accounts are positive. Zero is none; negative ids name the accounts that belong to the exchange itself
/// (<see cref="House"/>, <see cref="Fund"/>): they appear as the counterparty of trades and never place commands.
/// </summary>
public readonly record struct AccountId(int Value) : IComparable<AccountId>
{
    public static readonly AccountId None = default;

    /// <summary>A market's own house account: the synthetic liquidity's side of a trade.</summary>
    public static readonly AccountId House = new(-1);

    /// <summary>The insurance fund.</summary>
    public static readonly AccountId Fund = new(-2);

    public bool IsTrader => Value > 0;
    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value switch { -1 => "house", -2 => "fund", _ => $"account {Value}" };
}

/// <summary>A market, numbered from 1 in the order of the venue profile. Zero is none.</summary>
public readonly record struct MarketId(int Value) : IComparable<MarketId>
{
    public static readonly MarketId None = default;

    public bool IsNone => Value == 0;
    public int CompareTo(MarketId other) => Value.CompareTo(other.Value);
    public override string ToString() => $"market {Value}";
}

/// <summary>An asset, numbered in the order of the venue profile. Zero is the settlement asset, whose price is 1.</summary>
public readonly record struct AssetId(int Value)
{
    public static readonly AssetId Settlement = default;
    public override string ToString() => $"asset {Value}";
}

/// <summary>An order; given by its account, rising within the account, positive, below 2^53. Unique only together with the account.</summary>
public readonly record struct OrderId(long Value) : IComparable<OrderId>
{
    public static readonly OrderId None = default;
    public bool IsNone => Value == 0;
    public int CompareTo(OrderId other) => Value.CompareTo(other.Value);
    public override string ToString() => $"order {Value}";
}

/// <summary>
/// A conditional (algo) order. Drawn from the same rising per-account counter as <see cref="OrderId"/>, so that within an account
/// no algo id equals an order id.
/// </summary>
public readonly record struct AlgoId(long Value) : IComparable<AlgoId>
{
    public static readonly AlgoId None = default;
    public bool IsNone => Value == 0;
    public int CompareTo(AlgoId other) => Value.CompareTo(other.Value);
    public override string ToString() => $"algo {Value}";
}

/// <summary>A trade; given by its market, rising within the market, positive, below 2^53. Both fills of a trade carry it.</summary>
public readonly record struct TradeId(long Value)
{
    public override string ToString() => $"trade {Value}";
}

/// <summary>One liquidation of one pool; given by the account, rising within the account. Zero is none.</summary>
public readonly record struct LiquidationId(long Value)
{
    public static readonly LiquidationId None = default;
    public bool IsNone => Value == 0;
    public override string ToString() => $"liquidation {Value}";
}

/// <summary>A client request's identity, given at the gateway. A repeat with the same id has no second effect (in hosts that deliver
/// over a network). Zero: the exchange's own doing.</summary>
public readonly record struct CommandId(long Value)
{
    public static readonly CommandId None = default;
    public override string ToString() => $"command {Value}";
}
