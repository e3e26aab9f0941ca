using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>The highest leverage of each tier, in place; those past a market's tiers are 0.</summary>
[InlineArray(Capacity)]
public struct TierLeverages
{
    /// <summary>No market whose brackets are changed has more tiers.</summary>
    public const int Capacity = 16;

    private ushort _first;
}

/// <summary>
/// What new risk in a market may be: the highest leverage of each of its tiers, 1 to 1000 and not rising, and the largest notional of a
/// position. The tiers' floors, rates and deductions are the market's own. Immutable, thread-safe.
/// </summary>
public sealed class LeverageBrackets
{
    private readonly TierLeverages _leverages;

    public LeverageBrackets(in TierLeverages leverages, int count, Amount cap)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(count - 1), (uint)(TierLeverages.Capacity - 1), nameof(count));
        _leverages = leverages;
        Count = count;
        Cap = cap;
    }

    public int Count { get; }

    /// <summary>Largest notional of a position, &gt; 0.</summary>
    public Amount Cap { get; }

    public ref readonly TierLeverages Leverages => ref _leverages;

    /// <summary>The highest leverage of a tier, 0-based.</summary>
    public int this[int tier] => tier < Count ? _leverages[tier] : throw new ArgumentOutOfRangeException(nameof(tier));

    /// <summary>Why these cannot be a market's brackets, or none; the numbers are the limit that is broken and what was given.</summary>
    public static Refusal Check(in SetLeverageBrackets command, TierTable tiers, Amount largestCap)
    {
        if (command.Count != tiers.Count || tiers.Count > TierLeverages.Capacity)
            return new Refusal(RejectReason.InvalidBrackets, Math.Min(tiers.Count, TierLeverages.Capacity), command.Count);
        int highest = 1000;
        for (int i = 0; i < TierLeverages.Capacity; i++)
        {
            int leverage = command.MaxLeverage[i];
            bool fits = i < command.Count ? leverage >= 1 && leverage <= highest : leverage == 0;
            if (!fits) return new Refusal(RejectReason.InvalidLeverage, i < command.Count ? highest : 0, leverage);
            highest = leverage;
        }

        if (!command.Cap.IsPositive) return new Refusal(RejectReason.InvalidAmount, 1, command.Cap.E8);
        return command.Cap > largestCap ? new Refusal(RejectReason.InvalidAmount, largestCap.E8, command.Cap.E8) : Refusal.None;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(Count);
        for (int i = 0; i < Count; i++) writer.WriteUInt16(_leverages[i]);
        writer.WriteAmount(Cap);
    }

    public static LeverageBrackets Read(StateReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 1 or > TierLeverages.Capacity) throw reader.Fault($"{count} leverage brackets");
        TierLeverages leverages = default;
        for (int i = 0; i < count; i++) leverages[i] = reader.ReadUInt16();
        return new LeverageBrackets(leverages, count, reader.ReadAmount());
    }
}
