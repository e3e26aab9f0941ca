using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>Everything one account owns. Changed only by the account's own steps.</summary>
public sealed class AccountState(AccountId id, VenueProfile profile)
{
    private Amount[] _balances = new Amount[1];

    public AccountId Id { get; } = id;
    public VenueProfile Profile { get; } = profile;

    public Rate MakerFee { get; set; }
    public Rate TakerFee { get; set; }
    public AccountStatus Status { get; set; }
    public bool IsOpen => Status is AccountStatus.Active or AccountStatus.Frozen;
    public bool IsFrozen => Status == AccountStatus.Frozen;
    public bool IsHedge { get; set; }

    /// <summary>The last id given to an order, conditional order or liquidation.</summary>
    public long LastId { get; private set; }

    /// <summary>The deleveraging round the account has answered and waits for; 0 none.</summary>
    public long HeldByRound { get; set; }
    public MarketId HeldByMarket { get; set; }

    public LegTable Legs { get; } = new(profile.DefaultLeverage);
    public OrderList Orders { get; } = new();

    /// <summary>Conditional orders by rising id; null until the first.</summary>
    public List<OpenTrigger>? Triggers { get; set; }

    /// <summary>Amends on their way to the market; null until the first.</summary>
    public List<PendingAmend>? Amends { get; set; }

    /// <summary>Liquidations under way, one a pool; null when there is none.</summary>
    public List<LiquidationCase>? Liquidations { get; set; }

    /// <summary>Whole wallets by asset number, isolated wallets included in the settlement asset's at index 0.</summary>
    public ReadOnlySpan<Amount> Balances => _balances;

    public long TakeId() => ++LastId;

    public Amount Balance(AssetId asset) => asset.Value < _balances.Length ? _balances[asset.Value] : Amount.Zero;

    public Amount Wallet => _balances[0];

    /// <summary>Exchange time of the last change of a balance; 0 never.</summary>
    public Timestamp UpdatedAt { get; private set; }

    public void AddToBalance(AssetId asset, Amount change, Timestamp now)
    {
        ShiftBalance(asset, change);
        if (!change.IsZero) UpdatedAt = now;
    }

    /// <summary>As <see cref="AddToBalance"/>, but it counts for no change: for a check that takes it back.</summary>
    internal void ShiftBalance(AssetId asset, Amount change)
    {
        if (asset.Value >= _balances.Length) Array.Resize(ref _balances, asset.Value + 1);
        _balances[asset.Value] += change;
        InvariantViolation.Check(asset == AssetId.Settlement || !_balances[asset.Value].IsNegative, "only the settlement asset may be owed");
    }

    /// <summary>The settlement wallet less the isolated wallets.</summary>
    public Amount CrossWallet
    {
        get
        {
            Amount sum = _balances[0];
            foreach (ref readonly Leg leg in Legs.Legs) sum -= leg.IsolatedWallet;
            return sum;
        }
    }

    public PoolView CrossPool => new(Legs.Legs, -1, _balances);

    public PoolView IsolatedPool(int leg) => new(Legs.Legs, leg, _balances);

    /// <summary>The pool that a leg belongs to.</summary>
    public PoolId PoolOf(in Leg leg) => leg.Mode == MarginMode.Cross ? PoolId.Cross(Id) : new PoolId(Id, leg.Market, leg.Side);

    /// <summary>The liquidation of a pool, or null.</summary>
    public LiquidationCase? LiquidationOf(MarketId market, PositionSide side)
    {
        if (Liquidations is null) return null;
        foreach (LiquidationCase c in Liquidations)
        {
            if (c.Market == market && (market.IsNone || c.Side == side)) return c;
        }

        return null;
    }

    public LiquidationCase? CrossLiquidation => LiquidationOf(MarketId.None, PositionSide.Both);

    /// <summary>Adds an order to what its leg reserves.</summary>
    public void AddLoad(in OpenOrder order)
    {
        int i = Legs.FindOrAdd(order.Market, order.PositionSide);
        ref LegOrders load = ref Legs.OrdersAt(i);
        load.Count++;
        if (order.IsReduceOnly) return;
        AddLots(ref load, order.Side, order.Price, order.Leaves);
    }

