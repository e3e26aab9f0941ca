using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>Looking at the book without changing it.</summary>
public sealed partial class LimitOrderBook
{
    /// <summary>The levels of a side, best first, without allocation. The book must not change while enumerating.</summary>
    public BookLevels Levels(Side side) => new(_levels, (side == Side.Buy ? _bids : _asks).Best);

    /// <summary>The node numbers of a side in the order they would trade. The book must not change while enumerating.</summary>
    public PriorityOrders Orders(Side side) => new(_nodes, _levels, (side == Side.Buy ? _bids : _asks).Best);

    /// <summary>
    /// How much of an incoming order is certain to trade at once under its own self-trade prevention, up to its remaining quantity. Own
    /// orders stop it (ExpireTaker, ExpireBoth) or count nothing (ExpireMaker). Of a reduce-only order only that part counts which is left
    /// even if all orders of its account on that leg, not reduce-only and no worse in price, trade before it: as they do, the leg shrinks
    /// and it is cut.
    /// </summary>
    public Quantity FillableQuantity<THouse>(in TakerOrder taker, ref THouse house)
        where THouse : struct, IHouseDepth, allows ref struct
    {
        bool isBuy = taker.Side == Side.Buy;
        bool watchOwn = taker.SelfTradePrevention != SelfTradePrevention.None && CountOf(taker.Account) > 0;
        Price stop = taker.Limit;
        bool inclusive = true;
        long wanted = taker.Remaining.Lots;
        long found = 0;
        for (int number = (isBuy ? _asks : _bids).Best; number != 0 && found < wanted; number = _levels[number].Worse)
        {
            ref PriceLevel level = ref _levels[number];
            if (!IsWithin(taker.Side, level.PriceUnits, taker.Limit.Units)) break;
            if (!watchOwn && level.ReduceOnlyCount == 0)
            {
                found += level.TotalLots;
                continue;
            }

            if (CountOrders(in taker, watchOwn, level.First, level.PriceUnits, ref found)) continue;
            stop = new Price(level.PriceUnits);
            inclusive = false;
            break;
        }

        if (found < wanted) found += house.HouseDepth(taker.Side, stop, inclusive).Lots;
        return new Quantity(Math.Min(found, wanted));
    }

    /// <summary>False if an own order stops the taker here.</summary>
    private bool CountOrders(in TakerOrder taker, bool watchOwn, int first, long priceUnits, ref long found)
    {
        for (int number = first; number != 0; number = _nodes[number].Next)
        {
            ref OrderNode maker = ref _nodes[number];
            if (watchOwn && maker.Owner == taker.Account.Value)
            {
                if (taker.SelfTradePrevention == SelfTradePrevention.ExpireMaker) continue;
                return false;
            }

            found += maker.IsReduceOnly ? Math.Max(0, maker.RemainingLots - ClosingAhead(ref maker, priceUnits)) : maker.RemainingLots;
        }

        return true;
    }

    private long ClosingAhead(ref OrderNode reduceOnly, long priceUnits)
    {
        AccountEntry entry = _accounts.Of(reduceOnly.Account);
        if (entry.Count == entry.ReduceOnlyCount) return 0;
        Side takerSide = reduceOnly.Side == Side.Buy ? Side.Sell : Side.Buy;
        long lots = 0;
        for (int number = entry.Newest; number != 0; number = _nodes[number].Older)
        {
            ref OrderNode node = ref _nodes[number];
            if (node.IsReduceOnly || node.SideByte != reduceOnly.SideByte || node.PositionSideByte != reduceOnly.PositionSideByte) continue;
            if (IsWithin(takerSide, _levels[node.Level].PriceUnits, priceUnits)) lots += node.RemainingLots;
        }

        return lots;
    }
}

/// <summary>One price of the book.</summary>
public readonly record struct BookLevel(Price Price, Quantity Quantity, int Orders);

public ref struct BookLevels
{
    private readonly LevelPool _levels;
    private int _next;

    internal BookLevels(LevelPool levels, int first)
    {
        _levels = levels;
        _next = first;
    }

    public BookLevel Current { get; private set; }

    public readonly BookLevels GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next == 0) return false;
        ref PriceLevel level = ref _levels[_next];
        Current = new BookLevel(new Price(level.PriceUnits), new Quantity(level.TotalLots), level.Count);
        _next = level.Worse;
        return true;
    }
}

public ref struct PriorityOrders
{
    private readonly NodePool _nodes;
    private readonly LevelPool _levels;
    private int _level;

    internal PriorityOrders(NodePool nodes, LevelPool levels, int bestLevel)
    {
        _nodes = nodes;
        _levels = levels;
        _level = bestLevel;
    }

    public int Current { get; private set; }

    public readonly PriorityOrders GetEnumerator() => this;

    public bool MoveNext()
    {
        int next = Current == 0 ? 0 : _nodes[Current].Next;
        if (next == 0)
        {
            if (_level == 0) return false;
            next = _levels[_level].First;
            _level = _levels[_level].Worse;
        }

        Current = next;
        return true;
    }
}
