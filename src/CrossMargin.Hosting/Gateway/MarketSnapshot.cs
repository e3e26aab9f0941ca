using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>A market's public figures between two commands. A price or quantity that there is not is none or zero.</summary>
public sealed record MarketSnapshot
{
    public required MarketId Market { get; init; }

    /// <summary>The last batch of events that is included, see <see cref="EventBatch.Sequence"/>.</summary>
    public required long Sequence { get; init; }

    /// <summary>Exchange time.</summary>
    public required Timestamp Time { get; init; }

    public required MarketStatus Status { get; init; }
    public required PauseReason Pause { get; init; }
    public required Price Index { get; init; }
    public required Price Mark { get; init; }
    public required Price Last { get; init; }
    public required PriceLevel BestBid { get; init; }
    public required PriceLevel BestAsk { get; init; }

    /// <summary>Long side, the house included.</summary>
    public required Quantity OpenInterest { get; init; }

    /// <summary>Of the last settlement in turn, per interval.</summary>
    public required Rate LastFundingRate { get; init; }

    /// <summary>What the next settlement would use if it came now, per interval.</summary>
    public required Rate FundingEstimate { get; init; }
    public required Timestamp NextFundingTime { get; init; }

    /// <summary>The tiers as they hold for new risk: leverage and cap may have been changed by the operator.</summary>
    public required TierTable Tiers { get; init; }

    /// <summary>The house's settings as they are.</summary>
    public required HouseSpec House { get; init; }

    /// <summary>The house's position, wallet, and the market's fee account.</summary>
    public required Quantity HouseQuantity { get; init; }
    public required Amount HouseWallet { get; init; }
    public required Amount Fees { get; init; }

    /// <summary>Signed open cost of the house's position.</summary>
    public Amount HouseOpenCost { get; init; }

    /// <summary>What rounding and payments under way have left with the market: with the figures above, all that it holds.</summary>
    public Amount Dust { get; init; }
}

/// <summary>The insurance fund between two commands.</summary>
/// <param name="Wallet">≥ 0.</param>
/// <param name="Deficit">≤ 0: losses that the wallet could not bear.</param>
public sealed record FundSnapshot(long Sequence, Timestamp Time, Amount Wallet, Amount Deficit, IReadOnlyList<FundPositionSnapshot> Positions);

/// <summary>A position that the fund has taken over; signed.</summary>
public readonly record struct FundPositionSnapshot(MarketId Market, Quantity Quantity, Amount OpenCost, Price Mark, Amount UnrealizedProfit);

/// <summary>Traders' and house's quantities by price, best level first.</summary>
/// <param name="Sequence">The last batch of events that is included.</param>
public sealed record MarketDepth(long Sequence, Timestamp Time, IReadOnlyList<PriceLevel> Bids, IReadOnlyList<PriceLevel> Asks);

/// <summary>One published level.</summary>
public readonly record struct PriceLevel(Price Price, Quantity Quantity);
