using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>The size in bytes of each event's body: what a reply that is kept, or sent between machines, has of it.</summary>
public static class EventLayout
{
    private static readonly byte[] Sizes = BuildSizes();

    /// <summary>Bytes of the body of a kind. Throws <see cref="InvariantViolation"/> for a number that names no event.</summary>
    public static int SizeOf(EventKind kind)
    {
        int size = (int)kind < Sizes.Length ? Sizes[(int)kind] : 0;
        if (size == 0) throw new InvariantViolation($"no event has the number {(int)kind}");
        return size;
    }

    public static bool IsKnown(EventKind kind) => (int)kind < Sizes.Length && Sizes[(int)kind] != 0;

    private static byte[] BuildSizes()
    {
        byte[] sizes = new byte[64];
        Add<AccountOpened>(sizes);
        Add<CommandRefused>(sizes);
        Add<OrderAccepted>(sizes);
        Add<OrderFilled>(sizes);
        Add<OrderEnded>(sizes);
        Add<OrderReduced>(sizes);
        Add<OrderAmended>(sizes);
        Add<TriggerAccepted>(sizes);
        Add<TriggerEnded>(sizes);
        Add<BalanceChanged>(sizes);
        Add<PositionChanged>(sizes);
        Add<LeverageChanged>(sizes);
        Add<MarginModeChanged>(sizes);
        Add<PositionModeChanged>(sizes);
        Add<LiquidationStarted>(sizes);
        Add<LiquidationOrdered>(sizes);
        Add<LiquidationStepped>(sizes);
        Add<LiquidationEnded>(sizes);
        Add<AccountStatusChanged>(sizes);
        Add<AccountClosed>(sizes);
        Add<Traded>(sizes);
        Add<PriceChanged>(sizes);
        Add<FundingSettled>(sizes);
        Add<MarketStatusChanged>(sizes);
        Add<LiquidationPaused>(sizes);
        Add<LiquidationResumed>(sizes);
        Add<DeleverageRoundStarted>(sizes);
        Add<Deleveraged>(sizes);
        Add<DeleverageRoundEnded>(sizes);
        Add<FundingSkipped>(sizes);
        Add<MarketCommandRefused>(sizes);
        Add<LeverageBracketsChanged>(sizes);
        Add<HouseChanged>(sizes);
        Add<FundingRateSet>(sizes);
        Add<FundBalanceChanged>(sizes);
        Add<DeficitChanged>(sizes);
        Add<TakeoverDecided>(sizes);
        return sizes;
    }

    private static void Add<T>(byte[] sizes)
        where T : unmanaged, IPayload<T, EventKind>
    {
        int size = Unsafe.SizeOf<T>();
        if (size > PayloadBytes.Capacity) throw new InvariantViolation($"{typeof(T).Name} has {size} bytes, room is {PayloadBytes.Capacity}");
        sizes[(int)T.Kind] = checked((byte)size);
    }
}
