using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>The closing of one request's position, and how far it has come.</summary>
internal struct DeleverageRound
{
    /// <summary>Bytes of one in a snapshot.</summary>
    public const int StateBytes = DeleverageRequest.StateBytes + 8 + 8 + 8 + 4;

    public DeleverageRequest Request;

    /// <summary>Its own: events name their round alone, and a round is of one liquidation.</summary>
    public long Number;

    /// <summary>Signed, what is still to be closed.</summary>
    public Quantity Rest;

    /// <summary>Signed.</summary>
    public Quantity Closed;

    /// <summary>Holders looked at so far, both turns together.</summary>
    public int Rank;

    public readonly void Write(StateWriter writer)
    {
        Request.Write(writer);
        writer.WriteInt64(Number);
        writer.WriteQuantity(Rest);
        writer.WriteQuantity(Closed);
        writer.WriteInt32(Rank);
    }

    public static DeleverageRound Read(StateReader reader) => new()
    {
        Request = DeleverageRequest.Read(reader),
        Number = reader.ReadInt64(),
        Rest = reader.ReadQuantity(),
        Closed = reader.ReadQuantity(),
        Rank = reader.ReadInt32(),
    };
}
