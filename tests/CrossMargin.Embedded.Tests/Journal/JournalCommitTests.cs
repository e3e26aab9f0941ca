using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Tests.Toys;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Journal;

/// <summary>Commits on the thread that appends, beside those of the writer's own.</summary>
public sealed class JournalCommitTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ToyCommands _commands = new(accounts: 5);
    private int _made;

    [Fact]
    public void Commit_WhereTheWriterIsIdle_IsDurableOnReturnAndTellsOnThisThread()
    {
        var told = new List<(long Sequence, int Thread)>();
        using ExchangeJournal journal = Create();
        journal.Committed = sequence => told.Add((sequence, Environment.CurrentManagedThreadId));
        Append(journal, 3);
        journal.Commit();
        Assert.Equal(3, journal.CommittedSequence);
        Append(journal, 1);
        journal.Commit();
        journal.Commit(); // nothing new: tells nothing
        Assert.Equal([(3, Environment.CurrentManagedThreadId), (4, Environment.CurrentManagedThreadId)], told);
    }

    [Fact]
    public void Commit_WhereTheWriterIsAtWork_DoesNotWaitAndIsMadeByTheWriter()
    {
        using var held = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        using ExchangeJournal journal = Create();
        journal.Committed = sequence =>
        {
            if (sequence != 1) return;
            isHeld.Set();
            held.Wait();
        };
        Append(journal, 1);
        journal.Flush();
        isHeld.Wait();
        Append(journal, 2);
        journal.Commit();
        Assert.Equal(1, journal.CommittedSequence);
        held.Set();
        journal.WaitForCommit(3);
        Assert.Equal(3, journal.CommittedSequence);
    }

    [Fact]
    public void Commit_OnAFullDisk_FailsAsTheWriterDoes()
    {
        JournalError? told = null;
        using ExchangeJournal journal = Create(maxFileBytes: 200_000);
        journal.Failed = error => told = error;
        for (int i = 0; i < 10_000 && journal.Failure is null; i++)
        {
            Append(journal, 50);
            journal.Commit();
        }

        Assert.Equal(JournalErrorKind.DiskFull, journal.Failure?.Kind);
        Assert.Equal(journal.Failure, told);
        Assert.InRange(journal.CommittedSequence, 1, journal.AppendedSequence - 50);
        Assert.Throws<JournalException>(() => Append(journal, 1));
        Assert.Throws<JournalException>(() => journal.WaitForCommit(journal.AppendedSequence));
        journal.Commit(); // changes nothing any more
    }

    [Fact]
    public void Commit_BetweenFlushesWaitsAndJobsOfOthers_EveryCommandIsThereOnceAndInOrder()
    {
        const int Steps = 3_000;
        var random = new Random(7);
        var committed = new List<long>();
        using (ExchangeJournal journal = Create())
        {
            journal.Committed = sequence =>
            {
                lock (committed) committed.Add(sequence);
            };
            using var stop = new CancellationTokenSource();
            var others = new Thread(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    journal.SetMeta("a", "b");
                    journal.WaitForCommit(journal.CommittedSequence);
                }
            });
            others.Start();
            for (int i = 0; i < Steps; i++)
            {
                Append(journal, random.Next(1, 4));
                int what = random.Next(4);
                if (what == 0) journal.Flush();
                if (what == 1) journal.Commit();
                if (what == 2 && i % 20 == 0) journal.WaitForCommit(journal.AppendedSequence);
            }

            stop.Cancel();
            others.Join();
            journal.Commit();
            journal.WaitForCommit(journal.AppendedSequence);
        }

        Assert.Equal(committed.Order().Distinct(), committed);
        using ExchangeJournal again = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Equal(_made, again.CommittedSequence);
        using JournalCursor cursor = again.Read(0);
        var expected = new ToyCommands(accounts: 5);
        for (int i = 0; i < _made; i++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(Record(expected.Next(i)), Record(cursor.Current));
        }

        Assert.False(cursor.MoveNext());
    }

    public void Dispose() => _directory.Dispose();

    // As the server has it: the writer writes only what somebody waits for.
    private ExchangeJournal Create(long maxFileBytes = 0)
    {
        var options = new JournalOptions { GatherBytes = 1 << 20, MaxFileBytes = maxFileBytes };
        return ExchangeJournal.Create(_directory.Path, "{}", "{}", options).OrThrow();
    }

    private static string Record(in Command command)
    {
        Span<byte> record = stackalloc byte[CommandCodec.MaxRecordBytes];
        int length = new CommandCodec().Encode(command, record);
        return Convert.ToHexString(record[..length]);
    }

    private void Append(ExchangeJournal journal, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Command command = _commands.Next(_made);
            journal.Append(command);
            _made++;
        }
    }
}
