using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>What became of one command. Given out only when what it shows survives a crash of the host.</summary>
/// <param name="Time">Exchange time at which it was executed.</param>
/// <param name="Events">
/// The events that answer it, in order: those of its account with its command id; for a command to a market or the fund, all with its id.
/// A refusal is one of them. What the command did to others is not.
/// </param>
/// <param name="Unavailable">Null; or why the host could not take it (it may or may not have been executed if the host broke down).</param>
public sealed record CommandAnswer(Timestamp Time, IReadOnlyList<Event> Events, string? Unavailable)
{
    /// <summary>The refusal, or <see cref="Refusal.None"/>.</summary>
    public Refusal Refusal
    {
        get
        {
            foreach (Event e in Events)
            {
                if (e.Kind == EventKind.CommandRefused) return e.Body<CommandRefused>().Refusal;
                if (e.Kind == EventKind.MarketCommandRefused) return e.Body<MarketCommandRefused>().Refusal;
            }

            return Refusal.None;
        }
    }
}
