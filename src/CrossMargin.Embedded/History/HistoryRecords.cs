using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>An order with its state as of the question.</summary>
public sealed record OrderRecord
{
    /// <summary>Rises in time over all accounts and kinds of rows; the same after a rebuild.</summary>
    public required long Id { get; init; }
    public required Timestamp Time { get; init; }
    public required MarketId Market { get; init; }
    public required OrderId Order { get; init; }
    public required Side Side { get; init; }
    public required PositionSide PositionSide { get; init; }
    public required OrderType Type { get; init; }
    public required TimeInForce TimeInForce { get; init; }
    public required OrderFlags Flags { get; init; }

    /// <summary>The limit; for a MARKET order the bound that was set.</summary>
    public required Price Price { get; init; }
    public required Quantity Quantity { get; init; }
    public required Quantity Filled { get; init; }

    /// <summary>Sum of price × quantity of its fills, ≥ 0.</summary>
    public required Amount FilledQuote { get; init; }
    public required OrderStatus Status { get; init; }
    public required CancelReason Reason { get; init; }

    /// <summary>Of the last change.</summary>
    public required Timestamp Changed { get; init; }

    /// <summary>"" when the client gave none.</summary>
    public required string ClientOrderId { get; init; }
    public required AlgoId Algo { get; init; }
    public required LiquidationId Liquidation { get; init; }
}

/// <summary>One side of a trade.</summary>
public sealed record FillRecord
{
    public required long Id { get; init; }
    public required Timestamp Time { get; init; }
    public required MarketId Market { get; init; }
    public required TradeId Trade { get; init; }

    /// <summary>None for takeovers and deleveraging.</summary>
    public required OrderId Order { get; init; }
    public required Side Side { get; init; }
    public required PositionSide PositionSide { get; init; }
    public required FillKind Kind { get; init; }
    public required bool IsMaker { get; init; }
    public required Price Price { get; init; }
    public required Quantity Quantity { get; init; }

    /// <summary>Paid; negative: a rebate.</summary>
    public required Amount Fee { get; init; }

    /// <summary>Before the fee.</summary>
    public required Amount RealizedProfit { get; init; }
    public required AccountId Counterparty { get; init; }
    public required LiquidationId Liquidation { get; init; }
}

/// <summary>A change of a wallet; what was paid is negative.</summary>
public sealed record IncomeRecord(
    long Id, Timestamp Time, MarketId Market, BalanceReason Reason, AssetId Asset, Amount Income, TradeId Trade, LiquidationId Liquidation);

/// <summary>A point of the equity curve: settlement wallet, and with unrealized profit.</summary>
public sealed record EquityRecord(Timestamp Time, Amount Wallet, Amount Equity);
