using System.Runtime.InteropServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>
/// A resting order in place, 64 bytes. The price is its level's (<see cref="LimitOrderBook.PriceOf"/>). Links are node numbers, 0: none.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct OrderNode : IAccountNode
{
    internal long Id;
    internal long RemainingLots;
    internal long QuantityLots;
    internal long GoodTillMs;
    internal int Owner;
    internal int FeeE8;

    /// <summary>The price level; 0 once the order has left the book.</summary>
    internal int Level;

    /// <summary>Neighbours in the level's queue: served after and before this one.</summary>
    internal int Next;
    internal int Previous;

    /// <summary>Neighbours among the account's orders, by order id.</summary>
    internal int Newer;
    internal int Older;
    internal ushort FlagBits;
    internal byte SideByte;
    internal byte PositionSideByte;

    int IAccountNode.Newer { readonly get => Newer; set => Newer = value; }
    int IAccountNode.Older { readonly get => Older; set => Older = value; }
    readonly int IAccountNode.Owner => Owner;
    readonly long IAccountNode.Id => Id;

    public readonly AccountId Account => new(Owner);
    public readonly OrderId OrderId => new(Id);
    public readonly Side Side => (Side)SideByte;
    public readonly PositionSide PositionSide => (PositionSide)PositionSideByte;
    public readonly OrderFlags Flags => (OrderFlags)FlagBits;
    public readonly bool IsReduceOnly => (FlagBits & (ushort)OrderFlags.ReduceOnly) != 0;

    /// <summary>The order's size without what was cut off it: traded plus open.</summary>
    public readonly Quantity Quantity => new(QuantityLots);
    public readonly Quantity Remaining => new(RemainingLots);
    public readonly Quantity Filled => new(QuantityLots - RemainingLots);
    public readonly Timestamp GoodTill => new(GoodTillMs);
    public readonly Rate MakerFee => new(FeeE8);
}
