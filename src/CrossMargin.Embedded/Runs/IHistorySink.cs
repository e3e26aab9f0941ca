using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>
/// Is told every event once per execution of its command, on the sequencer thread: copies what it needs and returns. After a resume, the
/// commands since the last snapshot are executed again and told again, with their old numbers.
/// </summary>
public interface IHistorySink
{
    /// <param name="events">Events of one command, in order; valid during the call.</param>
    /// <param name="sequence">The command's number.</param>
    void Append(ReadOnlySpan<Event> events, long sequence);

    /// <summary>
    /// Returns when everything told so far is kept: called before a snapshot, because what came before one is not told again.
    /// </summary>
    void Flush();
}
