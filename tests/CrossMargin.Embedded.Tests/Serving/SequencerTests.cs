using System.Collections.Concurrent;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Serving;

/// <summary>Time, the beat, subscribers and the ends of a serving exchange.</summary>
public sealed class SequencerTests : IDisposable
{
    private const long Start = 1_600_000_000_000;

    private readonly TempDirectory _directory = new();
    private readonly VenueProfile _profile = TestProfiles.Simple();
    private readonly HandClock _clock = new(Start);

    [Fact]
    public async Task Beat_AsTimeRuns_ComesAtLeastEach100MillisecondsAndNotWhileItStands()
    {
        var beat = new Recorder();
        var engine = new ExchangeEngine(_profile);
        using var exchange = new EmbeddedExchange(engine, null, _clock, null, new ServingOptions { Beat = beat });
        await beat.Beats(1);
        long commands = await exchange.OnSequencerAsync(x => x.Engine.Sequence);
        for (int i = 0; i < 50; i++) Assert.Equal(commands, await exchange.OnSequencerAsync(x => x.Engine.Sequence));
        _clock.Move(950);
        await beat.Beats(10);
        Assert.Equal(Start, beat.Times.First().Milliseconds);
        Assert.All(beat.Times.Zip(beat.Times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, 100));
        await exchange.BeatAsync(); // at once, to the clock's own time
        Assert.Equal(Start + 950, beat.Times.Last().Milliseconds);
        int before = beat.Times.Count;
        await exchange.BeatAsync();
        Assert.Equal(before + 1, beat.Times.Count);
        Assert.Equal(Start + 950, (await exchange.ReadFundAsync()).Time.Milliseconds);
    }

