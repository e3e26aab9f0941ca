using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// The open orders of one account, by rising id (ids only rise, so adding is appending). Client order ids lie apart, because most
/// accounts of a simulation give none.
/// </summary>
public sealed class OrderList
{
    private OpenOrder[] _orders = [];
    private ClientOrderId[]? _clientIds;

    public int Count { get; private set; }

    public ReadOnlySpan<OpenOrder> Orders => _orders.AsSpan(0, Count);

    public ref OpenOrder this[int index] => ref _orders[index];

    /// <summary>The name its client gave the order at an index, or none.</summary>
    public ClientOrderId ClientIdAt(int index) => _clientIds is null ? default : _clientIds[index];

    public void Add(in OpenOrder order, in ClientOrderId clientId)
    {
        InvariantViolation.Check(Count == 0 || _orders[Count - 1].Id.Value < order.Id.Value, "order ids rise within an account");
        if (Count == _orders.Length)
        {
            int size = Count == 0 ? 1 : Math.Max(4, Count * 2); // most accounts of a large population have one order open, or none
            Array.Resize(ref _orders, size);
            if (_clientIds is not null) Array.Resize(ref _clientIds, size);
        }

        if (!clientId.IsNone) _clientIds ??= new ClientOrderId[_orders.Length];
        if (_clientIds is not null) _clientIds[Count] = clientId;
        _orders[Count++] = order;
    }

    /// <summary>The index of an order, or −1.</summary>
    public int Find(OrderId id)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            long at = _orders[middle].Id.Value;
            if (at == id.Value) return middle;
            if (at < id.Value) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }

    /// <summary>The index of the open order with a client order id, or −1.</summary>
    public int Find(in ClientOrderId clientId)
    {
        if (_clientIds is null || clientId.IsNone) return -1;
        for (int i = Count - 1; i >= 0; i--)
        {
            if (_clientIds[i] == clientId) return i;
        }

        return -1;
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_orders, index + 1, _orders, index, Count - index);
        if (_clientIds is not null) Array.Copy(_clientIds, index + 1, _clientIds, index, Count - index);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(Count);
        for (int i = 0; i < Count; i++)
        {
            ref readonly OpenOrder o = ref _orders[i];
            writer.WriteInt64(o.Id.Value);
            writer.WriteInt64(o.Algo.Value);
            writer.WritePrice(o.Price);
            writer.WritePrice(o.MarkAtPlacement);
            writer.WriteQuantity(o.Quantity);
            writer.WriteQuantity(o.Leaves);
            writer.WriteAmount(o.FilledQuote);
            writer.WriteTimestamp(o.CreatedAt);
            writer.WriteTimestamp(o.UpdatedAt);
            writer.WriteTimestamp(o.GoodTill);
            writer.WriteInt32(o.Market.Value);
            writer.WriteUInt16((ushort)o.Flags);
            writer.WriteByte((byte)o.Side);
            writer.WriteByte((byte)o.PositionSide);
            writer.WriteByte((byte)o.TimeInForce);
            writer.WriteByte((byte)o.Type);
            writer.WriteByte((byte)o.SelfTradePrevention);
            writer.WriteBool(o.IsResting);
            ClientOrderId clientId = ClientIdAt(i);
            writer.WriteBool(!clientId.IsNone);
            if (!clientId.IsNone) writer.WriteClientOrderId(clientId);
        }
    }

    public void Read(StateReader reader)
    {
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            var o = new OpenOrder
            {
                Id = new OrderId(reader.ReadInt64()),
                Algo = new AlgoId(reader.ReadInt64()),
                Price = reader.ReadPrice(),
                MarkAtPlacement = reader.ReadPrice(),
                Quantity = reader.ReadQuantity(),
                Leaves = reader.ReadQuantity(),
                FilledQuote = reader.ReadAmount(),
                CreatedAt = reader.ReadTimestamp(),
                UpdatedAt = reader.ReadTimestamp(),
                GoodTill = reader.ReadTimestamp(),
                Market = new MarketId(reader.ReadInt32()),
                Flags = (OrderFlags)reader.ReadUInt16(),
                Side = (Side)reader.ReadByte(),
                PositionSide = (PositionSide)reader.ReadByte(),
                TimeInForce = (TimeInForce)reader.ReadByte(),
                Type = (OrderType)reader.ReadByte(),
                SelfTradePrevention = (SelfTradePrevention)reader.ReadByte(),
                IsResting = reader.ReadBool(),
            };
            Add(o, reader.ReadBool() ? reader.ReadClientOrderId() : default);
        }
    }
}
