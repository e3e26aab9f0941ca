using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>Places its orders at their steps, whatever happens. Orders are in step order.</summary>
public sealed class ScriptedTrader(AccountId account, string strategy, IReadOnlyList<ScriptedOrder> orders) : ITrader
{
    public AccountId Account { get; } = account;

    public string Strategy { get; } = strategy;

    public long OnTurn(in TraderTurn turn)
    {
        long next = long.MaxValue;
        foreach (ScriptedOrder order in orders)
        {
            if (order.Step == turn.Step)
            {
                turn.Commands.Submit(new PlaceOrder
                {
                    Market = order.Market,
                    Side = order.Side,
                    Type = OrderType.Limit,
                    TimeInForce = TimeInForce.Gtc,
                    Quantity = order.Quantity,
                    Price = order.Price,
                });
            }
            else if (order.Step > turn.Step)
            {
                next = Math.Min(next, order.Step);
            }
        }

        return next;
    }

    // What it does follows from the step alone.
    public void Write(StateWriter writer) => writer.WriteInt32(orders.Count);

    public void Read(StateReader reader)
    {
        int count = reader.ReadInt32();
        if (count != orders.Count) throw reader.Fault($"a script of {count} orders, this one has {orders.Count}");
    }
}
