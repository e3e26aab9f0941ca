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
        ClusterGateway gateway = Gateway(new() { UnansweredCommands = 2, RoomPatience = TimeSpan.FromMilliseconds(50) });
        Task<IReadOnlyList<CommandAnswer>>[] calls = [.. Enumerable.Range(1, 3).Select(i => gateway.SubmitAsync([Deposit(i)]))];
        Assert.Contains("busy", (await calls[2])[0].Unavailable);
        Assert.Equal(2, _calls.Commands.Count);
        Task<IReadOnlyList<CommandAnswer>> later = gateway.SubmitAsync([Deposit(4)]);
        _calls.Hold.SetResult();
        Assert.Null((await later)[0].Unavailable);
        Assert.Null((await calls[0])[0].Unavailable);
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

    private ClusterGateway Gateway(ClusterGatewayOptions? options = null) =>
        new(_profile, _calls, () => new CommandId(999), (options ?? new()) with { FirstPause = TimeSpan.FromMilliseconds(1) });

    private static Message Deposit(long id) => Message.Of(ActorId.Client, s_account, new CommandId(id), new Deposit { Amount = new Amount(1) });

    private sealed class FakeCalls : IActorCalls
    {
        private readonly Lock _gate = new();

        public int Failures { get; set; }
        public TaskCompletionSource? Hold { get; set; }
        public List<Message> Commands { get; } = [];
        public List<IReadOnlyList<CommandId>> Answered { get; } = [];

        public async Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered)
        {
            lock (_gate)
            {
                Commands.Add(command);
                Answered.Add(answered);
                if (Failures-- > 0) throw new IOException("a node died");
            }

            if (Hold is { } hold) await hold.Task;
            return new CommandAnswer(default, [], null);
        }

        public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) => throw new NotSupportedException();

        public Task<MarketSnapshot> ReadMarketAsync(MarketId market) => throw new NotSupportedException();

        public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels) => throw new NotSupportedException();

        public Task<FundSnapshot> ReadFundAsync() => throw new NotSupportedException();
    }
}
