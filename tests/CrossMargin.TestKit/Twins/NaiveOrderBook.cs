using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Twins;

/// <summary>A resting order of the naive book.</summary>
public sealed class NaiveOrder
{
    public required RestingOrder Data;

    public Quantity Remaining
    {
        get => Data.Remaining;
        set => Data.Remaining = value;
    }
}

/// <summary>What <see cref="IMatchSink"/> is to the fast book.</summary>
public interface INaiveMatchSink
{
    bool TryHouse(Side takerSide, out Price price, out Quantity quantity);
    void OnTrade(ref TakerOrder taker, NaiveOrder maker, Price price, Quantity quantity);
    void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity);
    void OnMakerExpired(ref TakerOrder taker, NaiveOrder maker);
}

/// <summary>
/// The order book as anybody would write it first: a sorted map from price to a linked list of orders for each side, and a dictionary by
/// (account, order id). Oracle of the fast book's tests and baseline of its benchmark. Questions about an account scan everything.
/// </summary>
public sealed class NaiveOrderBook
{
    private readonly SortedDictionary<long, LinkedList<NaiveOrder>> _bids = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, LinkedList<NaiveOrder>> _asks = [];
    private readonly Dictionary<(AccountId Account, OrderId OrderId), LinkedListNode<NaiveOrder>> _index = [];

    public int Count => _index.Count;

    public void Add(in RestingOrder order)
    {
        SortedDictionary<long, LinkedList<NaiveOrder>> side = SideOf(order.Side);
        if (!side.TryGetValue(order.Price.Units, out LinkedList<NaiveOrder>? level)) side[order.Price.Units] = level = [];
        _index.Add((order.Account, order.OrderId), level.AddLast(new NaiveOrder { Data = order }));
    }

    public bool TryFind(AccountId account, OrderId orderId, out NaiveOrder order)
    {
        bool found = _index.TryGetValue((account, orderId), out LinkedListNode<NaiveOrder>? node);
        order = node?.Value!;
        return found;
    }

    public void Remove(NaiveOrder order)
    {
        _index.Remove((order.Data.Account, order.Data.OrderId), out LinkedListNode<NaiveOrder>? node);
        LinkedList<NaiveOrder> level = node!.List!;
        level.Remove(node);
        if (level.Count == 0) SideOf(order.Data.Side).Remove(order.Data.Price.Units);
    }

    public void Reduce(NaiveOrder order, Quantity remaining)
    {
        order.Data.Quantity -= order.Remaining - remaining;
        order.Remaining = remaining;
    }

    /// <summary>All orders of a side as they would trade.</summary>
    public IEnumerable<NaiveOrder> Orders(Side side) => SideOf(side).Values.SelectMany(level => level);

    public IEnumerable<NaiveOrder> All() => Orders(Side.Buy).Concat(Orders(Side.Sell));

    /// <summary>An account's orders, oldest first.</summary>
    public List<NaiveOrder> OrdersOf(AccountId account) =>
        [.. All().Where(o => o.Data.Account == account).OrderBy(o => o.Data.OrderId.Value)];

    public NaiveOrder? NewestReduceOnly(AccountId account, PositionSide positionSide, Side side) => OrdersOf(account)
        .LastOrDefault(o => o.Data.Flags.HasFlag(OrderFlags.ReduceOnly) && o.Data.PositionSide == positionSide && o.Data.Side == side);

    public List<NaiveOrder> Expired(Timestamp now) => [.. All()
        .Where(o => o.Data.GoodTill.Milliseconds != 0 && o.Data.GoodTill <= now)
        .OrderBy(o => o.Data.GoodTill.Milliseconds).ThenBy(o => o.Data.Account.Value).ThenBy(o => o.Data.OrderId.Value)];

    public List<BookLevel> Levels(Side side) => [.. SideOf(side)
        .Select(l => new BookLevel(new Price(l.Key), new Quantity(l.Value.Sum(o => o.Remaining.Lots)), l.Value.Count))];

