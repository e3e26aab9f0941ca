using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>Holds what a resumed run does again against what its journal says it did.</summary>
internal sealed class CommandComparison(JournalCursor cursor) : IDisposable
{
    /// <summary>Why the journal could not be read on, or null.</summary>
    public JournalError? Unreadable => cursor.Error;

    /// <summary>
    /// False when the journal has ended before this command; <paramref name="difference"/> says what is wrong, or is null.
    /// </summary>
    public bool Covers(in Command again, out string? difference)
    {
        difference = null;
        if (!cursor.MoveNext())
        {
            difference = cursor.Error?.Message;
            return difference is not null;
        }

        ref readonly Command was = ref cursor.Current;
        bool same = was.Time == again.Time && was.Message.Kind == again.Message.Kind && was.Message.To == again.Message.To
            && was.Message.Cause == again.Message.Cause && was.Message.BodyBytes.SequenceEqual(again.Message.BodyBytes);
        if (!same) difference = $"record {cursor.Sequence} of the journal is {Describe(was)}, now it is {Describe(again)}";
        return true;
    }

    public void Dispose() => cursor.Dispose();

    private static string Describe(in Command command) =>
        $"{command.Message.Kind} to {command.Message.To} id {command.Message.Cause.Value} at {command.Time}"
        + $" body {Convert.ToHexString(command.Message.BodyBytes)}";
}
