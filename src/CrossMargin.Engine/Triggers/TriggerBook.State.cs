using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>The trigger book as bytes.</summary>
public sealed partial class TriggerBook
{
    private const int BytesPerOrder = 8 + 8 + 4 + 8 + 8 + 8 + 8 + 8 + 8 + 8 + 2 + 6;

    /// <summary>Latest prices, then all orders by placement, trailing ones with their extreme. Equal books write equal bytes.</summary>
    public void Write(StateWriter writer)
    {
        var extremes = new Price[_nodes.End];
        _last.CopyExtremes(extremes);
        _mark.CopyExtremes(extremes);
        var numbers = new List<int>(Count);
        for (int number = 1; number < _nodes.End; number++)
        {
            if (_nodes[number].Place != TriggerPlace.Free) numbers.Add(number);
        }

        numbers.Sort((a, b) => _nodes[a].Sequence.CompareTo(_nodes[b].Sequence));
        writer.WritePrice(_last.Latest);
        writer.WritePrice(_mark.Latest);
        writer.WriteInt64(_nextSequence);
        writer.WriteInt32(numbers.Count);
        foreach (int number in numbers)
        {
            writer.WriteInt64(_nodes[number].Sequence);
            writer.WritePrice(extremes[number]);
            WriteOrder(writer, in _nodes[number].Order);
        }
    }

    /// <summary>Restores into an empty book what <see cref="Write"/> wrote; it behaves identically from here.</summary>
    public void Read(StateReader reader)
    {
        InvariantViolation.Check(Count == 0, "a trigger book is restored over another");
        _last.Latest = reader.ReadPrice();
        _mark.Latest = reader.ReadPrice();
        _nextSequence = reader.ReadInt64();
        int count = reader.ReadCount(BytesPerOrder);
        var trailing = new List<(Price Extreme, int Number)>();
        long previous = 0;
        for (int i = 0; i < count; i++)
        {
            long sequence = reader.ReadInt64();
            if (sequence <= previous || sequence >= _nextSequence) throw reader.Fault($"placement {sequence} is out of order");
            previous = sequence;
            Price extreme = reader.ReadPrice();
            int number = Register(ReadOrder(reader), sequence);
            if (extreme.IsNone) Source(_nodes[number].Order.Source).Add(number);
            else trailing.Add((extreme, number));
        }

        AddTrailing(trailing);
    }

    /// <summary>From the farthest extreme to the nearest: sells from the highest down, buys from the lowest up.</summary>
    private void AddTrailing(List<(Price Extreme, int Number)> trailing)
    {
        trailing.Sort();
        foreach ((Price extreme, int number) in trailing)
        {
            if (_nodes[number].Order.Side == Side.Buy) Source(_nodes[number].Order.Source).AddTrailing(number, extreme);
        }

        for (int i = trailing.Count - 1; i >= 0; i--)
        {
            (Price extreme, int number) = trailing[i];
            if (_nodes[number].Order.Side == Side.Sell) Source(_nodes[number].Order.Source).AddTrailing(number, extreme);
        }
    }

    private static void WriteOrder(StateWriter writer, in ConditionalOrder order)
    {
        writer.WriteInt32(order.Account.Value);
        writer.WriteInt64(order.AlgoId.Value);
        writer.WritePrice(order.TriggerPrice);
        writer.WritePrice(order.ActivationPrice);
        writer.WriteRate(order.CallbackRate);
        writer.WritePrice(order.Price);
        writer.WriteQuantity(order.Quantity);
        writer.WriteTimestamp(order.GoodTill);
        writer.WriteUInt16((ushort)order.Flags);
        writer.WriteByte((byte)order.Type);
        writer.WriteByte((byte)order.Side);
        writer.WriteByte((byte)order.PositionSide);
        writer.WriteByte((byte)order.TimeInForce);
        writer.WriteByte((byte)order.SelfTradePrevention);
        writer.WriteByte((byte)order.Source);
    }

    private static ConditionalOrder ReadOrder(StateReader reader) => new()
    {
        Account = new AccountId(reader.ReadInt32()),
        AlgoId = new AlgoId(reader.ReadInt64()),
        TriggerPrice = reader.ReadPrice(),
        ActivationPrice = reader.ReadPrice(),
        CallbackRate = reader.ReadRate(),
        Price = reader.ReadPrice(),
        Quantity = reader.ReadQuantity(),
        GoodTill = reader.ReadTimestamp(),
        Flags = (OrderFlags)reader.ReadUInt16(),
        Type = (OrderType)reader.ReadByte(),
        Side = (Side)reader.ReadByte(),
        PositionSide = (PositionSide)reader.ReadByte(),
        TimeInForce = (TimeInForce)reader.ReadByte(),
        SelfTradePrevention = (SelfTradePrevention)reader.ReadByte(),
        Source = (TriggerSource)reader.ReadByte(),
    };
}