    public MatchOutcome Match<TSink>(ref TakerOrder taker, ref TSink sink)
        where TSink : struct, INaiveMatchSink
    {
        while (taker.Remaining.Lots > 0)
        {
            NaiveOrder? maker = First(taker.Side == Side.Buy ? _asks : _bids);
            if (maker is not null && !Within(taker.Side, maker.Data.Price, taker.Limit)) maker = null;
            if (sink.TryHouse(taker.Side, out Price house, out Quantity offered) && Within(taker.Side, house, taker.Limit)
                && (maker is null || !Within(taker.Side, maker.Data.Price, house)))
            {
                Quantity part = Quantity.Min(offered, taker.Remaining);
                taker.Remaining -= part;
                sink.OnHouseTrade(ref taker, house, part);
                continue;
            }

            if (maker is null) return MatchOutcome.LimitReached;
            if (maker.Data.Account == taker.Account && taker.SelfTradePrevention != SelfTradePrevention.None)
            {
                if (taker.SelfTradePrevention == SelfTradePrevention.ExpireTaker) return MatchOutcome.SelfTradePrevented;
                Remove(maker);
                sink.OnMakerExpired(ref taker, maker);
                if (taker.SelfTradePrevention == SelfTradePrevention.ExpireBoth) return MatchOutcome.SelfTradePrevented;
                continue;
            }

            Quantity quantity = Quantity.Min(maker.Remaining, taker.Remaining);
            taker.Remaining -= quantity;
            if (quantity == maker.Remaining) Remove(maker);
            maker.Remaining -= quantity;
            sink.OnTrade(ref taker, maker, maker.Data.Price, quantity);
        }

        return MatchOutcome.Filled;
    }

    /// <summary>
    /// Order by order, without looking at levels: what the taker would get from resting orders and a house ladder (best first).
    /// </summary>
    public Quantity FillableQuantity(in TakerOrder taker, IReadOnlyList<(Price Price, Quantity Quantity)> house)
    {
        long found = 0;
        Price? stop = null;
        foreach (NaiveOrder maker in Orders(taker.Side == Side.Buy ? Side.Sell : Side.Buy))
        {
            if (!Within(taker.Side, maker.Data.Price, taker.Limit)) break;
            if (maker.Data.Account == taker.Account && taker.SelfTradePrevention != SelfTradePrevention.None)
            {
                if (taker.SelfTradePrevention == SelfTradePrevention.ExpireMaker) continue;
                stop = maker.Data.Price;
                break;
            }

            found += Certain(maker, taker.Side);
        }

        foreach ((Price price, Quantity quantity) in house)
        {
            if (!Within(taker.Side, price, taker.Limit)) continue;
            if (stop is { } at && Within(taker.Side, at, price)) continue;
            found += quantity.Lots;
        }

        return new Quantity(Math.Min(found, taker.Remaining.Lots));
    }

    private static bool Within(Side takerSide, Price price, Price limit) => takerSide == Side.Buy ? price <= limit : price >= limit;

    private static NaiveOrder? First(SortedDictionary<long, LinkedList<NaiveOrder>> side)
    {
        foreach (LinkedList<NaiveOrder> level in side.Values) return level.First!.Value;
        return null;
    }

    private long Certain(NaiveOrder maker, Side takerSide)
    {
        if (!maker.Data.Flags.HasFlag(OrderFlags.ReduceOnly)) return maker.Remaining.Lots;
        long ahead = OrdersOf(maker.Data.Account)
            .Where(o => !o.Data.Flags.HasFlag(OrderFlags.ReduceOnly) && o.Data.Side == maker.Data.Side)
            .Where(o => o.Data.PositionSide == maker.Data.PositionSide && Within(takerSide, o.Data.Price, maker.Data.Price))
            .Sum(o => o.Remaining.Lots);
        return Math.Max(0, maker.Remaining.Lots - ahead);
    }

    private SortedDictionary<long, LinkedList<NaiveOrder>> SideOf(Side side) => side == Side.Buy ? _bids : _asks;
}
