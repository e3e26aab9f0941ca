using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Markets;

/// <summary>
/// An account as the market's messages alone describe it: wallet, legs, open orders. Fails where a message does not fit what came before.
/// </summary>
internal sealed class MirrorAccount(AccountId id, MarketSpec spec)
{
    private readonly Quantity[] _quantities = new Quantity[3];
    private readonly Amount[] _openCosts = new Amount[3];

    public AccountId Id { get; } = id;
    public Amount Wallet { get; private set; }
    public long LastId { get; set; }
    public SortedDictionary<long, MirrorOrder> Orders { get; } = [];
    public SortedSet<long> Triggers { get; } = [];

    /// <summary>Wallet less open cost: what counts in invariant 1.</summary>
    public long WalletLessCost => Wallet.E8 - _openCosts.Sum(c => c.E8);

    public Quantity QuantityOf(PositionSide side) => _quantities[(int)side];

    public Amount OpenCostOf(PositionSide side) => _openCosts[(int)side];

    public void Take(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Fill:
                Take(message.Body<Fill>());
                break;
            case MessageKind.OrderUpdate:
                Take(message.Body<OrderUpdate>());
                break;
            case MessageKind.FundingPayment:
                ref readonly FundingPayment payment = ref message.Body<FundingPayment>();
                Assert.Equal(QuantityOf(payment.PositionSide), payment.Quantity); // nothing overtook the payment
                Wallet += payment.Amount;
                break;
            case MessageKind.TriggerUpdate:
                ref readonly TriggerUpdate update = ref message.Body<TriggerUpdate>();
                if (update.Status == AlgoStatus.New) Triggers.Add(update.Algo.Value);
                else Triggers.Remove(update.Algo.Value);
                break;
            case MessageKind.TriggerFired:
                Assert.True(Triggers.Remove(message.Body<TriggerFired>().Algo.Value));
                Assert.Equal(QuantityOf(message.Body<TriggerFired>().PositionSide), message.Body<TriggerFired>().PositionQuantity);
                break;
        }
    }

    private void Take(in Fill fill)
    {
        Quantity before = QuantityOf(fill.PositionSide);
        if (!fill.Order.IsNone)
        {
            MirrorOrder order = Orders[fill.Order.Value];
            order.Leaves -= fill.Quantity;
            Assert.Equal((order.Leaves, order.Leaves.IsZero), (fill.Leaves, (bool)fill.Final));
            Assert.True(order.Side == Side.Buy ? fill.Price <= order.Price : fill.Price >= order.Price);
            Assert.Equal(order.Side, fill.Side);
            Assert.False(order.IsPostOnly && !fill.IsMaker);
            if (fill.Final) Orders.Remove(fill.Order.Value);
            Quantity after = fill.Side == Side.Buy ? before + fill.Quantity : before - fill.Quantity;
            if (order.IsReduceOnly) Assert.Equal(before.Abs - fill.Quantity, after.Abs);
        }

        int side = (int)fill.PositionSide;
        Wallet += LegMath.ApplyFill(spec, ref _quantities[side], ref _openCosts[side], fill.Side, fill.Quantity, fill.Price) - fill.Fee;
    }

    private void Take(in OrderUpdate update)
    {
        if (update.What is OrderUpdateKind.CancelRefused) return;
        if (update.What is OrderUpdateKind.AmendRefused && update.Refusal.Reason == RejectReason.UnknownOrder) return;
        MirrorOrder order = Orders[update.Order.Value];
        switch (update.What)
        {
            case OrderUpdateKind.Accepted:
                order.IsResting = true;
                break;
            case OrderUpdateKind.Ended or OrderUpdateKind.Refused:
                Assert.Equal(order.Leaves, update.Canceled);
                Assert.Equal(Quantity.Zero, update.Leaves);
                Orders.Remove(update.Order.Value);
                return;
            case OrderUpdateKind.Reduced:
                order.Leaves -= update.Canceled;
                Assert.True(order.IsReduceOnly);
                break;
            case OrderUpdateKind.Amended:
                order.Leaves = update.Leaves;
                order.Price = update.Price;
                break;
        }

        Assert.Equal((order.Leaves, order.Price), (update.Leaves, update.Price));
    }
}

internal sealed class MirrorOrder
{
    public Side Side;
    public PositionSide PositionSide;
    public Price Price;
    public Quantity Leaves;
    public bool IsReduceOnly;
    public bool IsPostOnly;
    public bool IsResting;
}
