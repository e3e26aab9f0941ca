using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>Good-till-date, and the book as bytes.</summary>
public sealed partial class LimitOrderBook
{
    private const int BytesPerOrder = 4 + 8 + 8 + 1 + 2 + 8 + 8 + 8 + 8;

    /// <summary>
    /// The next order whose good-till date is not after <paramref name="now"/>, by (date, account, order id). The caller removes it and
    /// asks again.
    /// </summary>
    public bool TryNextExpired(Timestamp now, out int number) => _expiries.TryNext(now, out number);

    /// <summary>All orders in price-time priority, bids first. Equal books write equal bytes.</summary>
    public void Write(StateWriter writer)
    {
        WriteSide(writer, Side.Buy);
        WriteSide(writer, Side.Sell);
    }

    /// <summary>Restores what <see cref="Write"/> wrote; the book behaves identically from here. What it held before is gone.</summary>
    public void Read(StateReader reader)
    {
        Clear();
        ReadSide(reader, Side.Buy);
        ReadSide(reader, Side.Sell);
    }

    private void WriteSide(StateWriter writer, Side side)
    {
        int count = 0;
        foreach (BookLevel level in Levels(side)) count += level.Orders;
        writer.WriteInt32(count);
        foreach (int number in Orders(side))
        {
            RestingOrder order = Get(number);
            writer.WriteInt32(order.Account.Value);
            writer.WriteInt64(order.OrderId.Value);
            writer.WritePrice(order.Price);
            writer.WriteByte((byte)order.PositionSide);
            writer.WriteUInt16((ushort)order.Flags);
            writer.WriteQuantity(order.Quantity);
            writer.WriteQuantity(order.Remaining);
            writer.WriteTimestamp(order.GoodTill);
            writer.WriteRate(order.MakerFee);
        }
    }

    private void ReadSide(StateReader reader, Side side)
    {
        int count = reader.ReadCount(BytesPerOrder);
        long previous = 0;
        for (int i = 0; i < count; i++)
        {
            var order = new RestingOrder
            {
                Side = side,
                Account = new AccountId(reader.ReadInt32()),
                OrderId = new OrderId(reader.ReadInt64()),
                Price = reader.ReadPrice(),
                PositionSide = (PositionSide)reader.ReadByte(),
                Flags = (OrderFlags)reader.ReadUInt16(),
                Quantity = reader.ReadQuantity(),
                Remaining = reader.ReadQuantity(),
                GoodTill = reader.ReadTimestamp(),
                MakerFee = reader.ReadRate(),
            };
            bool inOrder = i == 0 || (side == Side.Buy ? order.Price.Units <= previous : order.Price.Units >= previous);
            if (!inOrder) throw reader.Fault($"{order.OrderId} of {order.Account} is out of price order");
            previous = order.Price.Units;
            Add(in order);
        }
    }

    /// <summary>The node of an expiry entry whose order is still on the book with that date, else 0.</summary>
    private int NodeOf(Expiry expiry)
    {
        int number = _orders.Find(_nodes, expiry.Account, expiry.OrderId);
        return number != 0 && _nodes[number].GoodTillMs == expiry.GoodTillMs ? number : 0;
    }
}
