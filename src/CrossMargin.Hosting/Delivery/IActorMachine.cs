using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// An actor as delivery sees it: a pure state machine. Delivery calls it from one thread at a time. What it throws from
/// <see cref="Apply"/> or <see cref="End"/> makes the actor <see cref="ActivationPhase.Faulted"/>.
/// </summary>
public interface IActorMachine
{
    ActorId Address { get; }

    /// <summary>Whether its surroundings are there that its steps need. Until then nothing is applied: inputs wait.</summary>
    bool IsReady => true;

    /// <summary>A batch of steps begins; never earlier than the batch before. All steps of it happen at this exchange time.</summary>
    void Begin(Timestamp now);

    /// <summary>Applies one message or command. What it sends and emits goes to the output.</summary>
    void Apply(in Message message, ActorOutput output);

    /// <summary>The batch's last step is done: what was put off until then (judging pools) happens now.</summary>
    void End(ActorOutput output);

    /// <summary>A new activation holds the state that was read: with its epoch if it is one that has epochs (else 0).</summary>
    void Activated(int epoch);

    /// <summary>Of a market: the command to take because an actor that sends to this one is faulted for good; null: nothing is to be done.</summary>
    Message? WhenFaulted(ActorId peer) => null;

    /// <summary>The whole durable state in canonical form.</summary>
    void Write(StateWriter writer);

    /// <summary>Restores what <see cref="Write"/> wrote into a machine that has done nothing yet.</summary>
    void Read(StateReader reader);
}

/// <summary>What steps leave behind. Grows by doubling, never shrinks.</summary>
public sealed class ActorOutput
{
    private Message[] _sent = [];
    private Event[] _events = [];

    public int SentCount { get; private set; }

    public int EventCount { get; private set; }

    public ReadOnlySpan<Message> Sent => _sent.AsSpan(0, SentCount);

    public ReadOnlySpan<Event> Events => _events.AsSpan(0, EventCount);

    /// <summary>Messages to <see cref="ActorId.Monitor"/> are notices to every node that listens; to the actor itself: its next step.</summary>
    public void Send(in Message message)
    {
        if (SentCount == _sent.Length) Array.Resize(ref _sent, Math.Max(4, SentCount * 2));
        _sent[SentCount++] = message;
    }

    public void Emit(in Event e)
    {
        if (EventCount == _events.Length) Array.Resize(ref _events, Math.Max(4, EventCount * 2));
        _events[EventCount++] = e;
    }

    public void Clear() => SentCount = EventCount = 0;
}
