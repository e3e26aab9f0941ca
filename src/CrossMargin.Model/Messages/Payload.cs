using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossMargin.Model;

/// <summary>
/// A message, command or event body: a struct of integers without padding (Pack = 1), so that its bytes are its meaning. The layout of
/// each body reaches the disk and is frozen by a test.
/// </summary>
/// <typeparam name="TSelf">The body itself.</typeparam>
/// <typeparam name="TKind">The enum that numbers such bodies.</typeparam>
public interface IPayload<TSelf, TKind>
    where TSelf : unmanaged, IPayload<TSelf, TKind>
    where TKind : unmanaged, Enum
{
    static abstract TKind Kind { get; }
}

/// <summary>Room for one body, held in place. Reading it as another type than was written is an error the kind guards against.</summary>
[InlineArray(Capacity / 8)]
public struct PayloadBytes
{
    /// <summary>The largest body in bytes.</summary>
    public const int Capacity = 144;

    private ulong _first;

    public void Set<T>(in T body)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > Capacity) TooLarge(typeof(T)); // folded away by the compiler
        Unsafe.As<PayloadBytes, T>(ref this) = body;
    }

    /// <summary>The body as <typeparamref name="T"/>; the caller has checked the kind.</summary>
    public readonly ref readonly T As<T>()
        where T : unmanaged =>
        ref Unsafe.As<PayloadBytes, T>(ref Unsafe.AsRef(in this));

    /// <summary>The first <paramref name="length"/> bytes: what a journal keeps.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes(int length) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<PayloadBytes, ulong>(ref Unsafe.AsRef(in this)), Capacity / 8))[..length];

    private static void TooLarge(Type type) => throw new InvariantViolation($"{type.Name} does not fit into {Capacity} bytes");

    [UnscopedRef]
    public Span<byte> WritableBytes(int length) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref Unsafe.As<PayloadBytes, ulong>(ref this), Capacity / 8))[..length];
}
