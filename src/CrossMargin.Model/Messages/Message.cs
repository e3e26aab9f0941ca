using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>
/// What one actor tells another. Value type without references: it is copied, queued and written as it stands. <see cref="Cause"/> is
/// the client command that set it off, or <see cref="CommandId.None"/>; answers carry it back.
/// </summary>
public struct Message
{
    public ActorId From;
    public ActorId To;
    public CommandId Cause;
    public MessageKind Kind;
    private PayloadBytes _payload;

    public static Message Of<T>(ActorId from, ActorId to, CommandId cause, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message message = default;
        message.From = from;
        message.To = to;
        message.Cause = cause;
        message.Kind = T.Kind;
        message._payload.Set(body);
        return message;
    }

    /// <summary>Sets kind and body, leaving the addresses.</summary>
    public void Set<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Kind = T.Kind;
        _payload.Set(body);
    }

    /// <summary>The body. Throws <see cref="InvariantViolation"/> if the message is of another kind.</summary>
    public readonly ref readonly T Body<T>()
        where T : unmanaged, IPayload<T, MessageKind>
    {
        if (Kind != T.Kind) WrongKind(Kind, T.Kind);
        return ref Unsafe.AsRef(in _payload).As<T>();
    }

    /// <summary>The body's bytes, as many as its kind has (<see cref="MessageLayout.SizeOf"/>).</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> BodyBytes => _payload.Bytes(MessageLayout.SizeOf(Kind));

    /// <summary>Fills the body from bytes that <see cref="BodyBytes"/> gave; <see cref="Kind"/> is set before.</summary>
    public void SetBodyBytes(ReadOnlySpan<byte> bytes)
    {
        _payload = default;
        bytes.CopyTo(_payload.WritableBytes(MessageLayout.SizeOf(Kind)));
    }

    private static void WrongKind(MessageKind is_, MessageKind wanted) => throw new InvariantViolation($"message is {is_}, read as {wanted}");
}
