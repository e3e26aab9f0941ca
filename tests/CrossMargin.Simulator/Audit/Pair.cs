using CrossMargin.Model;

namespace CrossMargin.Simulator.Audit;

/// <summary>
/// All that one actor ever durably sent to another, by number: what the storage says, not what was delivered. What lies beyond the
/// receiver's durable number is in flight.
/// </summary>
internal sealed class Pair(ActorId from, ActorId to)
{
    private readonly List<Message> _messages = [];
    private long _forgotten;

    public ActorId From => from;
    public ActorId To => to;

    /// <summary>The last number durably queued by the sender.</summary>
    public long Queued => _forgotten + _messages.Count;

    /// <summary>The last number durably forgotten by the sender.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>The last number durably applied by the receiver.</summary>
    public long Applied { get; private set; }

    public Message this[long number] => _messages[(int)(number - _forgotten - 1)];

    public void Add(in Message message) => _messages.Add(message);

    /// <summary>The sender no longer keeps messages up to a number.</summary>
    public void Forget(long through)
    {
        if (through > Applied)
            throw new InvariantViolation($"6: {from} has forgotten message {through} to {to}, which has durably applied only {Applied}");
        if (through > Acknowledged) Acknowledged = through;
        Trim();
    }

    /// <summary>The receiver's next message; durably.</summary>
    public Message Apply(long number)
    {
        if (number != Applied + 1) throw new InvariantViolation($"6: {to} applied message {number} of {from} after {Applied}");
        if (number > Queued)
            throw new InvariantViolation($"6: {to} applied message {number} of {from}, which has durably sent only {Queued}");
        Message message = this[number];
        Applied = number;
        return message;
    }

    private void Trim()
    {
        long gone = Math.Min(Acknowledged, Applied) - _forgotten;
        if (gone < 256) return;
        _messages.RemoveRange(0, (int)gone);
        _forgotten += gone;
    }
}
