using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>
/// The conditional orders of one market. Each watches the last or the mark price; its direction is fixed when it is placed, and a price
/// beyond the trigger fires as one at it does. Orders are addressed by numbers, good until the order leaves; 0 is none. A price that
/// reaches nothing touches only the next order of each kind.
/// </summary>
public sealed partial class TriggerBook
{
    private readonly TriggerPool _nodes = new();
    private readonly Dictionary<TriggerKey, int> _index = [];
    private readonly AccountLists<TriggerNodes, TriggerNode> _accounts;
    private readonly ExpiryQueue _expiries;
    private readonly FiredList _fired = new();
    private readonly SourceTriggers _last;
    private readonly SourceTriggers _mark;
    private long _nextSequence = 1;

    public TriggerBook()
    {
        _accounts = new AccountLists<TriggerNodes, TriggerNode>(new TriggerNodes(_nodes));
        _last = new SourceTriggers(_nodes);
        _mark = new SourceTriggers(_nodes);
        _expiries = new ExpiryQueue(NumberOf);
    }

    /// <summary>Conditional orders that wait.</summary>
    public int Count => _index.Count;

    /// <summary>A waiting order; read only, good until the next change.</summary>
    public ref readonly ConditionalOrder this[int number] => ref _nodes[number].Order;

    /// <summary>The latest price of a source that the book was told, none before the first.</summary>
    public Price Latest(TriggerSource source) => Source(source).Latest;

    /// <summary>
    /// Places an order behind all others. It never fires here, even if the latest price has passed its trigger (<see cref="IsDue"/> says so
    /// beforehand), but at the next price that has. A trailing stop's extreme starts at the latest price if that activates it.
    /// </summary>
    public int Add(in ConditionalOrder order)
    {
        bool isSound = order.IsTrailing
            ? order.CallbackRate > Rate.Zero && order.CallbackRate < Rate.Whole
            : order.TriggerPrice.Units > 0;
        InvariantViolation.Check(isSound, "a conditional order has no trigger price or no callback rate");
        int number = Register(in order, _nextSequence);
        _nextSequence++;
        Source(order.Source).Add(number);
        return number;
    }

    /// <summary>True if the latest price has passed an order's trigger: placed now, it would fire at the same price again.</summary>
    public bool IsDue(in ConditionalOrder order)
    {
        Price latest = Latest(order.Source);
        if (latest.IsNone || order.IsTrailing) return false;
        return order.WaitsForRise ? latest >= order.TriggerPrice : latest <= order.TriggerPrice;
    }

    public bool TryFind(AccountId account, AlgoId algoId, out int number) =>
        _index.TryGetValue(new TriggerKey(account.Value, algoId.Value), out number);

    /// <summary>Takes an order out; returns it.</summary>
    public ConditionalOrder Remove(int number)
    {
        ConditionalOrder order = _nodes[number].Order;
        Source(order.Source).Remove(number);
        Forget(number);
        return order;
    }

    /// <summary>
    /// Tells the book a new price; the orders that it fires leave the book and are appended in the order of their placement.
    /// </summary>
    public void Update(TriggerSource source, Price price, List<ConditionalOrder> fired)
    {
        InvariantViolation.Check(price.Units > 0, "a trigger source without a price");
        Source(source).Update(price, _fired);
        if (_fired.Count == 0) return;
        _fired.SortByPlacement();
        for (int i = 0; i < _fired.Count; i++)
        {
            fired.Add(_nodes[_fired[i]].Order);
            Forget(_fired[i]);
        }

        _fired.Clear();
    }

    /// <summary>The next order whose good-till date is not after <paramref name="now"/>, by (date, account, algo id). The caller removes it
    /// and asks again.</summary>
    public bool TryNextExpired(Timestamp now, out int number) => _expiries.TryNext(now, out number);

    private SourceTriggers Source(TriggerSource source) => source == TriggerSource.Last ? _last : _mark;

    private int Register(in ConditionalOrder order, long sequence)
    {
        InvariantViolation.Check(order.Account.Value != 0 && order.AlgoId.Value > 0, "a conditional order has no id or no owner");
        int number = _nodes.Take();
        ref TriggerNode node = ref _nodes[number];
        node.Order = order;
        node.Sequence = sequence;
        bool isNew = _index.TryAdd(new TriggerKey(order.Account.Value, order.AlgoId.Value), number);
        InvariantViolation.Check(isNew, "a conditional order with this id waits already");
        _accounts.Link(number, ref node);
        long goodTill = order.GoodTill.Milliseconds;
        if (goodTill != 0) _expiries.Add(new Expiry(goodTill, order.Account.Value, order.AlgoId.Value));
        return number;
    }

    private void Forget(int number)
    {
        ref TriggerNode node = ref _nodes[number];
        _index.Remove(new TriggerKey(node.Order.Account.Value, node.Order.AlgoId.Value));
        _accounts.Unlink(ref node);
        if (node.Order.GoodTill.Milliseconds != 0) _expiries.Forget();
        _nodes.Free(number);
    }

    private int NumberOf(Expiry expiry)
    {
        bool found = _index.TryGetValue(new TriggerKey(expiry.Account, expiry.OrderId), out int number);
        return found && _nodes[number].Order.GoodTill.Milliseconds == expiry.GoodTillMs ? number : 0;
    }

    private readonly record struct TriggerKey(int Account, long AlgoId)
    {
        public override int GetHashCode() => unchecked((int)(((ulong)AlgoId * 0x9E3779B97F4A7C15UL + (uint)Account * 0x85EBCA6BUL) >> 24));
    }
}
