using System.Runtime.CompilerServices;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Who holds what in one market, by (account, leg); the fund is a holder, the house is not. Every fill of the market goes through
/// <see cref="Apply"/>, so the table is final. Open addressing over a dense array; a leg that went flat keeps its entry for its next
/// position, and is no part of the state.
/// </summary>
public sealed class HolderTable(MarketSpec spec)
{
    private const int BytesPerHolder = 4 + 1 + 8 + 8;

    private Holding[] _holdings = new Holding[16];

    // Index into _holdings plus one; 0 is empty.
    private int[] _slots = new int[64];
    private int _used;

    /// <summary>Σ of the signed quantities of all holders, in lots.</summary>
    public long NetLots { get; private set; }

    /// <summary>Σ of the long quantities, in lots.</summary>
    public long LongLots { get; private set; }

    /// <summary>Legs with a position.</summary>
    public int Count { get; private set; }

    /// <summary>The largest position of all legs, long or short, in lots. Looks at each.</summary>
    public long LargestLots()
    {
        long largest = 0;
        for (int i = 0; i < _used; i++) largest = Math.Max(largest, Math.Abs(_holdings[i].Quantity.Lots));
        return largest;
    }

    public Quantity QuantityOf(AccountId account, PositionSide side)
    {
        int index = Find(account, side);
        return index < 0 ? Quantity.Zero : _holdings[index].Quantity;
    }

    /// <summary>The leg's holding; false when it has no position.</summary>
    public bool TryGet(AccountId account, PositionSide side, out Holding holding)
    {
        int index = Find(account, side);
        holding = index < 0 ? default : _holdings[index];
        return !holding.Quantity.IsZero;
    }

    /// <summary>
    /// Applies a fill by the same arithmetic as the account. Returns the leg's position before it; <paramref name="after"/> is the one now.
    /// </summary>
    public Quantity Apply(AccountId account, PositionSide positionSide, Side side, Quantity quantity, Price price, out Quantity after)
    {
        int index = Find(account, positionSide);
        if (index < 0) index = Add(account, positionSide);
        ref Holding holding = ref _holdings[index];
        Quantity before = holding.Quantity;
        LegMath.ApplyFill(spec, ref holding.Quantity, ref holding.OpenCost, side, quantity, price);
        after = holding.Quantity;
        NetLots += after.Lots - before.Lots;
        LongLots += Math.Max(0, after.Lots) - Math.Max(0, before.Lots);
        Count += (after.IsZero ? 0 : 1) - (before.IsZero ? 0 : 1);
        return before;
    }

    /// <summary>
    /// The legs with a position in account id, then leg order: fills <paramref name="into"/> (grown as needed), returns how many.
    /// </summary>
    public int CopySorted(ref Holding[] into)
    {
        if (into.Length < Count) into = new Holding[Math.Max(Count, into.Length * 2)];
        int n = 0;
        for (int i = 0; i < _used; i++)
        {
            if (!_holdings[i].Quantity.IsZero) into[n++] = _holdings[i];
        }

        Array.Sort(into, 0, n);
        return n;
    }

    public void Write(StateWriter writer)
    {
        Holding[] sorted = [];
        int n = CopySorted(ref sorted);
        writer.WriteInt32(n);
        for (int i = 0; i < n; i++)
        {
            writer.WriteInt32(sorted[i].Account.Value);
            writer.WriteByte((byte)sorted[i].Side);
            writer.WriteQuantity(sorted[i].Quantity);
            writer.WriteAmount(sorted[i].OpenCost);
        }
    }

    public void Read(StateReader reader)
    {
        Clear();
        int n = reader.ReadCount(BytesPerHolder);
        for (int i = 0; i < n; i++)
        {
            int index = Add(new AccountId(reader.ReadInt32()), (PositionSide)reader.ReadByte());
            ref Holding holding = ref _holdings[index];
            holding.Quantity = reader.ReadQuantity();
            holding.OpenCost = reader.ReadAmount();
            if (holding.Quantity.IsZero) throw reader.Fault($"a holder without a position: {holding.Account}");
            NetLots += holding.Quantity.Lots;
            LongLots += Math.Max(0, holding.Quantity.Lots);
            Count++;
        }
    }

    private void Clear()
    {
        Array.Clear(_slots);
        (_used, Count, NetLots, LongLots) = (0, 0, 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Home(AccountId account, PositionSide side, int mask)
    {
        unchecked
        {
            ulong key = ((ulong)(uint)account.Value << 2) | (byte)side;
            return (int)((key * 0x9E3779B97F4A7C15UL) >> 32) & mask;
        }
    }

    private int Find(AccountId account, PositionSide side)
    {
        int[] slots = _slots;
        int mask = slots.Length - 1;
        for (int i = Home(account, side, mask); slots[i] != 0; i = (i + 1) & mask)
        {
            ref Holding holding = ref _holdings[slots[i] - 1];
            if (holding.Account == account && holding.Side == side) return slots[i] - 1;
        }

        return -1;
    }

    private int Add(AccountId account, PositionSide side)
    {
        if (_used == _holdings.Length) Array.Resize(ref _holdings, _used * 2);
        if ((_used + 1) * 2 > _slots.Length) Rehash(_slots.Length * 2);
        _holdings[_used] = new Holding { Account = account, Side = side };
        Link(_used);
        return _used++;
    }

    private void Rehash(int size)
    {
        _slots = new int[size];
        for (int i = 0; i < _used; i++) Link(i);
    }

    private void Link(int index)
    {
        int mask = _slots.Length - 1;
        int i = Home(_holdings[index].Account, _holdings[index].Side, mask);
        while (_slots[i] != 0) i = (i + 1) & mask;
        _slots[i] = index + 1;
    }
}
