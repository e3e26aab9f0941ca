using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Pumps;
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

    private static ActorPump Pump(IActorStore store)
    {
        var options = new DeliveryOptions { EngineVersion = "test" };
        return new ActorPump(
            ActorId.Of(s_spec.Id),
            () => new LogActivation(new MarketMachine(s_spec, TestProfiles.Simple()), options),
            store,
            new Nowhere(),
            new WallClock(TimeProvider.System),
            new PumpOptions());
    }

    private static Message Price() => Message.Of(
        ActorId.Client, ActorId.Of(s_spec.Id), CommandId.None, new SetIndexPrice { Market = s_spec.Id, Index = new Price(100_000) });

    // As a grain's: one thing at a time. Bounded, so that an answer that never comes fails the test.
    private static Task InContextAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler)
            .Unwrap().WaitAsync(TimeSpan.FromSeconds(30));

    private sealed class FailingReads : IActorStore
    {
        private readonly MemoryActorStore _store = new();

        public bool IsDown { get; set; } = true;

        public Task<StoredRecord> ReadAsync(ActorId actor, string key) =>
            IsDown ? Task.FromException<StoredRecord>(new IOException("down")) : _store.ReadAsync(actor, key);

        public Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write) => _store.WriteAsync(actor, write);
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
