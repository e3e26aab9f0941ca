using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// Everything one account is and has between two commands, judged at one version of the prices. Money is in the settlement asset where no
/// asset is named.
/// </summary>
public sealed record AccountSnapshot
{
    public required AccountId Id { get; init; }

    /// <summary>The last batch of events that is included, see <see cref="EventBatch.Sequence"/>.</summary>
    public required long Sequence { get; init; }

    /// <summary>Exchange time.</summary>
    public required Timestamp Time { get; init; }

    public required bool IsHedge { get; init; }

    /// <summary>Fraction of the notional; a negative maker fee is a rebate.</summary>
    public required Rate MakerFee { get; init; }
    public required Rate TakerFee { get; init; }

    /// <summary>Frozen by the operator: only what lowers risk is taken.</summary>
    public required bool IsFrozen { get; init; }

    /// <summary>Closed for good.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>A pool of the account is in liquidation.</summary>
    public required bool InLiquidation { get; init; }

    /// <summary>Whole wallets, isolated wallets included; the settlement asset first, others only if not zero.</summary>
    public required IReadOnlyList<AssetBalance> Balances { get; init; }

    /// <summary>The settlement wallet less the isolated wallets; negative: owed.</summary>
    public required Amount CrossWallet { get; init; }

    /// <summary>Margin balance of the cross pool: collateral − isolated wallets + counted unrealized profit.</summary>
    public required Amount CrossEquity { get; init; }

    /// <summary>Sum over the cross positions, at the marks.</summary>
    public required Amount CrossUnrealizedProfit { get; init; }

    /// <summary>Of the cross positions, rounded up.</summary>
    public required Amount CrossMaintenance { get; init; }

    /// <summary>Of the cross positions, rounded up.</summary>
    public required Amount CrossInitial { get; init; }

    /// <summary>Order margin of all legs, open loss included, rounded up; all of it comes from the cross wallet.</summary>
    public required Amount OrderInitial { get; init; }

    /// <summary>What new orders may reserve, ≥ 0.</summary>
    public required Amount Available { get; init; }

    /// <summary>What may be withdrawn of the settlement asset, ≥ 0; never unrealized profit.</summary>
    public required Amount Withdrawable { get; init; }

    /// <summary>Exchange time of the last change of a balance; 0 never.</summary>
    public required Timestamp UpdatedAt { get; init; }

    /// <summary>Legs with a position, an isolated wallet or open orders, by market id, then side.</summary>
    public required IReadOnlyList<LegSnapshot> Legs { get; init; }

    /// <summary>Leverage and margin mode of every market, in market id order.</summary>
    public required IReadOnlyList<MarketSettings> Markets { get; init; }

    /// <summary>Open orders by rising id.</summary>
    public required IReadOnlyList<OpenOrderSnapshot> Orders { get; init; }

    /// <summary>Conditional orders that wait, by rising id.</summary>
    public required IReadOnlyList<OpenTriggerSnapshot> Triggers { get; init; }
}

/// <summary>A wallet. <see cref="Collateral"/>: what it counts in the cross equity, in the settlement asset.</summary>
public readonly record struct AssetBalance(AssetId Asset, Amount Wallet, Amount Collateral);

/// <summary>What an account set for a market; it holds for new positions.</summary>
public readonly record struct MarketSettings(MarketId Market, int Leverage, MarginMode Mode);

/// <summary>One leg of a market: a position, or room for one. Quantity and notional are signed, short is negative.</summary>
public sealed record LegSnapshot
{
    public required MarketId Market { get; init; }
    public required PositionSide Side { get; init; }
    public required MarginMode Mode { get; init; }
    public required int Leverage { get; init; }
    public required Quantity Quantity { get; init; }

    /// <summary>Signed: Σ price × quantity of what is held; the entry price is this divided by the quantity.</summary>
    public required Amount OpenCost { get; init; }
    public required Amount IsolatedWallet { get; init; }
    public required Price Mark { get; init; }

    /// <summary>At the mark.</summary>
    public required Amount Notional { get; init; }
    public required Amount UnrealizedProfit { get; init; }

    /// <summary>Rounded up, at the mark and the leg's leverage.</summary>
    public required Amount PositionInitial { get; init; }

    /// <summary>Order margin of the leg with its open loss, rounded up.</summary>
    public required Amount OrderInitial { get; init; }

    /// <summary>Rounded up.</summary>
    public required Amount Maintenance { get; init; }

    /// <summary>A long's up to the tick, a short's down; none where no price of this market liquidates the pool.</summary>
    public required Price LiquidationPrice { get; init; }

    /// <summary>Place in the deleveraging queue in fifths: 0 last … 4 first; 0 without a position.</summary>
    public required int DeleverageQuantile { get; init; }

    /// <summary>Exchange time of the position's last change; 0 never.</summary>
    public required Timestamp UpdatedAt { get; init; }
}

/// <summary>An order that has not ended.</summary>
public sealed record OpenOrderSnapshot : OrderTerms
{
    public required OrderId Id { get; init; }

    /// <summary>The conditional order that it was, or none.</summary>
    public required AlgoId Algo { get; init; }
    public required SelfTradePrevention SelfTradePrevention { get; init; }
    public required Quantity Leaves { get; init; }

    /// <summary>Σ price × quantity of its fills, ≥ 0.</summary>
    public required Amount FilledQuote { get; init; }
    public required Timestamp CreatedAt { get; init; }
    public required Timestamp UpdatedAt { get; init; }
    public required ClientOrderId ClientOrderId { get; init; }

    public Quantity Filled => Quantity - Leaves;
}

/// <summary>A conditional order that waits.</summary>
public sealed record OpenTriggerSnapshot : TriggerTerms
{
    public required AlgoId Id { get; init; }
    public required SelfTradePrevention SelfTradePrevention { get; init; }
    public required Timestamp CreatedAt { get; init; }
    public required ClientOrderId ClientOrderId { get; init; }
}
