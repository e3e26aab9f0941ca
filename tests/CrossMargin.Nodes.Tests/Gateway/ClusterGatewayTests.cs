using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.Pumps;
using CrossMargin.TestKit;

namespace CrossMargin.Nodes.Tests.Gateway;

/// <summary>What a gateway does when calls fail, and how many it lets go at once.</summary>
public sealed class ClusterGatewayTests
{
    private static readonly ActorId s_account = ActorId.Of(new AccountId(5));
    private readonly FakeCalls _calls = new();
    private readonly VenueProfile _profile = TestProfiles.Simple();

    [Fact]
    public async Task Submit_CallsThatFail_AreTriedAgainUnderTheSameId()
    {
        _calls.Failures = 3;
        CommandAnswer answer = (await Gateway().SubmitAsync([Deposit(1)]))[0];
        Assert.Null(answer.Unavailable);
        Assert.Equal([1, 1, 1, 1], _calls.Commands.Select(c => c.Cause.Value));
    }

    [Fact]
    public async Task Submit_NoAnswerInTime_IsUnavailableAndStopsWhatFollows()
    {
        _calls.Failures = int.MaxValue;
        IReadOnlyList<CommandAnswer> answers = await Gateway(new() { Patience = TimeSpan.FromMilliseconds(80) }).SubmitAsync([Deposit(1), Deposit(2)]);
        Assert.Contains("may or may not", answers[0].Unavailable);
        Assert.Contains("not tried", answers[1].Unavailable);
        Assert.All(_calls.Commands, c => Assert.Equal(1, c.Cause.Value));
    }

    [Fact]
    public async Task Submit_MoreThanAnActorMayHave_WaitsAndIsRefusedWhenThereIsNoRoom()
    {
        _calls.Hold = new TaskCompletionSource();
        var time = new ManualTime();
        ClusterGateway gateway = Gateway(new() { UnansweredCommands = 2, RoomPatience = TimeSpan.FromSeconds(5) }, time);
        Task<IReadOnlyList<CommandAnswer>>[] calls = [.. Enumerable.Range(1, 3).Select(i => gateway.SubmitAsync([Deposit(i)]))];
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("busy", (await calls[2])[0].Unavailable);
        Assert.Equal(2, _calls.Commands.Count);
        Task<IReadOnlyList<CommandAnswer>> later = gateway.SubmitAsync([Deposit(4)]);
        _calls.Hold.SetResult();
        Assert.Null((await later)[0].Unavailable); // its time stands still: it waits as long as it takes
        Assert.Null((await calls[0])[0].Unavailable);
    }

    [Fact]
    public async Task Submit_OldestHasNoAnswer_OnlySoManyFollowItHoweverFastTheyAreAnswered()
    {
        var oldest = new TaskCompletionSource();
        _calls.HoldOf[1] = oldest;
        ClusterGateway gateway = Gateway(new() { UnansweredCommands = 4, RoomPatience = TimeSpan.FromSeconds(5) }, new ManualTime());
        Task<IReadOnlyList<CommandAnswer>> first = gateway.SubmitAsync([Deposit(1)]);
        for (int i = 2; i <= 4; i++) Assert.Null((await gateway.SubmitAsync([Deposit(i)]))[0].Unavailable);
        Task<IReadOnlyList<CommandAnswer>> fifth = gateway.SubmitAsync([Deposit(5)]);
        Assert.Equal(4, _calls.Commands.Count);
        Assert.False(fifth.IsCompleted);
        oldest.SetResult();
        Assert.Null((await first)[0].Unavailable);
        Assert.Null((await fifth)[0].Unavailable);
    }

