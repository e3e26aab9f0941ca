using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>The size in bytes of each message's body; what is written to disk and wire.</summary>
public static class MessageLayout
{
    private static readonly byte[] Sizes = BuildSizes();

    /// <summary>Bytes of the body of a kind. Throws <see cref="InvariantViolation"/> for a number that names no message.</summary>
    public static int SizeOf(MessageKind kind)
    {
        int size = (int)kind < Sizes.Length ? Sizes[(int)kind] : 0;
        if (size == 0) throw new InvariantViolation($"no message has the number {(int)kind}");
        return size;
    }

    public static bool IsKnown(MessageKind kind) => (int)kind < Sizes.Length && Sizes[(int)kind] != 0;

    /// <summary>Whether the kind comes from outside and is journalled.</summary>
    public static bool IsCommand(MessageKind kind) => (int)kind is > 0 and < 100;

    private static byte[] BuildSizes()
    {
        byte[] sizes = new byte[256];
        Add<OpenAccount>(sizes);
        Add<PlaceOrder>(sizes);
        Add<AmendOrder>(sizes);
        Add<CancelOrder>(sizes);
        Add<CancelTrigger>(sizes);
        Add<CancelAllOrders>(sizes);
        Add<SetCountdown>(sizes);
        Add<SetLeverage>(sizes);
        Add<SetMarginMode>(sizes);
        Add<SetPositionMode>(sizes);
        Add<AdjustIsolatedMargin>(sizes);
        Add<MovePosition>(sizes);
        Add<Deposit>(sizes);
        Add<Withdraw>(sizes);
        Add<FreezeAccount>(sizes);
        Add<CloseAccount>(sizes);
        Add<SetIndexPrice>(sizes);
        Add<AdvanceTime>(sizes);
        Add<SetFundingRate>(sizes);
        Add<SettleFunding>(sizes);
        Add<SetMarketStatus>(sizes);
        Add<DepositToFund>(sizes);
        Add<JumpTime>(sizes);
        Add<SetLeverageBrackets>(sizes);
        Add<SetHouse>(sizes);
        Add<CancelAccountOrders>(sizes);
        Add<SubmitOrder>(sizes);
        Add<SubmitTrigger>(sizes);
        Add<RequestCancel>(sizes);
        Add<RequestCancelTrigger>(sizes);
        Add<RequestAmend>(sizes);
        Add<RequestCountdown>(sizes);
        Add<Fence>(sizes);
        Add<StartDeleverage>(sizes);
        Add<DeleverageAnswer>(sizes);
        Add<TakeOver>(sizes);
        Add<RequestWatch>(sizes);
        Add<OrderUpdate>(sizes);
        Add<Fill>(sizes);
        Add<TriggerUpdate>(sizes);
        Add<TriggerFired>(sizes);
        Add<FenceReached>(sizes);
        Add<FundingPayment>(sizes);
        Add<DeleverageQuery>(sizes);
        Add<DeleverageRelease>(sizes);
        Add<DeleverageDone>(sizes);
        Add<TakeoverLapsed>(sizes);
        Add<RequestTakeover>(sizes);
        Add<ClaimShortfall>(sizes);
        Add<LiquidationProceeds>(sizes);
        Add<CollateralSold>(sizes);
        Add<TakeoverRefused>(sizes);
        Add<ShortfallPaid>(sizes);
        Add<FundStatus>(sizes);
        Add<PriceTick>(sizes);
        Add<JudgePool>(sizes);
        Add<BracketsTick>(sizes);
        Add<ContinueFunding>(sizes);
        return sizes;
    }

    private static void Add<T>(byte[] sizes)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        int size = Unsafe.SizeOf<T>();
        if (size > PayloadBytes.Capacity) throw new InvariantViolation($"{typeof(T).Name} has {size} bytes, room is {PayloadBytes.Capacity}");
        sizes[(int)T.Kind] = checked((byte)size);
    }
}
