using CrossMargin.Engine.Liquidation;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>The parts of an account's state that most accounts do not have: conditional orders, pending amends, liquidations.</summary>
internal static class AccountStateExtras
{
    public static void Write(AccountState state, StateWriter writer)
    {
        writer.WriteInt32(state.Triggers?.Count ?? 0);
        foreach (OpenTrigger t in state.Triggers ?? [])
        {
            writer.WriteInt64(t.Id.Value);
            writer.WriteQuantity(t.Quantity);
            writer.WritePrice(t.Price);
            writer.WritePrice(t.TriggerPrice);
            writer.WritePrice(t.ActivationPrice);
            writer.WriteRate(t.CallbackRate);
            writer.WriteTimestamp(t.GoodTill);
            writer.WriteTimestamp(t.CreatedAt);
            writer.WriteInt32(t.Market.Value);
            writer.WriteUInt16((ushort)t.Flags);
            writer.WriteByte((byte)t.Side);
            writer.WriteByte((byte)t.PositionSide);
            writer.WriteByte((byte)t.Type);
            writer.WriteByte((byte)t.TimeInForce);
            writer.WriteByte((byte)t.SelfTradePrevention);
            writer.WriteByte((byte)t.TriggerSource);
            writer.WriteClientOrderId(t.ClientOrderId);
        }

        writer.WriteInt32(state.Amends?.Count ?? 0);
        foreach (PendingAmend a in state.Amends ?? [])
        {
            writer.WriteInt64(a.Order.Value);
            writer.WriteInt32(a.Market.Value);
            writer.WriteByte((byte)a.PositionSide);
            writer.WriteByte((byte)a.Side);
            writer.WritePrice(a.Price);
            writer.WriteQuantity(a.Leaves);
        }

        writer.WriteInt32(state.Liquidations?.Count ?? 0);
        foreach (LiquidationCase c in state.Liquidations ?? []) c.Write(writer);
    }

    public static void Read(AccountState state, StateReader reader)
    {
        int triggers = reader.ReadInt32();
        for (int i = 0; i < triggers; i++)
        {
            (state.Triggers ??= []).Add(new OpenTrigger
            {
                Id = new AlgoId(reader.ReadInt64()),
                Quantity = reader.ReadQuantity(),
                Price = reader.ReadPrice(),
                TriggerPrice = reader.ReadPrice(),
                ActivationPrice = reader.ReadPrice(),
                CallbackRate = reader.ReadRate(),
                GoodTill = reader.ReadTimestamp(),
                CreatedAt = reader.ReadTimestamp(),
                Market = new MarketId(reader.ReadInt32()),
                Flags = (OrderFlags)reader.ReadUInt16(),
                Side = (Side)reader.ReadByte(),
                PositionSide = (PositionSide)reader.ReadByte(),
                Type = (OrderType)reader.ReadByte(),
                TimeInForce = (TimeInForce)reader.ReadByte(),
                SelfTradePrevention = (SelfTradePrevention)reader.ReadByte(),
                TriggerSource = (TriggerSource)reader.ReadByte(),
                ClientOrderId = reader.ReadClientOrderId(),
            });
        }

        int amends = reader.ReadInt32();
        for (int i = 0; i < amends; i++)
        {
            (state.Amends ??= []).Add(new PendingAmend(
                new OrderId(reader.ReadInt64()), new MarketId(reader.ReadInt32()), (PositionSide)reader.ReadByte(), (Side)reader.ReadByte(),
                reader.ReadPrice(), reader.ReadQuantity()));
        }

        int cases = reader.ReadInt32();
        for (int i = 0; i < cases; i++) (state.Liquidations ??= []).Add(LiquidationCase.Read(reader));
    }
}
