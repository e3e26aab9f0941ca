using CrossMargin.Model;

namespace CrossMargin.Engine.Actors;

/// <summary>
/// A pure state machine: <see cref="Receive"/> changes only its own state, and sends and emits through the context. A step that throws
/// <see cref="InvariantViolation"/> leaves the actor unusable; the host stops it.
/// </summary>
public interface IActor
{
    ActorId Address { get; }

    void Receive(in Message message, StepContext context);

    /// <summary>Writes the whole durable state in a canonical form: equal states write equal bytes. Safe boxes are not part of it.</summary>
    void Write(StateWriter writer);

    /// <summary>Restores what <see cref="Write"/> wrote into a new actor.</summary>
    void Read(StateReader reader);
}
