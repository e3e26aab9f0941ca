using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>An order with its state as of the question.</summary>
public sealed record OrderRecord : OrderTerms
{
    /// <summary>Rises in time over all accounts and kinds of rows; the same after a rebuild.</summary>
    public required long Id { get; init; }
    public required Timestamp Time { get; init; }
    public required OrderId Order { get; init; }
    public required SelfTradePrevention SelfTradePrevention { get; init; }
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

/// <summary>A conditional order with its state as of the question.</summary>
public sealed record TriggerRecord : TriggerTerms
{
    public required long Id { get; init; }
    public required Timestamp Time { get; init; }
    public required AlgoId Algo { get; init; }

    /// <summary>The order that it became, or none.</summary>
    public required OrderId Order { get; init; }
    public required AlgoStatus Status { get; init; }
    public required CancelReason Reason { get; init; }
    public required Refusal Refusal { get; init; }

    /// <summary>0 while it waits.</summary>
    public required Timestamp Ended { get; init; }

    /// <summary>"" when the client gave none.</summary>
    public required string ClientOrderId { get; init; }
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

/// <summary>Margin added to an isolated leg (positive) or taken from it.</summary>
public sealed record MarginRecord(long Id, Timestamp Time, MarketId Market, PositionSide Side, Amount Change);

/// <summary>A point of the equity curve: settlement wallet, and with unrealized profit.</summary>
public sealed record EquityRecord(Timestamp Time, Amount Wallet, Amount Equity);

/// <summary>A match.</summary>
public sealed record TradeRecord(
    Timestamp Time, MarketId Market, TradeId Trade, Price Price, Quantity Quantity, Side TakerSide, AccountId Buyer, AccountId Seller, FillKind Kind);

/// <summary>A funding settlement; <see cref="Skipped"/>: none took place.</summary>
public sealed record FundingRecord(MarketId Market, Timestamp FundingTime, Rate Rate, Price Mark, bool Skipped);

/// <summary>A liquidation in one row. <see cref="Market"/> none: the cross pool. Ended 0: it goes on.</summary>
public sealed record LiquidationRecord
{
    public required AccountId Account { get; init; }
    public required LiquidationId Liquidation { get; init; }
    public required MarketId Market { get; init; }
    public required PositionSide Side { get; init; }
    public required Timestamp Started { get; init; }
    public required Timestamp Ended { get; init; }
    public required Amount Equity { get; init; }
    public required Amount Maintenance { get; init; }
    public required Amount Notional { get; init; }
    public required LiquidationOutcome Outcome { get; init; }
    public required Amount Fee { get; init; }
    public required Amount Leftover { get; init; }
    public required Amount Shortfall { get; init; }
    public required Amount BookNotional { get; init; }
    public required Amount FundNotional { get; init; }
    public required Amount DeleveragedNotional { get; init; }
}

/// <summary>One step of a liquidation as a sentence for people, with its figures by name as decimal text.</summary>
public sealed record LiquidationStepRecord(
    long Id, Timestamp Time, string Step, string Explanation, IReadOnlyList<KeyValuePair<string, string>> Figures);
