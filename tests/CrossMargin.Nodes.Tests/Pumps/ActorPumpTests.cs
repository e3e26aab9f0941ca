using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Risk;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Cluster;

namespace CrossMargin.Nodes.Tests.Pumps;

public sealed class ActorPumpTests
{
    private static readonly MarketSpec s_spec = TestProfiles.Simple()[new MarketId(1)];

    [Fact]
    public async Task Submit_AfterALoadThatFailed_LoadsAgainAndAnswers()
    {
        var store = new FailingReads();
        ActorPump pump = Pump(store);
        await InContextAsync(async () =>
        {
            await Assert.ThrowsAsync<IOException>(pump.StartAsync);
            await Assert.ThrowsAsync<IOException>(() => pump.SubmitAsync(Price(), []));
            store.IsDown = false;
            CommandAnswer answer = await pump.SubmitAsync(Price(), []);
            Assert.Null(answer.Unavailable);
            Assert.Equal(100_000L, (await pump.ReadAsync(m => ((MarketMachine)m).Actor.View.Index.Units)).View);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_IsAnsweredWhenItsWriteHasEnded(bool isMarket)
    {
        var store = new HeldWrites();
        ActorPump pump = isMarket ? Pump(store) : AccountPump(store);
        Message command = isMarket ? Price() : Message.Of(ActorId.Client, pump.Address, CommandId.None, new OpenAccount());
        command.Cause = new CommandId(7);
        await InContextAsync(async () =>
        {
            await pump.StartAsync();
            await pump.ReadAsync(_ => 0); // a market's epoch is written
            store.Hold = new TaskCompletionSource();
            Task<CommandAnswer> answer = pump.SubmitAsync(command, []);
            await store.Asked.Task;
            Assert.False(answer.IsCompleted);
            store.Hold.SetResult();
            Assert.NotEmpty((await answer).Events);
        });
    }

    private static ActorPump Pump(IActorStore store) =>
        Pump(ActorId.Of(s_spec.Id), options => new LogActivation(new MarketMachine(s_spec, TestProfiles.Simple()), options), store);

    // With prices of all markets: without them an account waits.
    private static ActorPump AccountPump(IActorStore store)
    {
        VenueProfile profile = TestProfiles.Simple();
        var watch = new NodeWatch(profile, new NodeId(1));
        foreach (MarketSpec spec in profile.Markets)
        {
            var tick = new PriceTick { Market = spec.Id, Epoch = 1, Sequence = 1, Mark = new Price(100), Index = new Price(100) };
            watch.Renewed(tick, default, new Timestamp(1));
        }

        var account = new AccountId(5);
        return Pump(ActorId.Of(account), options => new StateActivation(new AccountMachine(account, profile, watch), options), store);
    }

    private static ActorPump Pump(ActorId address, Func<DeliveryOptions, Activation> make, IActorStore store)
    {
        var options = new DeliveryOptions { EngineVersion = "test" };
        return new ActorPump(address, () => make(options), store, new Nowhere(), new WallClock(TimeProvider.System), new PumpOptions());
    }

    private static Message Price() => Message.Of(
        ActorId.Client, ActorId.Of(s_spec.Id), CommandId.None, new SetIndexPrice { Market = s_spec.Id, Index = new Price(100_000) });

    // As a grain's: one thing at a time. Bounded, so that an answer that never comes fails the test.
    private static Task InContextAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler)
            .Unwrap().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Writes end when they are let.</summary>
    private sealed class HeldWrites : IActorStore
    {
        private readonly MemoryActorStore _store = new();

        public TaskCompletionSource? Hold { get; set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StoredRecord> ReadAsync(ActorId actor, string key) => _store.ReadAsync(actor, key);

        public async Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write)
        {
            if (Hold is { } hold)
            {
                Asked.TrySetResult();
                await hold.Task;
            }

            return await _store.WriteAsync(actor, write);
        }
    }

    private sealed class FailingReads : IActorStore
    {
        private readonly MemoryActorStore _store = new();

        public bool IsDown { get; set; } = true;

        public Task<StoredRecord> ReadAsync(ActorId actor, string key) =>
            IsDown ? Task.FromException<StoredRecord>(new IOException("down")) : _store.ReadAsync(actor, key);

        public Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write) => _store.WriteAsync(actor, write);
    }

    private sealed class ThrowingWrites : IActorStore
    {
        private readonly MemoryActorStore _store = new();

        public bool IsBroken { get; set; }

        public Task<StoredRecord> ReadAsync(ActorId actor, string key) => _store.ReadAsync(actor, key);

        public Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write) =>
            IsBroken ? throw new InvalidOperationException("a bug in the store") : _store.WriteAsync(actor, write);
    }

    private sealed class Nowhere : INodeTransport
    {
        public Task<Acknowledgement?> DeliverAsync(DeliveryBatch batch) => Task.FromResult<Acknowledgement?>(null);

        public Task WakeAsync(AccountId account) => Task.CompletedTask;

        public void Publish(ActorId from, IReadOnlyList<Message> notices)
        {
        }

        public void Publish(EventCommit commit)
        {
        }
    }
}
