using System.Numerics;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>
/// An input turned into what the engine judges: legs in the order given, marks by market, and the load of the open orders.
/// </summary>
internal sealed class MarginAccount
{
    private readonly Dictionary<(MarketId, PositionSide), int> _byLeg = [];

    public MarginAccount(MarginMarkets markets, MarginInput input)
    {
        Profile = markets.Profile;
        Wallet = input.WalletBalance;
        Marks = new Price[Profile.Markets.Count];
        Legs = new Leg[input.Positions.Count];
        for (int i = 0; i < Legs.Length; i++)
        {
            PositionInput position = input.Positions[i];
            bool hedged = input.Positions.Any(p => p.Symbol == position.Symbol && p.IsLong != position.IsLong);
            Legs[i] = ReadLeg(position, markets[position.Symbol], hedged);
            if (!_byLeg.TryAdd((Legs[i].Market, Legs[i].Side), i))
            {
                string side = position.IsLong ? "long" : "short";
                throw new MarginInputException($"{position.Path}: a second {side} position of {position.Symbol}");
            }
        }

        foreach (OrderInput order in input.Orders) Orders.Add(ReadOrder(order, markets[order.Symbol]));
    }

    public VenueProfile Profile { get; }
    public Amount Wallet { get; }
    public Leg[] Legs { get; }

    /// <summary>Zero for a market in which only orders are.</summary>
    public Price[] Marks { get; }

    public List<(MarketSpec Market, Side Side, Quantity Quantity, Price Price, bool ReduceOnly)> Orders { get; } = [];

    /// <summary>
    /// Order margin of all legs with the open loss of every order on an opening side. An order of a hedged symbol opens the leg of its
    /// side (buy long, sell short). Without a position there is no mark: an order then stands at its own price and has no open loss.
    /// </summary>
    public Amount OrderMarginUp()
    {
        Amount sum = Amount.Zero;
        foreach (var side in Orders.Where(o => !o.ReduceOnly).GroupBy(o => o.Market))
        {
            MarketSpec market = side.Key;
            if (_byLeg.TryGetValue((market.Id, PositionSide.Both), out int one))
            {
                sum += LegMarginUp(market, Legs[one], side);
            }
            else if (_byLeg.TryGetValue((market.Id, PositionSide.Long), out int longLeg))
            {
                sum += LegMarginUp(market, Legs[longLeg], side.Where(o => o.Side == Side.Buy));
                sum += LegMarginUp(market, Legs[_byLeg[(market.Id, PositionSide.Short)]], side.Where(o => o.Side == Side.Sell));
            }
            else
            {
                var none = new Leg { Market = market.Id, Leverage = 0 };
                sum += LegMarginUp(market, none, side);
            }
        }

        return sum;
    }

    private Amount LegMarginUp(
        MarketSpec market, Leg leg, IEnumerable<(MarketSpec Market, Side Side, Quantity Quantity, Price Price, bool ReduceOnly)> orders)
    {
        Price mark = Marks[market.Id.Value - 1];
        var load = new OrderLoad { Market = market.Id, Side = leg.Side };
        foreach (var order in orders)
        {
            Amount value = market.Notional(order.Price, order.Quantity);
            if (order.Side == Side.Buy)
            {
                load.Bids += value;
                load.BidQuantity += order.Quantity;
            }
            else
            {
                load.Asks += value;
                load.AskQuantity += order.Quantity;
            }
        }

        if (leg.Leverage == 0) leg.Leverage = CutLeverage(null, market, Amount.Max(load.Bids, load.Asks));
        Amount sum = OrderMargin.InitialUp(market, leg, load, mark);
        if (mark.IsNone) return sum;
        foreach (var order in orders)
        {
            Quantity total = order.Side == Side.Buy ? load.BidQuantity : load.AskQuantity;
            if (!OrderMargin.Opens(leg.Side, leg.Quantity, order.Side, total)) continue;
            sum += OrderMargin.OpenLoss(market, order.Side, order.Quantity, order.Price, mark);
        }

        return sum;
    }

