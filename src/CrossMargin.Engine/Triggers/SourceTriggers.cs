using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>All conditional orders that watch one price.</summary>
internal sealed class SourceTriggers(TriggerPool nodes)
{
    private readonly PriceHeap _rising = new(nodes, rising: true);
    private readonly PriceHeap _falling = new(nodes, rising: false);
    private readonly PriceHeap _waitingSells = new(nodes, rising: true);
    private readonly PriceHeap _waitingBuys = new(nodes, rising: false);
    private readonly TrailingGroups _sells = new(nodes, isSell: true);
    private readonly TrailingGroups _buys = new(nodes, isSell: false);

    /// <summary>The latest price, none before the first.</summary>
    public Price Latest { get; set; }

    public void Add(int number)
    {
        ref TriggerNode node = ref nodes[number];
        ref readonly ConditionalOrder order = ref node.Order;
        if (!order.IsTrailing)
        {
            node.Place = TriggerPlace.Fixed;
            (order.WaitsForRise ? _rising : _falling).Add(number, order.TriggerPrice);
        }
        else if (!Latest.IsNone && IsActiveAt(in order, Latest))
        {
            Activate(number, Latest);
        }
        else
        {
            node.Place = TriggerPlace.Waiting;
            Waiting(order.Side).Add(number, ActivationBound(in order));
        }
    }

    /// <summary>
    /// Adds an activated trailing stop with the extreme it has seen; the extremes must come from the farthest to the nearest.
    /// </summary>
    public void AddTrailing(int number, Price extreme) => Activate(number, extreme);

    public void Remove(int number)
    {
        ref readonly TriggerNode node = ref nodes[number];
        switch (node.Place)
        {
            case TriggerPlace.Fixed: (node.Order.WaitsForRise ? _rising : _falling).Remove(number); break;
            case TriggerPlace.Waiting: Waiting(node.Order.Side).Remove(number); break;
            case TriggerPlace.Trailing: Groups(node.Order.Side).Remove(number); break;
            default: throw new InvariantViolation("the conditional order is not in the book");
        }
    }

    public void Update(Price price, FiredList fired)
    {
        Latest = price;
        for (int n = _rising.PopDue(price); n != 0; n = _rising.PopDue(price)) fired.Add(n, nodes[n].Sequence);
        for (int n = _falling.PopDue(price); n != 0; n = _falling.PopDue(price)) fired.Add(n, nodes[n].Sequence);
        _sells.Update(price, fired);
        _buys.Update(price, fired);
        for (int n = _waitingSells.PopDue(price); n != 0; n = _waitingSells.PopDue(price)) Activate(n, price);
        for (int n = _waitingBuys.PopDue(price); n != 0; n = _waitingBuys.PopDue(price)) Activate(n, price);
    }

    public void CopyExtremes(Price[] extremes)
    {
        _sells.CopyExtremes(extremes);
        _buys.CopyExtremes(extremes);
    }

    private static bool IsActiveAt(in ConditionalOrder order, Price price)
    {
        Price bound = ActivationBound(in order);
        return order.WaitsForRise ? price >= bound : price <= bound;
    }

    /// <summary>Without an activation price the first price activates, whatever it is.</summary>
    private static Price ActivationBound(in ConditionalOrder order)
    {
        if (!order.ActivationPrice.IsNone) return order.ActivationPrice;
        return order.WaitsForRise ? Price.None : new Price(long.MaxValue);
    }

    private void Activate(int number, Price price)
    {
        nodes[number].Place = TriggerPlace.Trailing;
        Groups(nodes[number].Order.Side).Add(number, price);
    }

    private PriceHeap Waiting(Side side) => side == Side.Sell ? _waitingSells : _waitingBuys;

    private TrailingGroups Groups(Side side) => side == Side.Sell ? _sells : _buys;
}
