using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>
/// Something that happened, as people outside may watch it: streams, history, traders and reports are made of events and of nothing
/// else. Value type without references. Events follow from the commands, so they can be made again by a replay.
/// </summary>
public struct Event
{
    /// <summary>Exchange time of the command that was being processed.</summary>
    public Timestamp Time;

    /// <summary>The client command behind it, or none.</summary>
    public CommandId Cause;

    /// <summary>Whose event it is; none for events of a market; <see cref="AccountId.Fund"/> for the fund's.</summary>
    public AccountId Account;

    /// <summary>The market it is about, or none.</summary>
    public MarketId Market;
    public EventKind Kind;
    private PayloadBytes _payload;

    public static Event Of<T>(Timestamp time, CommandId cause, AccountId account, MarketId market, in T body)
        where T : unmanaged, IPayload<T, EventKind>
    {
        Event e = default;
        e.Set(time, cause, account, market, body);
        return e;
    }

    /// <summary>Fills the event in place.</summary>
    public void Set<T>(Timestamp time, CommandId cause, AccountId account, MarketId market, in T body)
        where T : unmanaged, IPayload<T, EventKind>
    {
        Time = time;
        Cause = cause;
        Account = account;
        Market = market;
        Kind = T.Kind;
        _payload.Set(body);
    }

    /// <summary>The body. Throws <see cref="InvariantViolation"/> if the event is of another kind.</summary>
    public readonly ref readonly T Body<T>()
        where T : unmanaged, IPayload<T, EventKind>
    {
        if (Kind != T.Kind) WrongKind(Kind, T.Kind);
        return ref Unsafe.AsRef(in _payload).As<T>();
    }

    /// <summary>The body's bytes, as many as its kind has (<see cref="EventLayout.SizeOf"/>).</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> BodyBytes => _payload.Bytes(EventLayout.SizeOf(Kind));

    /// <summary>Fills the body from bytes that <see cref="BodyBytes"/> gave; <see cref="Kind"/> is set before.</summary>
    public void SetBodyBytes(ReadOnlySpan<byte> bytes)
    {
        _payload = default;
        bytes.CopyTo(_payload.WritableBytes(EventLayout.SizeOf(Kind)));
    }

    private static void WrongKind(EventKind actual, EventKind wanted) => throw new InvariantViolation($"event is {actual}, read as {wanted}");
}