    /// <summary>Takes lots of an order off what its leg reserves; the order itself stays counted.</summary>
    public void RemoveLots(in OpenOrder order, Quantity lots)
    {
        if (order.IsReduceOnly || lots.IsZero) return;
        ref LegOrders load = ref Legs.OrdersAt(LegOf(order));
        Amount value = Profile[order.Market].Notional(order.Price, lots);
        if (order.Side == Side.Buy)
        {
            load.Load.Bids -= value;
            load.Load.BidQuantity -= lots;
            if (load.Load.BidQuantity.IsZero) load.HighestBid = Price.None;
        }
        else
        {
            load.Load.Asks -= value;
            load.Load.AskQuantity -= lots;
            if (load.Load.AskQuantity.IsZero) load.LowestAsk = new Price(long.MaxValue);
        }

        InvariantViolation.Check(!load.Load.Bids.IsNegative && !load.Load.Asks.IsNegative, "reserved order value is never negative");
    }

    /// <summary>Drops an order that has ended, with whatever it still reserves.</summary>
    public void RemoveOrder(int index)
    {
        ref readonly OpenOrder order = ref Orders[index];
        RemoveLots(order, order.Leaves);
        int leg = LegOf(order);
        Legs.OrdersAt(leg).Count--;
        if (Amends is not null) RemoveAmend(order.Id);
        Orders.RemoveAt(index);
        Legs.Tidy(leg);
    }

    // Apart, because a lambda that captures would allocate at every call of its method.
    public void RemoveAmend(OrderId order) => Amends?.RemoveAll(a => a.Order == order);

    /// <summary>Open orders of a market, and conditional ones.</summary>
    public int CountOrders(MarketId market)
    {
        int count = 0;
        for (int i = 0; i < Legs.Count; i++)
        {
            if (Legs[i].Market == market) count += Legs.OrdersAt(i).Count;
        }

        return count;
    }

    public int CountTriggers(MarketId market)
    {
        if (Triggers is null) return 0;
        int count = 0;
        foreach (OpenTrigger t in Triggers)
        {
            if (t.Market == market) count++;
        }

        return count;
    }

    internal static void AddLots(ref LegOrders load, Side side, Price price, Quantity lots, Amount value)
    {
        if (side == Side.Buy)
        {
            load.Load.Bids += value;
            load.Load.BidQuantity += lots;
            if (price > load.HighestBid) load.HighestBid = price;
        }
        else
        {
            load.Load.Asks += value;
            load.Load.AskQuantity += lots;
            if (price < load.LowestAsk) load.LowestAsk = price;
        }
    }

    private void AddLots(ref LegOrders load, Side side, Price price, Quantity lots) =>
        AddLots(ref load, side, price, lots, Profile[load.Load.Market].Notional(price, lots));

    private int LegOf(in OpenOrder order)
    {
        int i = Legs.Find(order.Market, order.PositionSide);
        InvariantViolation.Check(i >= 0, "an open order has a leg");
        return i;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteByte((byte)Status);
        writer.WriteBool(IsHedge);
        writer.WriteRate(MakerFee);
        writer.WriteRate(TakerFee);
        writer.WriteInt64(LastId);
        writer.WriteTimestamp(UpdatedAt);
        writer.WriteInt64(HeldByRound);
        writer.WriteInt32(HeldByMarket.Value);
        writer.WriteInt32(_balances.Length);
        foreach (Amount balance in _balances) writer.WriteAmount(balance);
        Legs.Write(writer);
        Orders.Write(writer);
        AccountStateExtras.Write(this, writer);
    }

    public void Read(StateReader reader)
    {
        Status = (AccountStatus)reader.ReadByte();
        if (Status > AccountStatus.Closed) throw reader.Fault($"{(int)Status} is no status of an account");
        IsHedge = reader.ReadBool();
        MakerFee = reader.ReadRate();
        TakerFee = reader.ReadRate();
        LastId = reader.ReadInt64();
        UpdatedAt = reader.ReadTimestamp();
        HeldByRound = reader.ReadInt64();
        HeldByMarket = new MarketId(reader.ReadInt32());
        _balances = new Amount[reader.ReadInt32()];
        for (int i = 0; i < _balances.Length; i++) _balances[i] = reader.ReadAmount();
        Legs.Read(reader);
        Orders.Read(reader);
        foreach (ref readonly OpenOrder order in Orders.Orders) AddLoad(order);
        AccountStateExtras.Read(this, reader);
    }
}
