using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>What the open orders of one leg reserve by, beside the sums of <see cref="OrderLoad"/>.</summary>
public struct LegOrders
{
    public OrderLoad Load;

    /// <summary>No open buy of the leg has a higher price, no sell a lower one: while the mark lies between, no order has an open loss.</summary>
    public Price HighestBid;
    public Price LowestAsk;

    /// <summary>Open orders of the leg, reduce-only ones included.</summary>
    public int Count;
}

/// <summary>
/// The legs of one account, by market, then side: positions together with the leverage and margin mode set for the leg. A leg without
/// position, orders and settings of its own is not kept.
/// </summary>
public sealed class LegTable(int defaultLeverage)
{
    private Leg[] _legs = [];
    private LegOrders[] _orders = [];

    public int Count { get; private set; }

    public ReadOnlySpan<Leg> Legs => _legs.AsSpan(0, Count);

    public ref Leg this[int index] => ref _legs[index];

    public ref LegOrders OrdersAt(int index) => ref _orders[index];

    /// <summary>The index of a leg, or the complement (~) of where it would be.</summary>
    public int Find(MarketId market, PositionSide side)
    {
        for (int i = 0; i < Count; i++)
        {
            ref readonly Leg leg = ref _legs[i];
            if (leg.Market.Value < market.Value) continue;
            if (leg.Market.Value > market.Value || leg.Side > side) return ~i;
            if (leg.Side == side) return i;
        }

        return ~Count;
    }

    /// <summary>The index of a leg, which is added with the market's settings if it is not there.</summary>
    public int FindOrAdd(MarketId market, PositionSide side)
    {
        int i = Find(market, side);
        if (i >= 0) return i;
        i = ~i;
        int leverage = LeverageOf(market);
        if (Count == _legs.Length)
        {
            int size = Math.Max(2, Count + Math.Max(1, Count / 2));
            Array.Resize(ref _legs, size);
            Array.Resize(ref _orders, size);
        }

        Array.Copy(_legs, i, _legs, i + 1, Count - i);
        Array.Copy(_orders, i, _orders, i + 1, Count - i);
        Count++;
        _legs[i] = new Leg { Market = market, Side = side, Leverage = leverage };
        _orders[i] = new LegOrders { Load = new OrderLoad { Market = market, Side = side }, LowestAsk = new Price(long.MaxValue) };
        return i;
    }

    /// <summary>The leverage set for a market: the profile's default unless a leg of it says otherwise.</summary>
    public int LeverageOf(MarketId market)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_legs[i].Market == market) return _legs[i].Leverage;
        }

        return defaultLeverage;
    }

    /// <summary>Drops a leg that holds nothing worth keeping.</summary>
    public void Tidy(int index)
    {
        ref readonly Leg leg = ref _legs[index];
        bool empty = leg.Quantity.IsZero && leg.IsolatedWallet.IsZero && _orders[index].Count == 0;
        if (!empty || leg.Mode != MarginMode.Cross || leg.Leverage != defaultLeverage) return;
        RemoveAt(index);
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_legs, index + 1, _legs, index, Count - index);
        Array.Copy(_orders, index + 1, _orders, index, Count - index);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(Count);
        foreach (ref readonly Leg leg in Legs)
        {
            writer.WriteInt32(leg.Market.Value);
            writer.WriteByte((byte)leg.Side);
            writer.WriteByte((byte)leg.Mode);
            writer.WriteInt32(leg.Leverage);
            writer.WriteQuantity(leg.Quantity);
            writer.WriteAmount(leg.OpenCost);
            writer.WriteAmount(leg.IsolatedWallet);
            writer.WriteTimestamp(leg.UpdatedAt);
        }
    }

    /// <summary>Restores the legs; the sums of their orders follow from the order list.</summary>
    public void Read(StateReader reader)
    {
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            var market = new MarketId(reader.ReadInt32());
            int at = FindOrAdd(market, (PositionSide)reader.ReadByte());
            ref Leg leg = ref _legs[at];
            leg.Mode = (MarginMode)reader.ReadByte();
            leg.Leverage = reader.ReadInt32();
            leg.Quantity = reader.ReadQuantity();
            leg.OpenCost = reader.ReadAmount();
            leg.IsolatedWallet = reader.ReadAmount();
            leg.UpdatedAt = reader.ReadTimestamp();
        }
    }
}
