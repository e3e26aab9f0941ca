namespace CrossMargin.Model;

/// <summary>How a liquidation reduces a pool (design: one IOC order outstanding a market, re-check after each).</summary>
public enum LiquidationPolicy : byte
{
    /// <summary>Close the largest maintenance first, only as much as makes the pool sound with the buffer (Binance).</summary>
    ReduceUntilSound = 1,

    /// <summary>Bring the position with the highest tier down by one tier at a time (Gate, Bybit).</summary>
    TierStepDown = 2,

    /// <summary>Close whole positions, the smallest notional first.</summary>
    SmallestFirst = 3,

    /// <summary>Close everything at once (Hyperliquid).</summary>
    WholeAccount = 4,
}

/// <summary>How deleveraging ranks opposite holders in profit.</summary>
public enum DeleverageScore : byte
{
    /// <summary>max(0, UP)/max(1, WB) × MM/(WB + UP) (Binance).</summary>
    ProfitTimesMarginRatio = 1,

    /// <summary>UP / open cost × notional / equity (OKX, Bybit, Hyperliquid).</summary>
    ProfitTimesLeverage = 2,
}

/// <summary>A slice of a collateral asset's haircut table: the balance up to <see cref="UpTo"/> counts at <see cref="Ratio"/>.</summary>
public readonly record struct CollateralSlice(Amount UpTo, Rate Ratio);

/// <summary>An asset that counts as collateral. Slices ascend; the balance above the last slice counts nothing.</summary>
public sealed record CollateralAsset(AssetId Id, string Name, MarketId PriceMarket, IReadOnlyList<CollateralSlice> Slices);

public sealed record LiquidationSpec
{
    public required LiquidationPolicy Policy { get; init; }

    /// <summary>A liquidation ends when equity ≥ MM × (1 + buffer).</summary>
    public required Rate Buffer { get; init; }

    /// <summary>Orders of a liquidation may fill at any price inside the market's bound, not only at BP or better.</summary>
    public required bool AnyPrice { get; init; }

    /// <summary>True: a pool whose equity equals its MM is safe (dYdX); false: it is liquidatable (Binance).</summary>
    public required bool EqualityIsSafe { get; init; }

    public required DeleverageScore Score { get; init; }

    /// <summary>How long a deleveraging round waits for an answer before it passes the holder over.</summary>
    public required long AnswerMilliseconds { get; init; }

    /// <summary>An index older than this pauses liquidation and refuses market orders.</summary>
    public required long StaleMilliseconds { get; init; }

    /// <summary>After a wild price, liquidation resumes when the index has stayed inside the band for this long.</summary>
    public required long RecoverMilliseconds { get; init; }
}

public sealed record FundSpec
{
    /// <summary>The fund's wallet at the start.</summary>
    public required Amount InitialBalance { get; init; }

    /// <summary>Largest notional of all taken-over positions, as a fraction of the fund's equity (Binance: 1).</summary>
    public required Rate InventoryLimit { get; init; }

    /// <summary>How much of a taken-over position the fund tries to close per unwinding step.</summary>
    public required Rate UnwindShare { get; init; }

    /// <summary>Time between two unwinding steps.</summary>
    public required long UnwindMilliseconds { get; init; }

    /// <summary>Whether withdrawals are closed while the settlement asset has a deficit.</summary>
    public required bool DeficitClosesWithdrawals { get; init; }
}

public sealed record CollateralSpec
{
    /// <summary>Whether other assets count as collateral.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Collateral is sold when the settlement balance falls below this (≤ 0; Binance: −10,000).</summary>
    public required Amount SellBelow { get; init; }

    /// <summary>Collateral is sold at index × (1 − discount).</summary>
    public required Rate SellDiscount { get; init; }

    public required IReadOnlyList<CollateralAsset> Assets { get; init; }
}

/// <summary>
/// The rules of one venue: markets, fees, liquidation, fund, collateral. Immutable; read from JSON by <see cref="VenueProfileReader"/>,
/// which refuses what does not fit together.
/// </summary>
public sealed class VenueProfile
{
    private readonly Dictionary<string, MarketSpec> _bySymbol;

    public VenueProfile(IReadOnlyList<MarketSpec> markets)
    {
        Markets = markets;
        _bySymbol = markets.ToDictionary(m => m.Symbol, StringComparer.Ordinal);
    }

    public required string Name { get; init; }
    public required string SettlementAsset { get; init; }

    /// <summary>Markets in id order; the market with id n is at index n − 1.</summary>
    public IReadOnlyList<MarketSpec> Markets { get; }

    /// <summary>Fees of an account without its own: fraction of the notional, rounded up. A negative maker fee is a rebate.</summary>
    public required Rate MakerFee { get; init; }
    public required Rate TakerFee { get; init; }

    public required int DefaultLeverage { get; init; }

    /// <summary>Share of a position's positive unrealized profit that counts in equity: 1 at Binance.</summary>
    public required Rate ProfitShare { get; init; }

    public required LiquidationSpec Liquidation { get; init; }
    public required FundSpec Fund { get; init; }
    public required CollateralSpec Collateral { get; init; }

    /// <summary>Paths of the profile's own fields without a public source ("liquidation.buffer"); markets list theirs.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>The JSON this profile was read from; a journal's first record keeps it.</summary>
    public required string Source { get; init; }

    public MarketSpec this[MarketId id] => Markets[id.Value - 1];

    public bool TryFind(string symbol, out MarketSpec market) => _bySymbol.TryGetValue(symbol, out market!);

    public bool Contains(MarketId id) => id.Value >= 1 && id.Value <= Markets.Count;
}
