using System.Runtime.InteropServices;

namespace CrossMargin.Model;

/// <summary>A truth value of exactly one byte with two values, so that a body's bytes are canonical.</summary>
public readonly record struct Flag(byte Value)
{
    public static implicit operator bool(Flag flag) => flag.Value != 0;
    public static implicit operator Flag(bool value) => new(value ? (byte)1 : (byte)0);
    public override string ToString() => Value != 0 ? "true" : "false";
}

/// <summary>A <see cref="Refusal"/> without padding, for bodies.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct PackedRefusal(RejectReason Reason, long Limit, long Actual)
{
    public static implicit operator Refusal(PackedRefusal r) => new(r.Reason, r.Limit, r.Actual);
    public static implicit operator PackedRefusal(Refusal r) => new(r.Reason, r.Limit, r.Actual);
}