    [Fact]
    public async Task Submit_CopyThatWasGivenUp_CountsUntilItHasEnded()
    {
        var lost = new TaskCompletionSource();
        _calls.HoldOf[1] = lost;
        var time = new ManualTime();
        ClusterGateway gateway = Gateway(new() { UnansweredCommands = 2, CallTimeout = TimeSpan.FromSeconds(1) }, time);
        Task<IReadOnlyList<CommandAnswer>> first = gateway.SubmitAsync([Deposit(1)]);
        _calls.HoldOf.Remove(1);
        for (int n = 0; n < 2; n++) // the call's time, and the pause after it
        {
            while (time.Waiting == 0) await Task.Yield();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null((await first)[0].Unavailable); // by the second copy
        Assert.Null((await gateway.SubmitAsync([Deposit(2)]))[0].Unavailable);
        Task<IReadOnlyList<CommandAnswer>> third = gateway.SubmitAsync([Deposit(3)]);
        Assert.False(third.IsCompleted); // the first copy may still arrive
        lost.SetResult();
        Assert.Null((await third)[0].Unavailable);
    }

    /// <summary>Commands of a lane are answered in any order, some never in time for others: what may be asked again is never far behind.</summary>
    [Fact]
    public async Task Prop_Lane_FromTheOldestThatIsNotOverThereAreAtMostSoMany()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            int most = random.Next(1, 9);
            var lane = new CommandLane(most);
            var inside = new SortedSet<long>();
            var waiting = new Queue<ValueTask<long>>();
            long last = 0;
            for (int step = 0; step < 300; step++)
            {
                if (random.Next(3) > 0) waiting.Enqueue(lane.EnterAsync(TimeSpan.FromHours(1), TimeProvider.System));
                else if (inside.Count > 0) Over(inside.ElementAt(random.Next(4) == 0 ? 0 : random.Next(inside.Count)));
                await SettleAsync();
            }

            while (inside.Count > 0)
            {
                Over(inside.Max);
                await SettleAsync();
            }

            Assert.Empty(waiting);
            Assert.True(lane.IsIdle);

            void Over(long place)
            {
                inside.Remove(place);
                lane.Leave(place, CommandId.None);
            }

            // Those that have room enter in their order, and none has room beyond the window.
            async Task SettleAsync()
            {
                while (waiting.Count > 0 && (inside.Count == 0 || last - inside.Min + 1 < most))
                {
                    long place = await waiting.Dequeue();
                    Assert.Equal(++last, place);
                    inside.Add(place);
                }

                Assert.All(waiting, w => Assert.False(w.IsCompleted));
                if (inside.Count > 0) Assert.True(last - inside.Min < most);
            }
        }
    }

    [Fact]
    public async Task Submit_TellsTheActorWhichAnswersItsClientHas()
    {
        ClusterGateway gateway = Gateway();
        await gateway.SubmitAsync([Deposit(1), Deposit(2)]);
        await gateway.SubmitAsync([Deposit(3)]);
        Assert.Equal(["", "1", "2"], _calls.Answered.Select(a => string.Join(',', a.Select(id => id.Value))));
    }

    [Fact]
    public async Task Submit_TimeAndPrices_AreNoClients()
    {
        ClusterGateway gateway = Gateway();
        ActorId market = ActorId.Of(new MarketId(1));
        await Assert.ThrowsAsync<ArgumentException>(() => gateway.SubmitAsync([Message.Of(
            ActorId.Client, market, new CommandId(1), new SetIndexPrice { Market = new MarketId(1), Index = new Price(100) })]));
        await Assert.ThrowsAsync<ArgumentException>(() => gateway.SubmitAsync([Command.AdvanceTo(new Timestamp(5)).Message]));
        Assert.Empty(_calls.Commands);
    }

    [Fact]
    public async Task Events_WhoFallsBehind_IsEndedAndToldSo()
    {
        using var events = new ClusterEvents(new ClusterEventsOptions { MostWaiting = 4 });
        using var slow = new ManualResetEventSlim();
        var ended = new TaskCompletionSource<string>();
        int fast = 0;
        events.Subscribe(_ => slow.Wait(), ended.SetResult);
        events.Subscribe(_ => Interlocked.Increment(ref fast));
        for (int i = 1; i <= 10; i++)
        {
            events.Publish(new(s_account, i, default, [default]) { Previous = i - 1 });
            SpinWait.SpinUntil(() => Volatile.Read(ref fast) == i, TimeSpan.FromSeconds(20));
        }

        Assert.Contains("waited", await ended.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(10, fast);
        Assert.Equal(1, events.Ended);
        slow.Set();
    }

    [Fact]
    public void Events_OfAMarketThatAreMissing_AreCounted()
    {
        using var events = new ClusterEvents();
        ActorId market = ActorId.Of(new MarketId(1));
        events.Publish(new(market, 3, default, [default]) { Previous = 0 });
        events.Publish(new(market, 7, default, [default]) { Previous = 3 });
        Assert.Equal(0, events.Lost);
        events.Publish(new(market, 12, default, [default]) { Previous = 9 });
        Assert.Equal(1, events.Lost);
    }

    private ClusterGateway Gateway(ClusterGatewayOptions? options = null, TimeProvider? time = null) =>
        new(_profile, _calls, () => new CommandId(999), (options ?? new()) with { FirstPause = TimeSpan.FromMilliseconds(1) }, time);

    private static Message Deposit(long id) => Message.Of(ActorId.Client, s_account, new CommandId(id), new Deposit { Amount = new Amount(1) });

    private sealed class FakeCalls : IActorCalls
    {
        private readonly Lock _gate = new();

        public int Failures { get; set; }
        public TaskCompletionSource? Hold { get; set; }

        /// <summary>By command, for calls that come while it stands here.</summary>
        public Dictionary<long, TaskCompletionSource> HoldOf { get; } = [];
        public List<Message> Commands { get; } = [];
        public List<IReadOnlyList<CommandId>> Answered { get; } = [];

        public async Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered)
        {
            TaskCompletionSource? held;
            lock (_gate)
            {
                held = HoldOf.GetValueOrDefault(command.Cause.Value);
                Commands.Add(command);
                Answered.Add(answered);
                if (Failures-- > 0) throw new IOException("a node died");
            }

            if ((held ?? Hold) is { } hold) await hold.Task;
            return new CommandAnswer(default, [], null);
        }

        public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) => throw new NotSupportedException();

        public Task<MarketSnapshot> ReadMarketAsync(MarketId market) => throw new NotSupportedException();

        public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels) => throw new NotSupportedException();

        public Task<FundSnapshot> ReadFundAsync() => throw new NotSupportedException();
    }
}
