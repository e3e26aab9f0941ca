using System.Diagnostics;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>An exchange that is never idle, and never busy enough to fill a buffer.</summary>
public class HistoryPaceTests
{
    [Fact]
    public void Append_ASteadyTrickle_IsWrittenWithoutAskingAgainAndAgain()
    {
        VenueProfile profile = VenueProfiles.Simple;
        var engine = new ExchangeEngine(profile);
        using ExchangeHistory history = ExchangeHistory.InMemory(profile, new HistoryOptions { Idle = TimeSpan.FromMilliseconds(20) }).OrThrow();
        long next = 0;
        for (int round = 0; round < 3; round++)
        {
            history.AppendEquity(new AccountId(1), new Timestamp(1_600_000_000_000 + next), Amount.FromWhole(1), Amount.FromWhole(1));
            long goal = engine.Sequence + 3;
            var watch = Stopwatch.StartNew();
            while (history.WrittenSequence < goal)
            {
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{history.WrittenSequence} of {engine.Sequence} written in round {round}");
                engine.Execute(Command.Index(new Timestamp(1_600_000_000_000 + ++next), new MarketId(1), new Price(10_000 + next % 2), default));
                history.Append(engine.Events, engine.Sequence);
                Thread.Yield();
            }
        }
    }
}
