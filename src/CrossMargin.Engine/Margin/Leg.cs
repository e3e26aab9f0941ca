using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// One leg of an account in one market: its position, and the settings new orders of the leg are margined at. A leg without a position
/// has quantity and open cost zero. Fields, not properties: fills change them in place. An exchange holds millions: 40 bytes.
/// </summary>
public struct Leg
{
    public MarketId Market;

    /// <summary>Both in one-way mode; in hedge mode Long (quantity ≥ 0) or Short (quantity ≤ 0).</summary>
    public PositionSide Side;

    public MarginMode Mode;
    private ushort _leverage;

    /// <summary>Signed: long positive, short negative.</summary>
    public Quantity Quantity;

    /// <summary>Signed sum of price × quantity of the fills that built the position; the sign is the quantity's.</summary>
    public Amount OpenCost;

    /// <summary>The leg's own wallet, part of the account's settlement balance; zero in cross mode.</summary>
    public Amount IsolatedWallet;

    /// <summary>
    /// Exchange time of the last change of the position or its wallet; 0 never. Goes with the leg when nothing of it is kept any more.
    /// </summary>
    public Timestamp UpdatedAt;

    /// <summary>1 to 1000, the market's leverage.</summary>
    public int Leverage
    {
        readonly get => _leverage;
        set => _leverage = checked((ushort)value);
    }
}

/// <summary>
/// The open orders of one leg that are not reduce-only, summed by side. Values at the orders' own prices; everything ≥ 0.
/// </summary>
public struct OrderLoad
{
    public MarketId Market;
    public PositionSide Side;

    /// <summary>Σ remaining × price of the buys.</summary>
    public Amount Bids;

    /// <summary>Σ remaining × price of the sells.</summary>
    public Amount Asks;

    public Quantity BidQuantity;
    public Quantity AskQuantity;
}
