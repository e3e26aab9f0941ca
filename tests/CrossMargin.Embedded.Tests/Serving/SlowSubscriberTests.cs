using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Serving;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Serving;

public sealed class SlowSubscriberTests
{
    private const int Commands = 2_000;
    private const int Most = 100;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Subscribe_ASubscriberThatHangs_QueueIsBoundedAndTheGapIsTold()
    {
        using var hangs = new ManualResetEventSlim();
        using var done = new SemaphoreSlim(0);
        var told = new List<EventBatch>();
        using var exchange = new EmbeddedExchange(
            new ExchangeEngine(TestProfiles.Simple()), null, new StandingClock(), options: new ServingOptions { MostWaitingEvents = Most });
        using IDisposable subscription = exchange.Subscribe(batch =>
        {
            hangs.Wait();
            told.Add(batch);
            if (batch.Sequence > Commands) done.Release();
        });

        // Clients are answered all the time: the subscriber is behind, not the exchange.
        await DoAsync(exchange, 1, default(OpenAccount));
        int most = 0;
        for (int i = 2; i <= Commands; i++)
        {
            await DoAsync(exchange, i, new Deposit { Amount = Amount.FromWhole(1) });
            most = Math.Max(most, exchange.Backlog.EventBatches);
        }

        hangs.Set();
        Assert.InRange(most, Most / 2, 2 * Most);
        Assert.True(exchange.LostEventBatches > Commands - 3 * Most, $"{exchange.LostEventBatches} lost");
        for (int i = Commands + 1; !done.Wait(0); i++) await DoAsync(exchange, i, new Deposit { Amount = Amount.FromWhole(1) }).WaitAsync(s_longest);

        EventBatch[] all = [.. told];
        EventBatch gap = Assert.Single(all, b => b.LostBefore > 0);
        Assert.Equal(exchange.LostEventBatches, gap.LostBefore);
        int at = Array.IndexOf(all, gap);
        Assert.Equal(all[at - 1].Sequence + gap.LostBefore + 1, gap.Sequence);
        for (int i = 1; i < all.Length; i++)
        {
            Assert.True(i == at || all[i].Sequence == all[i - 1].Sequence + 1, $"{all[i - 1].Sequence}, then {all[i].Sequence}");
        }
    }

    private static async Task DoAsync<T>(EmbeddedExchange exchange, int id, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message command = Message.Of(ActorId.Client, ActorId.Of(new AccountId(1)), new CommandId(id), body);
        Assert.True((await exchange.SubmitAsync([command]))[0].Refusal.IsNone);
    }

    private sealed class StandingClock : IExchangeClock
    {
        public Timestamp Now => new(1_700_000_000_000);
    }
}
