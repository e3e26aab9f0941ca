using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>Opens a data folder with the library, the server being gone, and proves its state.</summary>
internal static class JournalCheck
{
    /// <summary>
    /// Replay from the first command leads to the state that snapshot and tail lead to; the books add up; no order was taken twice.
    /// </summary>
    public static AuditFigures Examine(string folder, Action<Message, ReadOnlySpan<Event>>? eachCommand = null)
    {
        JournalResult opened = ExchangeJournal.Open(folder);
        Assert.True(opened.Journal is not null, $"{opened.Error}");
        using ExchangeJournal journal = opened.Journal;
        VenueProfile profile = VenueProfileReader.Read(journal.Profile, journal.Path).Profile!;

        var whole = new ExchangeEngine(profile);
        using (JournalCursor commands = journal.Read(0))
        {
            while (commands.MoveNext())
            {
                whole.Execute(commands.Current);
                eachCommand?.Invoke(commands.Current.Message, whole.Events);
            }

            Assert.True(commands.Error is null, $"{commands.Error}");
        }

        Assert.Equal(journal.CommittedSequence, whole.Sequence);
        var restored = new ExchangeEngine(profile);
        JournalError? error = JournalReplay.Replay(restored, journal);
        Assert.True(error is null, $"{error}");
        Assert.Equal(whole.StateHash(), restored.StateHash());
        return InvariantAudit.Check(whole);
    }
}
