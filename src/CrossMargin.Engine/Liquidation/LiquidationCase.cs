using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>What a liquidation waits for in one market.</summary>
public enum LegStage : byte
{
    /// <summary>The market has not answered the freeze yet.</summary>
    Freezing = 1,

    /// <summary>Nothing outstanding.</summary>
    Ready = 2,

    /// <summary>A reducing order is in the market.</summary>
    InBook = 3,

    /// <summary>The fund has been asked.</summary>
    AtFund = 4,

    /// <summary>A deleveraging round has been asked for.</summary>
    Deleveraging = 5,

    /// <summary>The fund takes what deleveraging left, whatever its limits.</summary>
    Forced = 6,
}

/// <summary>One leg's (or a market's, while freezing) part of a liquidation.</summary>
public struct LiquidationLeg
{
    public MarketId Market;
    public PositionSide Side;
    public LegStage Stage;

    /// <summary>The reducing order in the market, or none.</summary>
    public OrderId Order;

    /// <summary>The bankruptcy price of the step that is under way.</summary>
    public Price BankruptcyPrice;

    /// <summary>The signed position of the step that is under way, still to be closed.</summary>
    public Quantity Target;
}

/// <summary>
/// The liquidation of one pool: a durable state machine, kept until it ends. Header market none: the cross pool.
/// </summary>
public sealed class LiquidationCase(LiquidationId id, MarketId market, PositionSide side)
{
    public LiquidationId Id { get; } = id;
    public MarketId Market { get; } = market;
    public PositionSide Side { get; } = side;

    /// <summary>Markets still freezing, then the legs of which something is outstanding; small.</summary>
    public List<LiquidationLeg> Legs { get; } = [];

    /// <summary>Whether the pool has been judged again after the freeze.</summary>
    public bool Rechecked { get; set; }

    /// <summary>Waiting for a paused market.</summary>
    public bool Waiting { get; set; }

    /// <summary>The fund has been asked to make the wallet whole.</summary>
    public bool Claimed { get; set; }

    /// <summary>Liquidation fee of the fills so far, not yet charged.</summary>
    public Amount FeeDue { get; set; }

    public Amount BookNotional { get; set; }
    public Amount FundNotional { get; set; }
    public Amount DeleveragedNotional { get; set; }
    public Amount Shortfall { get; set; }
    public Amount FromDeficit { get; set; }

    public bool IsCross => Market.IsNone;

    /// <summary>The last fill was a takeover or deleveraging: if it closed the last position, what is left belongs to the fund.</summary>
    public bool LastClosedOutsideBook { get; set; }

    public int Find(MarketId market, PositionSide side)
    {
        for (int i = 0; i < Legs.Count; i++)
        {
            if (Legs[i].Market == market && Legs[i].Side == side) return i;
        }

        return -1;
    }

    public bool IsFreezing => Legs.Exists(l => l.Stage == LegStage.Freezing);

    public bool IsBusy => Legs.Count > 0;

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(Id.Value);
        writer.WriteInt32(Market.Value);
        writer.WriteByte((byte)Side);
        writer.WriteBool(Rechecked);
        writer.WriteBool(Waiting);
        writer.WriteBool(Claimed);
        writer.WriteBool(LastClosedOutsideBook);
        writer.WriteAmount(FeeDue);
        writer.WriteAmount(BookNotional);
        writer.WriteAmount(FundNotional);
        writer.WriteAmount(DeleveragedNotional);
        writer.WriteAmount(Shortfall);
        writer.WriteAmount(FromDeficit);
        writer.WriteInt32(Legs.Count);
        foreach (LiquidationLeg leg in Legs)
        {
            writer.WriteInt32(leg.Market.Value);
            writer.WriteByte((byte)leg.Side);
            writer.WriteByte((byte)leg.Stage);
            writer.WriteInt64(leg.Order.Value);
            writer.WritePrice(leg.BankruptcyPrice);
            writer.WriteQuantity(leg.Target);
        }
    }

    public static LiquidationCase Read(StateReader reader)
    {
        var id = new LiquidationId(reader.ReadInt64());
        var market = new MarketId(reader.ReadInt32());
        var result = new LiquidationCase(id, market, (PositionSide)reader.ReadByte())
        {
            Rechecked = reader.ReadBool(),
            Waiting = reader.ReadBool(),
            Claimed = reader.ReadBool(),
            LastClosedOutsideBook = reader.ReadBool(),
            FeeDue = reader.ReadAmount(),
            BookNotional = reader.ReadAmount(),
            FundNotional = reader.ReadAmount(),
            DeleveragedNotional = reader.ReadAmount(),
            Shortfall = reader.ReadAmount(),
            FromDeficit = reader.ReadAmount(),
        };
        int legs = reader.ReadInt32();
        for (int i = 0; i < legs; i++)
        {
            result.Legs.Add(new LiquidationLeg
            {
                Market = new MarketId(reader.ReadInt32()),
                Side = (PositionSide)reader.ReadByte(),
                Stage = (LegStage)reader.ReadByte(),
                Order = new OrderId(reader.ReadInt64()),
                BankruptcyPrice = reader.ReadPrice(),
                Target = reader.ReadQuantity(),
            });
        }

        return result;
    }
}
