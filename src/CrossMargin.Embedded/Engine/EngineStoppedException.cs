using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

/// <summary>
/// A step broke a rule: the state in memory is wrong and the engine takes nothing more. Names the command and the message. The journal
/// still has the good state: it can be opened up to the command before <see cref="Sequence"/>.
/// </summary>
public sealed class EngineStoppedException : Exception
{
    internal EngineStoppedException(long sequence, in Command command, in Message message, Exception cause)
        : base(Text(sequence, command, message, cause), cause)
    {
        Sequence = sequence;
        Command = command;
        Failing = message;
    }

    /// <summary>The command's number: the first command of an exchange has 1.</summary>
    public long Sequence { get; }

    public Command Command { get; }

    /// <summary>The message in whose step it happened; the command's own when it was the command itself.</summary>
    public Message Failing { get; }

    private static string Text(long sequence, in Command command, in Message message, Exception cause) =>
        $"command {sequence} at {command.Time} ({Describe(command.Message)}), message {Describe(message)}: {cause.Message}";

    private static string Describe(in Message m) => MessageLayout.IsKnown(m.Kind)
        ? $"{m.Kind} {m.From} -> {m.To} cause {m.Cause.Value} body {Convert.ToHexString(m.BodyBytes)}"
        : $"kind {(int)m.Kind} {m.From} -> {m.To}";
}
