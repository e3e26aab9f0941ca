namespace CrossMargin.Model;

/// <summary>
/// A broken invariant: the state is wrong and the actor must stop. Never thrown for bad input or a business refusal. The message begins
/// with the invariant's number in docs/INVARIANTS.md where it has one.
/// </summary>
public sealed class InvariantViolation(string message) : Exception(message)
{
    /// <summary>Throws unless <paramref name="condition"/> holds. For texts without numbers, on hot paths.</summary>
    public static void Check(bool condition, string rule)
    {
        if (!condition) Throw(rule);
    }

    private static void Throw(string rule) => throw new InvariantViolation(rule);
}