    private Leg ReadLeg(PositionInput position, MarketSpec market, bool hedged)
    {
        Quantity size = Size(position.Quantity, market, $"{position.Path}.quantity");
        Price mark = Mark(position, market);
        Amount notional = market.Notional(mark, size);
        Quantity quantity = position.IsLong ? size : -size;
        PositionSide side = !hedged ? PositionSide.Both : position.IsLong ? PositionSide.Long : PositionSide.Short;
        var leg = new Leg
        {
            Market = market.Id,
            Side = side,
            Mode = position.Mode,
            Leverage = CutLeverage(position.Leverage, market, notional),
            Quantity = quantity,
            OpenCost = OpenCostUp(position, market, quantity),
        };
        if (position.Mode == MarginMode.Isolated)
        {
            leg.IsolatedWallet = position.IsolatedMargin ?? LegMath.InitialUp(leg.OpenCost.Abs, leg.Leverage);
        }

        return leg;
    }

    // A mark may have more decimals than the market's unit; like a feed's price it is rounded to it, half to even.
    private Price Mark(PositionInput position, MarketSpec market)
    {
        string path = $"{position.Path}.markPrice";
        if (!market.TryParsePrice(position.MarkPrice, DecimalRounding.HalfEven, out Price mark) || mark.Units <= 0)
        {
            throw new MarginInputException($"{path}: \"{position.MarkPrice}\" is not a decimal above 0");
        }

        ref Price known = ref Marks[market.Id.Value - 1];
        if (!known.IsNone && known != mark)
        {
            throw new MarginInputException($"{path}: {position.MarkPrice} is not the mark {market.Format(known)} of the other position");
        }

        known = mark;
        return mark;
    }

    // Entry prices are averages and may have any decimals; the cost they stand for is rounded against the trader (up, signed).
    private static Amount OpenCostUp(PositionInput position, MarketSpec market, Quantity quantity)
    {
        for (int decimals = 0; decimals <= 18; decimals++)
        {
            if (!DecimalText.TryParse(position.EntryPrice, decimals, out long price)) continue;
            if (price <= 0) break;
            BigInteger cost = (BigInteger)price * quantity.Lots * (BigInteger)market.LotSizeE18 * Amount.One;
            BigInteger divisor = BigInteger.Pow(10, decimals + 18);
            BigInteger up = BigInteger.DivRem(cost, divisor, out BigInteger rest) + (rest.Sign > 0 ? 1 : 0);
            return new Amount((long)up);
        }

        throw new MarginInputException(
            $"{position.Path}.entryPrice: \"{position.EntryPrice}\" is not a decimal above 0 of at most 18 digits");
    }

    private static (MarketSpec, Side, Quantity, Price, bool) ReadOrder(OrderInput order, MarketSpec market)
    {
        Quantity size = Size(order.Quantity, market, $"{order.Path}.quantity");
        if (!market.TryParsePrice(order.Price, DecimalRounding.Exact, out Price price) || price.Units <= 0 || !market.IsOnTick(price))
        {
            throw new MarginInputException($"{order.Path}.price: \"{order.Price}\" is not a positive multiple of the tick "
                + market.Format(new Price(market.TickUnits)));
        }

        return (market, order.Side, size, price, order.ReduceOnly);
    }

    private static Quantity Size(string text, MarketSpec market, string path)
    {
        if (market.TryParseQuantity(text, DecimalRounding.Exact, out Quantity size) && size.Lots > 0) return size;
        throw new MarginInputException($"{path}: \"{text}\" is not a positive multiple of the step {market.Format(new Quantity(1))}");
    }

    private int CutLeverage(int? given, MarketSpec market, Amount notional) =>
        Math.Min(given ?? Profile.DefaultLeverage, market.Tiers.MaxLeverageAt(notional));
}
