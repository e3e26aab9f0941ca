using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// A part of a lock-step run whose state belongs to the run's snapshot: feeds, traders, report series. The host calls it from the
/// sequencer thread only, between two steps. What <see cref="Write"/> writes after step n, <see cref="Read"/> restores in a new object
/// built from the same settings, after which both behave alike from step n + 1 on. Equal states write equal bytes.
/// </summary>
public interface IRunParticipant
{
    /// <summary>Appends everything that the coming steps depend on and that the settings do not already say.</summary>
    void Write(StateWriter writer);

    /// <summary>Reads exactly what <see cref="Write"/> wrote; <see cref="StateFormatException"/> when it cannot be this object's.</summary>
    void Read(StateReader reader);
}
