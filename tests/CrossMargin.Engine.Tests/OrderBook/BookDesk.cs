using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.OrderBook;

/// <summary>A book as a trader sees it, in whole ticks and lots, for short tests.</summary>
public sealed class BookDesk(long tickUnits = 1)
{
    private readonly long[] _nextId = new long[100];

    public LimitOrderBook Book { get; } = new(tickUnits);
    public HouseLadder House { get; } = new();
    public List<BookEvent> Events { get; } = [];
    public bool CutsReduceOnly { get; set; }

    /// <summary>Rests an order, returns its id.</summary>
    public long Rest(
        int account, Side side, long price, long lots, bool reduceOnly = false, long goodTill = 0, PositionSide leg = PositionSide.Both)
    {
        long id = ++_nextId[account];
        Book.Add(new RestingOrder
        {
            Account = new AccountId(account),
            OrderId = new OrderId(id),
            Side = side,
            PositionSide = leg,
            Price = new Price(price),
            Quantity = new Quantity(lots),
            Remaining = new Quantity(lots),
            Flags = reduceOnly ? OrderFlags.ReduceOnly : OrderFlags.None,
            GoodTill = new Timestamp(goodTill),
            MakerFee = new Rate(20_000),
        });
        return id;
    }

    public int Node(int account, long id) =>
        Book.TryFind(new AccountId(account), new OrderId(id), out int node) ? node : throw new InvalidOperationException("no such order");

    public bool Rests(int account, long id) => Book.TryFind(new AccountId(account), new OrderId(id), out _);

    /// <summary>Matches an incoming order; returns what remains, or −1 if self-trade prevention ended it.</summary>
    public long Take(int account, Side side, long limit, long lots, SelfTradePrevention mode = SelfTradePrevention.None)
    {
        TakerOrder taker = Taker(account, side, limit, lots, mode);
        var sink = new RecordingSink(Book, Events, House, CutsReduceOnly);
        MatchOutcome outcome = Book.Match(ref taker, ref sink);
        return outcome == MatchOutcome.SelfTradePrevented ? -1 : taker.Remaining.Lots;
    }

    public long Fillable(int account, Side side, long limit, long lots, SelfTradePrevention mode = SelfTradePrevention.None)
    {
        var sink = new RecordingSink(Book, Events, House, CutsReduceOnly);
        return Book.FillableQuantity(Taker(account, side, limit, lots, mode), ref sink).Lots;
    }

    /// <summary>Trades so far as "owner#id lots@price", the house as "house".</summary>
    public string Tape() => string.Join(", ", Events.Where(e => e.Kind is BookEventKind.Trade or BookEventKind.HouseTrade)
        .Select(e => e.Kind == BookEventKind.Trade ? $"{e.Account}#{e.OrderId} {e.Lots}@{e.Price}" : $"house {e.Lots}@{e.Price}"));

    public string Depth(Side side)
    {
        var text = new List<string>();
        foreach (BookLevel level in Book.Levels(side)) text.Add($"{level.Quantity.Lots}@{level.Price.Units}/{level.Orders}");
        return string.Join(" ", text);
    }

    private static TakerOrder Taker(int account, Side side, long limit, long lots, SelfTradePrevention mode) => new()
    {
        Account = new AccountId(account),
        Side = side,
        Limit = new Price(limit),
        Remaining = new Quantity(lots),
        SelfTradePrevention = mode,
    };
}
