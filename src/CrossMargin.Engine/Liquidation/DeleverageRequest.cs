using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>A position that a round is to close.</summary>
internal readonly record struct DeleverageRequest(
    AccountId Account, LiquidationId Liquidation, Quantity Quantity, Price Price, PositionSide Side)
{
    /// <summary>Bytes of one in a snapshot.</summary>
    public const int StateBytes = 4 + 8 + 8 + 8 + 1;

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(Account.Value);
        writer.WriteInt64(Liquidation.Value);
        writer.WriteQuantity(Quantity);
        writer.WritePrice(Price);
        writer.WriteByte((byte)Side);
    }

    public static DeleverageRequest Read(StateReader reader) => new(
        new AccountId(reader.ReadInt32()),
        new LiquidationId(reader.ReadInt64()),
        reader.ReadQuantity(),
        reader.ReadPrice(),
        (PositionSide)reader.ReadByte());
}
