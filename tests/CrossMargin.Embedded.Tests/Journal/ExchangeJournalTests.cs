using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Tests.Toys;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Journal;

public sealed class ExchangeJournalTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Replay_AfterACleanStop_GivesTheSameHash()
    {
        ExchangeEngine engine = Live(5_000, snapshotEvery: 0);

        Assert.Equal(engine.StateHash(), Replayed(_directory).StateHash());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(5_000)]
    public void Replay_FromSnapshots_GivesTheSameHash(int snapshotEvery)
    {
        ExchangeEngine engine = Live(5_000, Math.Max(snapshotEvery, 50));

        Assert.Equal(engine.StateHash(), Replayed(_directory).StateHash());
        Assert.Equal(engine.StateHash(), Replayed(_directory, useSnapshot: false).StateHash());
    }

    [Fact]
    public void Replay_UntilAnyCommand_GivesTheStateThen()
    {
        string[] hashes = new string[1_201];
        Live(1_200, snapshotEvery: 350, hashes);
        foreach (int until in (int[])[1, 349, 350, 351, 800, 1_199, 1_200]) Assert.Equal(hashes[until], Replayed(_directory, until: until).StateHash());
    }

    [Fact]
    public void Replay_AfterACrash_HasEverythingThatWasCommittedAndOnlyWholeCommands()
    {
        string[] hashes = new string[4_001];
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow();
        for (int i = 1; i <= 4_000; i++)
        {
            Run(engine, journal, commands.Next(i - 1));
            hashes[i] = engine.StateHash();
            if (i % 1_000 == 0) journal.SaveSnapshot(SnapshotImage.Of(engine));
            if (i % 777 != 0) continue;
            journal.WaitForCommit(i - 3);
            long promised = journal.CommittedSequence;
            using TempDirectory crashed = _directory.CrashCopy();
            ExchangeEngine after = Replayed(crashed);
            Assert.InRange(after.Sequence, promised, i);
            Assert.Equal(hashes[after.Sequence], after.StateHash());
        }
    }

    [Fact]
    public void Replay_WalCutAnywhere_HasAPrefix()
    {
        string[] hashes = new string[2_001];
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow();
        for (int i = 1; i <= 2_000; i++)
        {
            Run(engine, journal, commands.Next(i - 1));
            hashes[i] = engine.StateHash();
            if (i % 100 == 0) journal.WaitForCommit(i);
        }

        for (int cut = 1; cut <= 12; cut++)
        {
            using TempDirectory torn = _directory.CrashCopy();
            string wal = Path.Combine(torn.Path, JournalFormat.FileName + "-wal");
            using (var file = new FileStream(wal, FileMode.Open)) file.SetLength(file.Length * (cut + 12) / 25);
            ExchangeEngine after = Replayed(torn);
            Assert.InRange(after.Sequence, 0, 1_999);
            if (after.Sequence > 0) Assert.Equal(hashes[after.Sequence], after.StateHash());
        }
    }

    [Fact]
    public void Append_AfterAReplay_ContinuesTheSameJournal()
    {
        ExchangeEngine whole = ToyCommands.NewEngine();
        var all = new ToyCommands(accounts: 30);
        for (int i = 0; i < 3_000; i++) whole.Execute(all.Next(i));

        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine first = ToyCommands.NewEngine();
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow())
        {
            for (int i = 0; i < 2_000; i++) Run(first, journal, commands.Next(i));
        }

        ExchangeEngine second = ToyCommands.NewEngine();
        using (ExchangeJournal journal = ExchangeJournal.Open(_directory.Path).OrThrow())
        {
            Assert.Null(JournalReplay.Replay(second, journal));
            Assert.Equal(2_000, journal.AppendedSequence);
            for (int i = 2_000; i < 3_000; i++) Run(second, journal, commands.Next(i));
        }

        Assert.Equal(whole.StateHash(), second.StateHash());
        Assert.Equal(whole.StateHash(), Replayed(_directory).StateHash());
    }

    [Fact]
    public void Replay_WithEvents_GivesEachCommandsEventsAgain()
    {
        List<EventKind> live = [];
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow())
        {
            for (int i = 0; i < 500; i++)
            {
                Run(engine, journal, commands.Next(i));
                foreach (Event e in engine.Events) live.Add(e.Kind);
            }
        }

        List<EventKind> again = [];
        using ExchangeJournal opened = ExchangeJournal.Open(_directory.Path).OrThrow();
        JournalError? error = JournalReplay.Replay(ToyCommands.NewEngine(), opened, events: (_, events) =>
        {
            foreach (Event e in events) again.Add(e.Kind);
        });
        Assert.Null(error);
        Assert.Equal(live, again);
    }

    [Fact]
    public void Backup_WhileRunning_IsAJournalOfItsMoment()
    {
        string[] hashes = new string[2_001];
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        using var target = new TempDirectory();
        string file = Path.Combine(target.Path, JournalFormat.FileName);
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow())
        {
            for (int i = 1; i <= 2_000; i++)
            {
                Run(engine, journal, commands.Next(i - 1));
                hashes[i] = engine.StateHash();
                if (i != 1_000) continue;
                journal.WaitForCommit(900);
                Assert.Null(journal.Backup(file));
                Assert.Equal(JournalErrorKind.Exists, journal.Backup(file)!.Kind);
            }
        }

        ExchangeEngine restored = Replayed(target);
        Assert.InRange(restored.Sequence, 900, 1_000);
        Assert.Equal(hashes[restored.Sequence], restored.StateHash());
    }

    [Fact]
    public void Append_DiskFull_StopsOrderEntryAndLeavesAGoodJournal()
    {
        string[] hashes = new string[200_001];
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        var options = new JournalOptions { MaxFileBytes = 200_000 };
        JournalException? stopped = null;
        long committed;
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}", options).OrThrow())
        {
            for (int i = 1; i <= 200_000 && stopped is null; i++)
            {
                try
                {
                    Run(engine, journal, commands.Next(i - 1));
                    hashes[i] = i % 100 == 0 ? engine.StateHash() : "";
                    if (i % 100 == 0) journal.WaitForCommit(i);
                }
                catch (JournalException e)
                {
                    stopped = e;
                }
            }

            committed = journal.CommittedSequence;
            Assert.Equal(stopped?.Error, journal.Failure);
        }

        Assert.Equal(JournalErrorKind.DiskFull, stopped!.Error.Kind);
        Assert.Contains(_directory.Path, stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', stopped.Message);
        Assert.Equal(committed, Replayed(_directory).Sequence);
        Assert.Equal(hashes[committed - (committed % 100)], Replayed(_directory, until: committed - (committed % 100)).StateHash());
    }

    [Fact]
    public void Meta_IsKeptAndFinishedIsKnown()
    {
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{\"p\":1}", "{\"s\":2}").OrThrow())
        {
            Assert.Null(journal.Finished);
            Assert.Null(journal.GetMeta("key"));
            journal.SetMeta("key", "a");
            journal.SetMeta("key", "b");
            journal.Finish("hash");
        }

        using ExchangeJournal opened = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Equal(("{\"p\":1}", "{\"s\":2}", "hash", "b"), (opened.Profile, opened.Settings, opened.Finished, opened.GetMeta("key")));
    }

    public void Dispose() => _directory.Dispose();

    internal static void Run(ExchangeEngine engine, ExchangeJournal journal, in Command command)
    {
        journal.Append(command);
        engine.Execute(command);
    }

    internal static ExchangeEngine Replayed(TempDirectory directory, bool useSnapshot = true, long until = long.MaxValue)
    {
        using ExchangeJournal journal = ExchangeJournal.Open(directory.Path).OrThrow();
        ExchangeEngine engine = ToyCommands.NewEngine();
        Assert.Null(JournalReplay.Replay(engine, journal, until, useSnapshot: useSnapshot));
        return engine;
    }

    private ExchangeEngine Live(int count, int snapshotEvery, string[]? hashes = null)
    {
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}", new JournalOptions { KeepSnapshots = 100 }).OrThrow();
        for (int i = 1; i <= count; i++)
        {
            Run(engine, journal, commands.Next(i - 1));
            if (hashes is not null) hashes[i] = engine.StateHash();
            if (snapshotEvery > 0 && i % snapshotEvery == 0) journal.SaveSnapshot(SnapshotImage.Of(engine));
        }

        return engine;
    }
}
