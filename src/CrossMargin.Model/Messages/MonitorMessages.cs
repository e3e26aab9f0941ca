using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Messages between markets, the node's risk monitor and accounts.

/// <summary>A market publishes its prices once per node.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PriceTick : IPayload<PriceTick, MessageKind>
{
    /// <summary>Rises with each tick of the market; lower ones are ignored.</summary>
    public long Sequence;
    public Price Mark;
    public Price Index;
    public Price Last;
    public MarketId Market;
    public int Epoch;

    /// <summary>Why liquidation is paused, or none.</summary>
    public PauseReason Pause;

    public static MessageKind Kind => MessageKind.PriceTick;
}

/// <summary>The price left the safe box of a pool, or the account asked: judge it now. Market none means the cross pool.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct JudgePool : IPayload<JudgePool, MessageKind>
{
    public MarketId Market;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.JudgePool;
}

/// <summary>A market tells each node its leverage brackets, after the operator changed them.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct BracketsTick : IPayload<BracketsTick, MessageKind>
{
    /// <summary>Rises with each change of the market's brackets; lower ones are ignored.</summary>
    public long Sequence;
    public Amount Cap;
    public MarketId Market;
    public int Epoch;
    public int Count;
    public TierLeverages MaxLeverage;

    public static MessageKind Kind => MessageKind.BracketsTick;
}
