using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// One account as its user data stream tells it: begun from a snapshot, carried on by events. What the events alone do not say (an order's
/// terms, a leg's mode, other balances) is kept here. Not thread-safe.
/// </summary>
internal sealed class AccountMirror
{
    private readonly MarketFormats _formats;
    private readonly Dictionary<OrderId, OrderMirror> _orders = [];
    private readonly Dictionary<AlgoId, OrderImage> _triggers = [];
    private readonly SortedDictionary<(int Market, PositionSide Side), LegMirror> _legs = [];
    private readonly SortedDictionary<int, Amount> _wallets = [];
    private readonly MarginMode[] _modes;
    private readonly int[] _leverages;

    public AccountMirror(MarketFormats formats, AccountSnapshot snapshot)
    {
        _formats = formats;
        _modes = new MarginMode[formats.All.Count];
        _leverages = new int[formats.All.Count];
        TakerFee = snapshot.TakerFee;
        foreach (AssetBalance balance in snapshot.Balances) _wallets[balance.Asset.Value] = balance.Wallet;
        foreach (MarketSettings m in snapshot.Markets) (_modes[m.Market.Value - 1], _leverages[m.Market.Value - 1]) = (m.Mode, m.Leverage);
        foreach (LegSnapshot leg in snapshot.Legs)
        {
            if (leg.Quantity.IsZero && leg.IsolatedWallet.IsZero) continue;
            _legs[(leg.Market.Value, leg.Side)] = new LegMirror
            {
                Mode = leg.Mode,
                Quantity = leg.Quantity,
                OpenCost = leg.OpenCost,
                IsolatedWallet = leg.IsolatedWallet,
            };
        }

        foreach (OpenOrderSnapshot order in snapshot.Orders)
            _orders[order.Id] = new OrderMirror(OrderImage.Of(formats[order.Market], order), order.Id, order.Algo, LiquidationId.None);
        foreach (OpenTriggerSnapshot trigger in snapshot.Triggers) _triggers[trigger.Id] = OrderImage.Of(formats[trigger.Market], trigger);
    }

    public IReadOnlyDictionary<OrderId, OrderMirror> Orders => _orders;
    public IReadOnlyDictionary<AlgoId, OrderImage> Triggers => _triggers;
    public IReadOnlyDictionary<(int Market, PositionSide Side), LegMirror> Legs => _legs;
    public IReadOnlyDictionary<int, Amount> Wallets => _wallets;

    /// <summary>Does not change while an account lives.</summary>
    public Rate TakerFee { get; }

    public Amount Wallet(AssetId asset) => _wallets.GetValueOrDefault(asset.Value);

    /// <summary>Of the settlement asset less the isolated wallets; another asset's whole wallet.</summary>
    public Amount CrossWallet(AssetId asset)
    {
        Amount wallet = Wallet(asset);
        if (asset != AssetId.Settlement) return wallet;
        foreach (LegMirror leg in _legs.Values) wallet -= leg.IsolatedWallet;
        return wallet;
    }

    public MarginMode Mode(MarketId market) => _modes[market.Value - 1];

    public int Leverage(MarketId market) => _leverages[market.Value - 1];

    /// <summary>The leg, or what an empty one would be.</summary>
    public LegMirror Leg(MarketId market, PositionSide side) =>
        _legs.TryGetValue((market.Value, side), out LegMirror? leg) ? leg : new LegMirror { Mode = Mode(market) };

    public OrderMirror Accept(in Event e)
    {
        ref readonly OrderAccepted a = ref e.Body<OrderAccepted>();
        var image = new OrderImage
        {
            Market = _formats[e.Market],
            Id = OrderImage.ShownId(a.Flags, a.Order, a.Algo),
            ClientId = a.ClientOrderId,
            Status = OrderStatus.New,
            Side = a.Side,
            PositionSide = a.PositionSide,
            Type = a.Type,
            OriginalType = a.Type,
            TimeInForce = a.TimeInForce,
            SelfTradePrevention = a.SelfTradePrevention,
            Flags = a.Flags,
            Price = a.Price,
            Quantity = a.Quantity,
            GoodTill = a.GoodTill,
            Time = e.Time,
            Updated = e.Time,
        };
        if (image.IsClassic && _triggers.TryGetValue(a.Algo, out OrderImage was)) image.AddOrigin(was);
        var order = new OrderMirror(image, a.Order, a.Algo, a.Liquidation);
        _orders[a.Order] = order;
        return order;
    }

    /// <summary>Applies what an event did to an order and forgets the order when it is over. Null for one that is not known.</summary>
    public OrderMirror? Change(in Event e, OrderId id)
    {
        if (!_orders.TryGetValue(id, out OrderMirror? order)) return null;
        order.Image.Apply(e, id);
        if (order.Image.Status > OrderStatus.PartiallyFilled) _orders.Remove(id);
        return order;
    }

