using System.Text.Json;
using CrossMargin.Embedded.Serving;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>The streams were too slow for the exchange, and what waited for them was dropped: no client may take its stream for whole.</summary>
public sealed class LostEventsTests
{
    [Fact]
    public async Task OnEvents_AfterAGap_ListenersAreCutWithAReasonAndNewOnesBeginAnew()
    {
        using var world = new StreamWorld(3, 3, serving: new ServingOptions { MostWaitingEvents = 20 });
        await world.StartAsync();
        StreamListener user = await world.ListenAsync(world.OpenKey(1));
        StreamListener market = await world.ListenAsync("aaausdt@aggTrade", "!ticker@arr");
        await world.BeatAsync(20);
        using (var hangs = new ManualResetEventSlim())
        {
            using IDisposable slow = world.Exchange.Subscribe(_ => hangs.Wait());
            await world.StepAsync(300);
            hangs.Set();
            await world.SettleAsync();
            Assert.True(world.Exchange.LostEventBatches > 0);
        }

        await DepositAsync(world, 5);
        await world.SettleAsync();
        foreach (StreamListener listener in new[] { user, market })
        {
            Assert.True(listener.Connection.IsEnding);
            Assert.Equal(BinanceStreams.LostReason, listener.Connection.CloseReason);
        }

        StreamListener again = await world.ListenAsync(world.OpenKey(1), "!ticker@arr");
        await DepositAsync(world, 7);
        await world.SettleAsync();
        await world.BeatAsync(20);
        List<(string Stream, JsonElement Data)> told = await again.TakeAsync();
        JsonElement account = Assert.Single(told, e => e.Stream != "!ticker@arr").Data.GetProperty("a");
        Assert.Equal("7.00000000", account.GetProperty("B")[0].GetProperty("bc").GetString());
        Assert.Contains(told, e => e.Stream == "!ticker@arr");
    }

    private static Task DepositAsync(StreamWorld world, long amount)
    {
        Message deposit = Message.Of(
            ActorId.Client, ActorId.Of(new AccountId(1)), new CommandId(900_000 + amount), new Deposit { Amount = Amount.FromWhole(amount) });
        return world.DoAsync(new Command { Time = world.Clock.Now, Message = deposit });
    }
}
