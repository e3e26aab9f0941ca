using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Embedded.Tests.Toys;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.Runs;

public sealed class LockStepRunTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Run_Twice_GivesTheSameHashWithAndWithoutJournal()
    {
        RunResult first = new ToyRun().Run.Run();
        using ExchangeJournal journal = Create();
        RunResult second = new ToyRun(journal).Run.Run();

        Assert.Null(first.Error);
        Assert.Equal(ToyRun.Steps, first.Steps);
        Assert.Equal(first.StateHash, second.StateHash);
        Assert.Equal(second.StateHash, journal.Finished);
        Assert.NotEqual(first.StateHash, new ToyRun(seed: 4).Run.Run().StateHash);
    }

    [Fact]
    public void Run_EachTrader_SeesItsOwnEventsOnceAndInOrder()
    {
        var recorder = new Recorder();
        var run = new ToyRun(history: recorder);
        run.Run.Run();

        foreach (ToyTrader trader in run.Traders)
        {
            EventKind[] seen = [.. trader.Seen.SelectMany(s => s.Kinds)];
            EventKind[] made = [.. recorder.Events.Where(e => e.Account == trader.Account).Select(e => e.Kind)];
            Assert.Equal(made[..seen.Length], seen);
            // What came after the last turn is what its own last commands did.
            Assert.InRange(made.Length - seen.Length, 0, 20);
            Assert.Equal(trader.Seen.Select(s => s.Step).Distinct(), trader.Seen.Select(s => s.Step));
        }
    }

    [Fact]
    public void Run_Counters_AreSumsOfTheEvents()
    {
        var recorder = new Recorder();
        var run = new ToyRun(history: recorder);
        run.Run.Run();

        Assert.Equal(recorder.Events.Count(e => e.Kind == EventKind.OrderAccepted), run.Run.Counters.Orders);
        Assert.Equal(recorder.Events.Count(e => e.Kind == EventKind.Traded), run.Run.Counters.Trades);
        Assert.Equal(run.Engine.Sequence, run.Run.Counters.Commands);
        Assert.Equal(ToyRun.Steps, run.Observer.Steps.Count);
    }

    [Fact]
    public void Resume_AfterACrashAtAnyCommand_EndsWithTheSameHash()
    {
        var uninterrupted = new ToyRun();
        string whole = uninterrupted.Run.Run().StateHash!;
        foreach (long crash in (long[])[1, 5, 47, 200, 333, 500, 640, 777])
        {
            using var directory = new TempDirectory();
            using TempDirectory left = CrashAt(crash, directory);
            using ExchangeJournal journal = ExchangeJournal.Open(left.Path).OrThrow();
            var resumed = new ToyRun(journal);
            Assert.Null(resumed.Run.Resume());
            RunResult result = resumed.Run.Run();

            Assert.Null(result.Error);
            Assert.Equal(whole, result.StateHash);
            Assert.Equal(whole, Replay(journal));
            Assert.Equal(Bytes(uninterrupted.Run.Counters), Bytes(resumed.Run.Counters));
        }
    }

    [Fact]
    public void Resume_ReplayedSteps_AreMarked()
    {
        using TempDirectory left = CrashAt(700, _directory);
        using ExchangeJournal journal = ExchangeJournal.Open(left.Path).OrThrow();
        var resumed = new ToyRun(journal);
        Assert.Null(resumed.Run.Resume());
        Assert.True(resumed.Run.IsReplaying);
        long from = resumed.Run.NextStep;
        resumed.Run.Run();

        Assert.Equal(0, from % 25);
        Assert.Equal(from, resumed.Observer.Steps[0].Step);
        Assert.True(resumed.Observer.Steps[0].Replay);
        Assert.False(resumed.Observer.Steps[^1].Replay);
    }

    [Fact]
    public void Resume_ATraderThatDoesSomethingElse_StopsAndNamesStepAndTrader()
    {
        using TempDirectory left = CrashAt(700, _directory, snapshotSteps: 0);
        using ExchangeJournal journal = ExchangeJournal.Open(left.Path).OrThrow();
        long before = journal.AppendedSequence;
        var resumed = new ToyRun(journal, change: t => t.Account.Value == 9 ? new ToyTrader(t.Account, 3) { DriftsAtTurn = 12 } : t);
        Assert.Null(resumed.Run.Resume());
        RunResult result = resumed.Run.Run();

        Assert.Equal(RunErrorKind.Diverged, result.Error!.Kind);
        Assert.Matches("^step [0-9]+, toy of account 9: record [0-9]+ of the journal is PlaceOrder", result.Error.Message);
        Assert.Null(result.StateHash);
        Assert.Equal(before, journal.AppendedSequence);
    }

    [Fact]
    public void Resume_DamagedJournal_StopsWithTheJournalsError()
    {
        using TempDirectory left = CrashAt(700, _directory, snapshotSteps: 0);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(left.Path, JournalFormat.FileName)};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE batches SET records = zeroblob(length(records)) WHERE first = (SELECT max(first) FROM batches)";
            command.ExecuteNonQuery();
        }

        using ExchangeJournal journal = ExchangeJournal.Open(left.Path).OrThrow();
        var resumed = new ToyRun(journal);
        Assert.Null(resumed.Run.Resume());
        RunError error = resumed.Run.Run().Error!;

        Assert.Equal(RunErrorKind.Journal, error.Kind);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_AnotherSeed_StopsAtTheFeed()
    {
        using TempDirectory left = CrashAt(100, _directory);
        using ExchangeJournal journal = ExchangeJournal.Open(left.Path).OrThrow();
        var resumed = new ToyRun(journal, seed: 8);
        Assert.Null(resumed.Run.Resume());
        RunError error = resumed.Run.Run().Error!;

        Assert.Equal(RunErrorKind.Diverged, error.Kind);
        Assert.StartsWith("step 0, the feed:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_AFinishedRun_IsRefused()
    {
        using (ExchangeJournal journal = Create()) new ToyRun(journal).Run.Run();
        using ExchangeJournal again = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Equal(RunErrorKind.Finished, new ToyRun(again).Run.Resume()!.Kind);
    }

    [Fact]
    public void Run_Cancelled_CanBeResumed()
    {
        string whole = new ToyRun().Run.Run().StateHash!;
        using (var cancel = new CancellationTokenSource())
        {
            using ExchangeJournal journal = Create();
            RunResult stopped = new ToyRun(journal, history: new Recorder { At = 400, Do = cancel.Cancel }).Run.Run(cancel.Token);
            Assert.Null(stopped.StateHash);
            Assert.InRange(stopped.Steps, 1, ToyRun.Steps - 1);
        }

        using ExchangeJournal opened = ExchangeJournal.Open(_directory.Path).OrThrow();
        var resumed = new ToyRun(opened);
        Assert.Null(resumed.Run.Resume());
        Assert.Equal(whole, resumed.Run.Run().StateHash);
    }

    [Theory]
    [InlineData(3, 50)]
    [InlineData(6, 125)] // the flush of the run's end
    public void Run_HistoryCannotKeepWhatItWasTold_LeavesNoSnapshotOverIt(int flush, long step)
    {
        using (ExchangeJournal journal = Create())
        {
            Assert.Throws<IOException>(() => new ToyRun(journal, history: new Recorder { FailsAtFlush = flush }).Run.Run());
        }

        using ExchangeJournal left = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Null(left.Finished);
        var resumed = new ToyRun(left);
        Assert.Null(resumed.Run.Resume());
        Assert.Equal(step, resumed.Run.NextStep);
    }

    [Fact]
    public void Run_WhatAFinishedRunLeavesBehindFails_IsNotFinishedAndCanBeResumedAtItsEnd()
    {
        string whole = new ToyRun().Run.Run().StateHash!;
        using (ExchangeJournal journal = Create())
        {
            Assert.Throws<IOException>(() => new ToyRun(journal, finishing: _ => throw new IOException("no room")).Run.Run());
        }

        using ExchangeJournal left = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Null(left.Finished);
        string? told = null;
        var resumed = new ToyRun(left, finishing: hash =>
        {
            Assert.Null(left.Finished);
            told = hash;
        });
        Assert.Null(resumed.Run.Resume());
        Assert.Equal(ToyRun.Steps, resumed.Run.NextStep);
        Assert.Equal(whole, resumed.Run.Run().StateHash);
        Assert.Equal((whole, whole), (told, left.Finished));
    }

    [Fact]
    public void Resume_SnapshotOfAnotherEngine_NamesTheReleaseThatCanFinish()
    {
        var older = new JournalOptions { EngineVersion = "9.9.9" };
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}", older).OrThrow())
        {
            Assert.Throws<IOException>(() => new ToyRun(journal, history: new Recorder { FailsAtFlush = 3 }).Run.Run());
        }

        using ExchangeJournal opened = ExchangeJournal.Open(_directory.Path).OrThrow();
        RunError error = new ToyRun(opened).Run.Resume()!;
        Assert.Equal(RunErrorKind.Journal, error.Kind);
        Assert.EndsWith("only release 9.9.9 can finish this run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_InATurn_NamesStepAndTrader()
    {
        var run = new ToyRun(change: t => t.Account.Value == 9 ? new ToyTrader(t.Account, 3) { FailsAtTurn = 2 } : t);
        Assert.Throws<InvalidOperationException>(() => run.Run.Run());
        Assert.Matches("^step [0-9]+, toy of account 9$", run.Run.Where);
    }

    [Fact]
    public void Check_AnOptionThatDiffers_IsNamed()
    {
        var settings = new RunSettings([new("seed", "7"), new("traders", "100")]);
        RunSettings read = RunSettings.FromJson(settings.ToJson())!;

        Assert.Null(read.Check([new("traders", "100")]));
        Assert.Equal("seed: the run was started with 7, not with 8", read.Check([new("traders", "100"), new("seed", "8")])!.Message);
        Assert.Equal("mix: the run was started without it, not with a.yaml", read.Check([new("mix", "a.yaml")])!.Message);
        Assert.Null(RunSettings.FromJson("[]"));
        Assert.Null(RunSettings.FromJson("{"));
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Bytes(RunCounters counters)
    {
        var writer = new StateWriter();
        counters.Write(writer);
        return writer.Written.ToArray();
    }

    private static string Replay(ExchangeJournal journal)
    {
        var engine = ToyCommands.NewEngine();
        Assert.Null(JournalReplay.Replay(engine, journal, useSnapshot: false));
        return engine.StateHash();
    }

    private static TempDirectory CrashAt(long command, TempDirectory directory, long snapshotSteps = 25)
    {
        using ExchangeJournal journal = ExchangeJournal.Create(directory.Path, "{}", "{}").OrThrow();
        TempDirectory? left = null;
        var recorder = new Recorder
        {
            At = command,
            Do = () =>
            {
                journal.WaitForCommit(Math.Max(0, command - 40));
                left = directory.CrashCopy();
                throw new IOException("crash");
            },
        };
        Assert.Throws<IOException>(() => new ToyRun(journal, history: recorder, snapshotSteps: snapshotSteps).Run.Run());
        return left!;
    }

    private ExchangeJournal Create() => ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow();

    private sealed class Recorder : IHistorySink
    {
        public List<Event> Events { get; } = [];
        public long At { get; init; } = -1;
        public Action Do { get; init; } = () => { };

        public void Append(ReadOnlySpan<Event> events, long sequence)
        {
            foreach (Event e in events) Events.Add(e);
            if (sequence == At) Do();
        }

        public int Flushes { get; private set; }
        public int FailsAtFlush { get; init; } = -1;

        public void Flush()
        {
            if (++Flushes == FailsAtFlush) throw new IOException("history has failed");
        }
    }
}
