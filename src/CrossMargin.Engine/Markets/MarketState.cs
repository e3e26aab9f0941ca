using CrossMargin.Engine.Funding;
using CrossMargin.Engine.OrderBook;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>What the parts of one market share: its book, holders, ladder and prices.</summary>
internal sealed class MarketState
{
    public MarketState(MarketSpec spec, VenueProfile profile)
    {
        Spec = spec;
        Profile = profile;
        Book = new LimitOrderBook(spec.TickUnits);
        Holders = new HolderTable(spec);
        Own = new ExchangeAccounts(spec);
        Ladder = new HouseLadder(spec);
        Guard = new PriceGuard(spec, profile.Liquidation);
        Payments = new FundingRun(spec.Id);
        Post = new MarketPost(spec.Id, Payments);
    }

    public MarketSpec Spec { get; }
    public VenueProfile Profile { get; }
    public LimitOrderBook Book { get; }
    public HolderTable Holders { get; }
    public ExchangeAccounts Own { get; }
    public HouseLadder Ladder { get; }
    public PriceGuard Guard { get; }
    public TradeTape Tape { get; } = new();
    public FundingRun Payments { get; }
    public MarketPost Post { get; }

    /// <summary>Changes only at price and time commands; none before the first index.</summary>
    public Price Mark { get; set; }

    public Timestamp Now => Post.Now;

    /// <summary>Long side, the house included.</summary>
    public Quantity OpenInterest => new(Holders.LongLots + Math.Max(0, Own.HouseQuantity.Lots));

    /// <summary>Invariant 2: nobody's gain of quantity is not another's loss.</summary>
    public void CheckBalance()
    {
        long sum = Holders.NetLots + Own.HouseQuantity.Lots;
        if (sum != 0) throw new InvariantViolation($"2: the quantities of {Spec.Symbol} add up to {sum} lots");
    }

    /// <summary>The house's best price for a taker, or none.</summary>
    public Price HouseBest(Side takerSide) => Ladder.TryBest(takerSide, out Price price, out _) ? price : Price.None;

    /// <summary>Best published price of a side, traders and house, and the quantity there.</summary>
    public DepthLevel Best(Side side)
    {
        var depth = new CombinedDepth(Book, Ladder, side);
        return depth.MoveNext() ? depth.Current : default;
    }
}
