namespace CrossMargin.Model;

/// <summary>
/// Bytes that are not the state they should be: truncated, an impossible count, an unknown value. Carries the byte position.
/// </summary>
public sealed class StateFormatException(int position, string problem) : Exception($"state at byte {position}: {problem}")
{
    /// <summary>Offset from the start of the reader's memory at which the fault was found.</summary>
    public int Position { get; } = position;
}
