using System.Runtime.CompilerServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>
/// The resting orders of one market in price-time priority. Orders are addressed by node numbers, good from <see cref="Add"/> until the
/// order leaves; 0 is none. An account's orders are kept by order id, so the newest is the one with the highest id. Nothing is allocated
/// per order once the book has had its largest size. Wrong use and broken invariants throw.
/// </summary>
public sealed partial class LimitOrderBook
{
    private readonly NodePool _nodes = new();
    private readonly LevelPool _levels = new();
    private readonly OrderIndex _orders = new();
    private readonly AccountLists<OrderNodes, OrderNode> _accounts;
    private readonly ExpiryQueue _expiries;
    private readonly BookSide _bids;
    private readonly BookSide _asks;

    /// <param name="tickUnits">The market's tick in price units.</param>
    public LimitOrderBook(long tickUnits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tickUnits);
        _accounts = new AccountLists<OrderNodes, OrderNode>(new OrderNodes(_nodes));
        _bids = new BookSide(Side.Buy, _levels, tickUnits);
        _asks = new BookSide(Side.Sell, _levels, tickUnits);
        _expiries = new ExpiryQueue(NodeOf);
    }

    /// <summary>Orders on the book.</summary>
    public int Count { get; private set; }

    public Price BestBid => PriceOfLevel(_bids.Best);
    public Price BestAsk => PriceOfLevel(_asks.Best);

    /// <summary>Bytes of all arrays of the book, used or not.</summary>
    public long AllocatedBytes => _nodes.AllocatedBytes + _levels.AllocatedBytes + _orders.AllocatedBytes + _accounts.AllocatedBytes
        + _expiries.AllocatedBytes + _bids.AllocatedBytes + _asks.AllocatedBytes;

    /// <summary>Best resting price of a side, <see cref="Price.None"/> if it is empty.</summary>
    public Price Best(Side side) => side == Side.Buy ? BestBid : BestAsk;

    /// <summary>A resting order in place; read only.</summary>
    public ref readonly OrderNode this[int node] => ref _nodes[node];

    public Price PriceOf(int node) => PriceOfLevel(_nodes[node].Level);

    /// <summary>Rests an order behind all others at its price. It must not cross the other side.</summary>
    public int Add(in RestingOrder order)
    {
        bool sizeIsSound = order.Remaining.Lots > 0 && order.Remaining.Lots <= order.Quantity.Lots;
        InvariantViolation.Check(sizeIsSound, "a resting order's open part is not within its size");
        InvariantViolation.Check(order.OrderId.Value > 0 && order.Account.Value != 0, "a resting order has no id or no owner");
        InvariantViolation.Check(order.Price.Units > 0, "a resting order has no price");
        bool isBid = order.Side == Side.Buy;
        BookSide side = isBid ? _bids : _asks;
        int opposite = isBid ? _asks.Best : _bids.Best;
        if (opposite != 0)
        {
            long best = _levels[opposite].PriceUnits;
            InvariantViolation.Check(isBid ? order.Price.Units < best : order.Price.Units > best, "a resting order crosses the book");
        }

        int number = _nodes.Take();
        ref OrderNode node = ref _nodes[number];
        node.Id = order.OrderId.Value;
        node.RemainingLots = order.Remaining.Lots;
        node.QuantityLots = order.Quantity.Lots;
        node.GoodTillMs = order.GoodTill.Milliseconds;
        node.Owner = order.Account.Value;
        node.FeeE8 = (int)order.MakerFee.E8;
        node.FlagBits = (ushort)order.Flags;
        node.SideByte = (byte)order.Side;
        node.PositionSideByte = (byte)order.PositionSide;
        _orders.Insert(_nodes, node.Owner, node.Id, number);
        Enqueue(number, ref node, side.LevelAt(order.Price.Units));
        _accounts.Link(number, ref node);
        if (node.GoodTillMs != 0) _expiries.Add(new Expiry(node.GoodTillMs, node.Owner, node.Id));
        Count++;
        return number;
    }

    /// <summary>Takes an order off the book; returns it as it was.</summary>
    public RestingOrder Remove(int number)
    {
        RestingOrder order = Get(number);
        Detach(number, ref _nodes[number]);
        _nodes.Free(number);
        return order;
    }

    /// <summary>
    /// Cuts an order to a smaller open part; it keeps its place. What is cut leaves its size too, so that size − remaining stays what
    /// was traded. 0 &lt; <paramref name="remaining"/> ≤ the present one.
    /// </summary>
    public void Reduce(int number, Quantity remaining)
    {
        ref OrderNode node = ref Resting(number);
        long cut = node.RemainingLots - remaining.Lots;
        InvariantViolation.Check(remaining.Lots > 0 && cut >= 0, "an order can only be reduced, and not to nothing");
        node.RemainingLots -= cut;
        node.QuantityLots -= cut;
        _levels[node.Level].TotalLots -= cut;
    }

    /// <summary>A copy of a resting order.</summary>
    public RestingOrder Get(int number)
    {
        ref OrderNode node = ref Resting(number);
        return new RestingOrder
        {
            Account = node.Account,
            OrderId = node.OrderId,
            Side = node.Side,
            PositionSide = node.PositionSide,
            Price = PriceOfLevel(node.Level),
            Quantity = node.Quantity,
            Remaining = node.Remaining,
            Flags = node.Flags,
            GoodTill = node.GoodTill,
            MakerFee = node.MakerFee,
        };
    }

    public bool TryFind(AccountId account, OrderId orderId, out int number)
    {
        number = _orders.Find(_nodes, account.Value, orderId.Value);
        return number != 0;
    }

    /// <summary>Empties the book and keeps its memory.</summary>
    public void Clear()
    {
        _nodes.Clear();
        _levels.Clear();
        _orders.Clear();
        _accounts.Clear();
        _expiries.Clear();
        _bids.Clear();
        _asks.Clear();
        Count = 0;
    }

    private Price PriceOfLevel(int level) => level == 0 ? Price.None : new Price(_levels[level].PriceUnits);

    private ref OrderNode Resting(int number)
    {
        ref OrderNode node = ref _nodes[number];
        InvariantViolation.Check(number > 0 && node.Level != 0, "the order is not on the book");
        return ref node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enqueue(int number, ref OrderNode node, int levelNumber)
    {
        ref PriceLevel level = ref _levels[levelNumber];
        node.Level = levelNumber;
        node.Next = 0;
        node.Previous = level.Last;
        if (level.Last != 0) _nodes[level.Last].Next = number;
        else level.First = number;
        level.Last = number;
        level.Count++;
        level.TotalLots += node.RemainingLots;
        if (node.IsReduceOnly) level.ReduceOnlyCount++;
    }

    /// <summary>Takes an order out of level, index, account list and count; its node keeps its data until it is freed.</summary>
    private void Detach(int number, ref OrderNode node)
    {
        int levelNumber = node.Level;
        ref PriceLevel level = ref _levels[levelNumber];
        if (node.Previous != 0) _nodes[node.Previous].Next = node.Next;
        else level.First = node.Next;
        if (node.Next != 0) _nodes[node.Next].Previous = node.Previous;
        else level.Last = node.Previous;
        level.TotalLots -= node.RemainingLots;
        if (node.IsReduceOnly) level.ReduceOnlyCount--;
        node.Level = 0;
        if (--level.Count == 0) (node.SideByte == (byte)Side.Buy ? _bids : _asks).Remove(levelNumber);
        _orders.Remove(node.Owner, node.Id, number);
        _accounts.Unlink(ref node);
        if (node.GoodTillMs != 0) _expiries.Forget();
        Count--;
    }
}