    [Fact]
    public async Task Beat_UnderFullLoad_StillComes()
    {
        var beat = new Recorder();
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, _clock, null, new ServingOptions { Beat = beat });
        using var stop = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(1, 4).Select(i => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await exchange.SubmitAsync([Of(i, 1, new Deposit { Amount = new Amount(1) })]);
        }))];
        for (int i = 1; i <= 20; i++)
        {
            await beat.Beats(i);
            _clock.Move(100);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    [Fact]
    public async Task Beat_ThatThrows_IsStoppedAloneAndClientsGoOn()
    {
        var beat = new Recorder { Throws = true };
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, _clock, null, new ServingOptions { Beat = beat });
        await beat.Beats(1);
        _clock.Move(1_000);
        Assert.Null((await exchange.SubmitAsync([Of(1, 1, default(OpenAccount))]))[0].Unavailable);
        Assert.Single(beat.Times);
    }

    [Fact]
    public async Task Subscribe_OneThrowsOneIsSlow_OthersSeeEveryBatchInOrder()
    {
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, _clock);
        var seen = new ConcurrentQueue<EventBatch>();
        int thrown = 0;
        using IDisposable bad = exchange.Subscribe(_ =>
        {
            thrown++;
            throw new InvalidOperationException("a bad subscriber");
        });
        using IDisposable good = exchange.Subscribe(seen.Enqueue);
        for (int i = 1; i <= 100; i++) await exchange.SubmitAsync([Of(i, 1, default(OpenAccount))]);
        exchange.Dispose(); // tells what is left
        EventBatch[] opened = [.. seen.Where(b => b.Events[0].Kind == EventKind.AccountOpened)];
        Assert.Equal(Enumerable.Range(1, 100), opened.Select(b => b.Events[0].Account.Value));
        Assert.True(opened.Zip(opened.Skip(1)).All(p => p.First.Sequence < p.Second.Sequence));
        Assert.Equal(1, thrown);
    }

    [Fact]
    public async Task SubmitAsync_JournalThatGathers_IsAnsweredAtOnce()
    {
        var options = new JournalOptions { GatherBytes = 1 << 20 };
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, _profile.Source, "{}", options).OrThrow();
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), journal, _clock);
        CommandAnswer answer = (await exchange.SubmitAsync([Of(1, 1, default(OpenAccount))]))[0];
        Assert.Null(answer.Unavailable);
        Assert.Equal(journal.AppendedSequence, journal.CommittedSequence);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SubmitAsync_ClientsThatBlockWhenAnswered_HoldUpNobodyElse(bool hasJournal)
    {
        var beat = new Recorder { Holds = true };
        using ExchangeJournal? journal = hasJournal ? ExchangeJournal.Create(_directory.Path, _profile.Source, "{}").OrThrow() : null;
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), journal, _clock, null, new ServingOptions { Beat = beat });
        await beat.Beats(1);
        using var release = new ManualResetEventSlim();
        List<Task> blocked = [];
        List<Task<IReadOnlyList<CommandAnswer>>> others = [];
        for (int i = 1; i <= 20; i++)
        {
            Task<IReadOnlyList<CommandAnswer>> answer = exchange.SubmitAsync([Of(i, 1, default(OpenAccount))]);
            if (i % 10 != 1) others.Add(answer);
            else blocked.Add(answer.ContinueWith(
                _ => release.Wait(), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
        }

        beat.Release.Set();
        try
        {
            IReadOnlyList<CommandAnswer>[] answers = await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.All(answers, a => Assert.Null(a[0].Unavailable));
            Assert.All(blocked, b => Assert.False(b.IsCompleted));
        }
        finally
        {
            release.Set();
        }

        await Task.WhenAll(blocked);
    }

    [Fact]
    public async Task SubmitAsync_MoreWaitingThanAllowed_IsBusyAtOnce()
    {
        var beat = new Recorder { Holds = true };
        var options = new ServingOptions { Beat = beat, MostWaiting = 10 };
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, _clock, null, options);
        await beat.Beats(1);
        Task<IReadOnlyList<CommandAnswer>>[] waiting = [.. Enumerable.Range(1, 10).Select(i => exchange.SubmitAsync([Of(i, 1, default(OpenAccount))]))];
        CommandAnswer refused = (await exchange.SubmitAsync([Of(11, 1, default(OpenAccount))]))[0];
        Assert.Contains("busy", refused.Unavailable, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ExchangeUnavailableException>(() => exchange.ReadFundAsync());
        beat.Release.Set();
        Assert.All(await Task.WhenAll(waiting), answers => Assert.Null(answers[0].Unavailable));
    }

    [Fact]
    public async Task SubmitAsync_HistoryFails_IsUnavailableFromThenOn()
    {
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, _clock, new FailingHistory());
        CommandAnswer answer = (await exchange.SubmitAsync([Of(1, 1, default(OpenAccount))]))[0];
        Assert.Contains("no history", answer.Unavailable, StringComparison.Ordinal);
        Assert.Contains("no history", exchange.Unavailable, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ExchangeUnavailableException>(() => exchange.ReadFundAsync());
    }

    [Fact]
    public async Task SubmitAsync_AfterDispose_IsUnavailable()
    {
        var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, _clock);
        exchange.Dispose();
        Assert.Equal("the exchange is closed", (await exchange.SubmitAsync([Of(1, 1, default(OpenAccount))]))[0].Unavailable);
    }

    public void Dispose() => _directory.Dispose();

    private static Message Of<T>(int account, long id, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(id), body);

    private sealed class Recorder : IExchangeBeat
    {
        private readonly SemaphoreSlim _beaten = new(0);
        private int _awaited;

        public ConcurrentQueue<Timestamp> Times { get; } = new();

        public bool Throws { get; init; }

        public bool Holds { get; init; }

        public ManualResetEventSlim Release { get; } = new();

        public void OnBeat(Timestamp now, IBeatCommands exchange)
        {
            Times.Enqueue(now);
            _beaten.Release();
            if (Holds) Release.Wait();
            if (Throws) throw new InvalidOperationException("a bad beat");
        }

        /// <summary>Ends when so many beats have come in all.</summary>
        public async Task Beats(int count)
        {
            for (; _awaited < count; _awaited++) await _beaten.WaitAsync();
        }
    }

    private sealed class FailingHistory : IHistorySink
    {
        public void Append(ReadOnlySpan<Event> events, long sequence) =>
            throw new HistoryException(new HistoryError(HistoryErrorKind.DiskFull, "no history"));

        public void Flush()
        {
        }
    }
}