    public LegMirror Fill(MarketId market, in OrderFilled fill)
    {
        LegMirror leg = Own(market, fill.PositionSide);
        leg.Quantity = fill.PositionAfter;
        leg.OpenCost = fill.OpenCostAfter;
        leg.IsolatedWallet = fill.IsolatedWalletAfter;
        if (!fill.IsolatedWalletAfter.IsZero) leg.Mode = MarginMode.Isolated;
        leg.Realized += fill.RealizedProfit;
        _wallets[0] = fill.WalletAfter;
        return leg;
    }

    /// <summary>A wallet changed; gives the isolated leg that the change belongs to, or null.</summary>
    public LegMirror? Change(MarketId market, in BalanceChanged change)
    {
        _wallets[change.Asset.Value] = change.WalletAfter;
        if (change.Asset != AssetId.Settlement || market.IsNone) return null;
        if (!_legs.TryGetValue((market.Value, change.PositionSide), out LegMirror? leg) || leg.Mode != MarginMode.Isolated) return null;
        leg.IsolatedWallet += change.Change;
        return leg;
    }

    public LegMirror Change(MarketId market, in PositionChanged change)
    {
        LegMirror leg = Own(market, change.PositionSide);
        leg.Mode = change.Mode;
        leg.Quantity = change.Quantity;
        leg.OpenCost = change.OpenCost;
        leg.IsolatedWallet = change.IsolatedWallet;

        // The market's setting is that of its first leg.
        if (change.PositionSide != PositionSide.Short) SetMode(market, change.Mode);
        return leg;
    }

    /// <summary>Legs that hold nothing any more are forgotten.</summary>
    public void Tidy(IEnumerable<(int Market, PositionSide Side)> legs)
    {
        foreach ((int Market, PositionSide Side) key in legs)
        {
            if (_legs.TryGetValue(key, out LegMirror? leg) && leg.Quantity.IsZero && leg.IsolatedWallet.IsZero) _legs.Remove(key);
        }
    }

    public void SetLeverage(MarketId market, int leverage) => _leverages[market.Value - 1] = leverage;

    public void SetMode(MarketId market, MarginMode mode) => _modes[market.Value - 1] = mode;

    public OrderImage Accept(in Event e, in TriggerAccepted a)
    {
        var image = new OrderImage
        {
            Market = _formats[e.Market],
            Id = a.Algo.Value,
            ClientId = a.ClientOrderId,
            Status = OrderStatus.New,
            Side = a.Side,
            PositionSide = a.PositionSide,
            Type = a.Type,
            OriginalType = a.Type,
            TimeInForce = a.TimeInForce,
            SelfTradePrevention = OrderReader.DefaultSelfTrade, // the event does not tell it
            Flags = a.Flags,
            Price = a.Price,
            StopPrice = a.TriggerPrice,
            ActivationPrice = a.ActivationPrice,
            CallbackRate = a.CallbackRate,
            Source = a.TriggerSource,
            Quantity = a.Quantity,
            GoodTill = a.GoodTill,
            Time = e.Time,
            Updated = e.Time,
        };
        _triggers[a.Algo] = image;
        return image;
    }

    /// <summary>The conditional order is over; false for one that is not known.</summary>
    public bool End(AlgoId algo, out OrderImage trigger) => _triggers.Remove(algo, out trigger);

    private LegMirror Own(MarketId market, PositionSide side)
    {
        if (_legs.TryGetValue((market.Value, side), out LegMirror? leg)) return leg;
        return _legs[(market.Value, side)] = new LegMirror { Mode = Mode(market) };
    }
}

/// <summary>An open order, and the conditional order or liquidation that it came from.</summary>
internal sealed class OrderMirror(OrderImage image, OrderId id, AlgoId algo, LiquidationId liquidation)
{
    public OrderImage Image = image;

    public OrderId Id { get; } = id;
    public AlgoId Algo { get; } = algo;
    public LiquidationId Liquidation { get; } = liquidation;

    /// <summary>What the conditional order of the algo path was that became this order.</summary>
    public OrderImage? Origin { get; set; }
}

/// <summary>A leg with a position or an isolated wallet.</summary>
internal sealed class LegMirror
{
    public MarginMode Mode { get; set; }
    public Quantity Quantity { get; set; }
    public Amount OpenCost { get; set; }
    public Amount IsolatedWallet { get; set; }

    /// <summary>Profit realized since the stream of the account opened, before fees.</summary>
    public Amount Realized { get; set; }
}
