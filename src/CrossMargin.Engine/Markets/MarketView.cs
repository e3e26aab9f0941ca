using CrossMargin.Engine.Funding;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// A market to be read: prices, depth, funding, the exchange's own accounts, holders. Valid between two steps of the market.
/// </summary>
public sealed class MarketView
{
    private readonly MarketState _state;
    private readonly TriggerDesk _triggers;
    private readonly FundingDesk _funding;
    private readonly PriceDesk _prices;
    private readonly DeleverageRounds _rounds;
    private readonly OperatorDesk _operator;

    internal MarketView(
        MarketState state, TriggerDesk triggers, FundingDesk funding, PriceDesk prices, DeleverageRounds rounds, OperatorDesk desk)
    {
        _state = state;
        _triggers = triggers;
        _funding = funding;
        _prices = prices;
        _rounds = rounds;
        _operator = desk;
    }

    public MarketSpec Spec => _state.Spec;
    public Price Index => _state.Guard.Index;
    public Price Mark => _state.Mark;

    /// <summary>Price of the last trade in the book, or none.</summary>
    public Price Last => _state.Tape.Last;
    public PauseReason Pause => _state.Guard.Reason;
    public MarketStatus Status => _state.Guard.IsHalted ? MarketStatus.Halted : MarketStatus.Trading;

    /// <summary>The tick that nodes were last told, its epoch left out.</summary>
    public PriceTick PublishedTick => _prices.Published;

    /// <summary>What nodes were last told of the leverage brackets, its epoch left out; sequence 0 while they are the specification's.</summary>
    public BracketsTick PublishedBrackets => _operator.Published;

    /// <summary>Best published price and quantity of a side, traders and house; price none when it is empty.</summary>
    public DepthLevel BestBid => _state.Best(Side.Buy);
    public DepthLevel BestAsk => _state.Best(Side.Sell);

    /// <summary>Settings of the house as they are now.</summary>
    public HouseSpec House => _state.Ladder.Settings;

    /// <summary>The highest leverage of new risk in a tier, 0-based.</summary>
    public int MaxLeverage(int tier) => _operator.Brackets?[tier] ?? Spec.Tiers[tier].MaxLeverage;

    /// <summary>The largest notional that new risk may reach.</summary>
    public Amount PositionCap => _operator.Brackets?.Cap ?? Spec.Tiers.Cap;

    /// <summary>Orders resting in the book.</summary>
    public int OpenOrders => _state.Book.Count;

    /// <summary>Long side, the house included.</summary>
    public Quantity OpenInterest => _state.OpenInterest;

    /// <summary>Rate of the last settlement in turn, and what the next would use if it came now.</summary>
    public Rate LastFundingRate => _funding.LastRate;
    public Rate FundingEstimate => _funding.Estimate;
    public Timestamp NextFundingTime => _funding.NextTime;

    public Quantity HouseQuantity => _state.Own.HouseQuantity;
    public Amount HouseOpenCost => _state.Own.HouseOpenCost;
    public Amount HouseWallet => _state.Own.HouseWallet;
    public Amount Fees => _state.Own.Fees;
    public Amount Dust => _state.Own.Dust;

    /// <summary>Funding that is booked and still to be sent; positive is to be received by holders. Part of what is in flight.</summary>
    public Int128 UnsentFunding => _state.Payments.Unsent;

    /// <summary>Deleveraging rounds that wait or run.</summary>
    public int PendingDeleverages => _rounds.Pending;

    /// <summary>Legs with a position, the house left out.</summary>
    public int HolderCount => _state.Holders.Count;

    /// <summary>Fills in the published depth, best first; returns the number of levels written.</summary>
    public int Depth(Side side, Span<DepthLevel> into)
    {
        int n = 0;
        foreach (DepthLevel level in new CombinedDepth(_state.Book, _state.Ladder, side))
        {
            if (n == into.Length) break;
            into[n++] = level;
        }

        return n;
    }

    /// <summary>The market's own figures of a leg; false when it has no position.</summary>
    public bool TryGetHolder(AccountId account, PositionSide side, out Holding holding) =>
        _state.Holders.TryGet(account, side, out holding);

    /// <summary>All legs with a position in account id, then leg order.</summary>
    public int CopyHolders(ref Holding[] into) => _state.Holders.CopySorted(ref into);

    /// <summary>Whether an order rests in the book, and what is open of it.</summary>
    public bool TryGetOrder(AccountId account, OrderId order, out Quantity open)
    {
        bool found = _state.Book.TryFind(account, order, out int number);
        open = found ? _state.Book[number].Remaining : Quantity.Zero;
        return found;
    }

    /// <summary>Conditional orders that wait.</summary>
    public int OpenTriggers => _triggers.Count;

    /// <summary>Conditional orders of an account that wait.</summary>
    public int TriggerCount(AccountId account) => _triggers.CountOf(account);

    /// <summary>Orders an account has in the book.</summary>
    public int OrderCount(AccountId account) => _state.Book.CountOf(account);
}
