using CrossMargin.Engine.Triggers;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Twins;

/// <summary>The trigger book as a list that is scanned from front to back at every price. Oracle of the fast one.</summary>
public sealed class NaiveTriggerBook
{
    private readonly List<Waiting> _orders = [];
    private readonly Price[] _latest = new Price[2];

    public int Count => _orders.Count;

    public IEnumerable<ConditionalOrder> Orders => _orders.Select(o => o.Order);

    public void Add(in ConditionalOrder order)
    {
        var waiting = new Waiting { Order = order };
        if (order.IsTrailing && !_latest[(int)order.Source].IsNone) waiting.Track(_latest[(int)order.Source]);
        _orders.Add(waiting);
    }

    public bool Remove(AccountId account, AlgoId algoId) =>
        _orders.RemoveAll(o => o.Order.Account == account && o.Order.AlgoId == algoId) == 1;

    public List<ConditionalOrder> OrdersOf(AccountId account) =>
        [.. Orders.Where(o => o.Account == account).OrderBy(o => o.AlgoId.Value)];

    public List<ConditionalOrder> Expired(Timestamp now) => [.. Orders
        .Where(o => o.GoodTill.Milliseconds != 0 && o.GoodTill <= now)
        .OrderBy(o => o.GoodTill.Milliseconds).ThenBy(o => o.Account.Value).ThenBy(o => o.AlgoId.Value)];

    public List<ConditionalOrder> Update(TriggerSource source, Price price)
    {
        _latest[(int)source] = price;
        var fired = new List<ConditionalOrder>();
        foreach (Waiting waiting in _orders.Where(o => o.Order.Source == source).ToList())
        {
            if (!waiting.Fires(price)) continue;
            fired.Add(waiting.Order);
            _orders.Remove(waiting);
        }

        return fired;
    }

    private sealed class Waiting
    {
        private decimal? _extreme;

        public required ConditionalOrder Order;

        public bool Fires(Price price)
        {
            if (Order.IsTrailing)
            {
                Track(price);
                if (_extreme is not { } extreme) return false;
                decimal rate = Order.CallbackRate.E8 / 100_000_000m;
                return Order.Side == Side.Sell ? price.Units <= extreme * (1 - rate) : price.Units >= extreme * (1 + rate);
            }

            return Order.Type switch
            {
                OrderType.Stop or OrderType.StopMarket when Order.Side == Side.Buy => price >= Order.TriggerPrice,
                OrderType.Stop or OrderType.StopMarket => price <= Order.TriggerPrice,
                _ => Order.Side == Side.Sell ? price >= Order.TriggerPrice : price <= Order.TriggerPrice,
            };
        }

        public void Track(Price price)
        {
            if (_extreme is { } extreme)
            {
                _extreme = Order.Side == Side.Sell ? Math.Max(extreme, price.Units) : Math.Min(extreme, price.Units);
                return;
            }

            bool activates = Order.ActivationPrice.IsNone
                || (Order.Side == Side.Sell ? price >= Order.ActivationPrice : price <= Order.ActivationPrice);
            if (activates) _extreme = price.Units;
        }
    }
}
