using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CrossMargin.Engine.OrderBook;

/// <summary>Checks that stay on in release builds; the throw is kept out of line so that the passing case costs one branch.</summary>
internal static class BookInvariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds) Broken(message);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Broken(string message) => throw new InvalidOperationException(message);
}
