using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Serving;

public sealed class EmbeddedExchangeTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly VenueProfile _profile = TestProfiles.Simple();

    [Fact]
    public async Task SubmitAsync_ABatch_AnswersEachCommandWithItsOwnEvents()
    {
        var engine = new ExchangeEngine(_profile);
        using var exchange = new EmbeddedExchange(engine, null, new StandingClock());
        IReadOnlyList<CommandAnswer> answers = await exchange.SubmitAsync(
        [
            Of(3, 1, default(OpenAccount)), Of(3, 2, new Deposit { Amount = Amount.FromWhole(100) }), Of(4, 3, new Deposit { Amount = Amount.FromWhole(1) }),
        ]);

        Assert.Equal(EventKind.AccountOpened, Assert.Single(answers[0].Events).Kind);
        Assert.Equal(EventKind.BalanceChanged, Assert.Single(answers[1].Events).Kind);
        Assert.True(answers[1].Refusal.IsNone);
        Assert.Equal(RejectReason.UnknownAccount, answers[2].Refusal.Reason);
        Assert.All(answers, a => Assert.Null(a.Unavailable));
        Assert.Equal([new AccountId(3)], await exchange.AccountsAsync());
        AccountSnapshot account = (await exchange.ReadAccountAsync(new AccountId(3)))!;
        Assert.Equal("100", account.CrossWallet.ToString());
        Assert.Equal("100", account.Withdrawable.ToString());
        Assert.Equal(engine.Sequence, account.Sequence);
        Assert.Null(await exchange.ReadAccountAsync(new AccountId(4)));
    }

    [Fact]
    public async Task CancelOrderAsync_ByNameThenById_ShowsTheOrderAsItWasOnce()
    {
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, new StandingClock());
        var market = new MarketId(1);
        Assert.True(ClientOrderId.TryParse("mine", out ClientOrderId name));
        var order = new PlaceOrder
        {
            Market = market,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = new Quantity(100),
            Price = new Price(9_900 * _profile[market].TickUnits),
            ClientOrderId = name,
        };
        var price = new SetIndexPrice { Market = market, Index = new Price(10_000 * _profile[market].TickUnits) };
        await exchange.SubmitAsync(
        [
            Message.Of(ActorId.Client, ActorId.Of(market), new CommandId(9), price), Of(1, 1, default(OpenAccount)),
            Of(1, 2, new Deposit { Amount = Amount.FromWhole(1_000) }), Of(1, 3, order),
        ]);

        var account = new AccountId(1);
        CancelAttempt nobody = await exchange.CancelOrderAsync(new AccountId(2), market, default, name, new CommandId(4));
        Assert.Equal(new CancelAttempt(null, MayBeConditional: true), nobody); // whoever looks on finds that there is no such account
        Assert.Null((await exchange.CancelOrderAsync(account, market, default, default, new CommandId(4))).Canceled);
        CanceledOrder? byName = (await exchange.CancelOrderAsync(account, market, default, name, new CommandId(4))).Canceled;
        Assert.Equal((order.Price, order.Quantity), (byName!.Before.Price, byName.Before.Leaves));
        Assert.Contains(byName.Answer.Events, e => e.Kind == EventKind.OrderEnded && e.Cause == new CommandId(4));
        Assert.Null((await exchange.CancelOrderAsync(account, market, default, name, new CommandId(5))).Canceled);
        Assert.Null((await exchange.CancelOrderAsync(account, market, byName.Before.Id, default, new CommandId(6))).Canceled);

        await exchange.SubmitAsync([Of(1, 7, order)]);
        OpenOrderSnapshot open = Assert.Single((await exchange.ReadAccountAsync(account))!.Orders);
        CanceledOrder? byId = (await exchange.CancelOrderAsync(account, market, open.Id, default, new CommandId(8))).Canceled;
        Assert.Equal(open, byId!.Before);
        Assert.Empty((await exchange.ReadAccountAsync(account))!.Orders);
    }

    [Fact]
    public async Task ReadDepthAsync_AfterAnOrderRests_ShowsIt()
    {
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, new StandingClock());
        var market = new MarketId(1);
        var order = new PlaceOrder
        {
            Market = market,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = new Quantity(100),
            Price = new Price(9_900 * _profile[market].TickUnits),
        };
        var price = new SetIndexPrice { Market = market, Index = new Price(10_000 * _profile[market].TickUnits) };
        Message index = Message.Of(ActorId.Client, ActorId.Of(market), new CommandId(9), price);
        IReadOnlyList<CommandAnswer> answers = await exchange.SubmitAsync(
            [index, Of(1, 1, default(OpenAccount)), Of(1, 2, new Deposit { Amount = Amount.FromWhole(1_000) }), Of(1, 3, order)]);

        Assert.Equal(EventKind.OrderAccepted, answers[3].Events[0].Kind);
        PriceLevel level = Assert.Single((await exchange.ReadDepthAsync(market, 5)).Bids);
        Assert.Equal((order.Price, order.Quantity), (level.Price, level.Quantity));
        Assert.Equal(order.Price, (await exchange.ReadMarketAsync(market)).BestBid.Price);
        AccountSnapshot account = (await exchange.ReadAccountAsync(new AccountId(1)))!;
        OpenOrderSnapshot open = Assert.Single(account.Orders);
        Assert.Equal((order.Price, order.Quantity, order.Quantity), (open.Price, open.Quantity, open.Leaves));
        Assert.Equal(account.OrderInitial, Assert.Single(account.Legs).OrderInitial);
        Assert.True(account.OrderInitial.IsPositive);
        Assert.Equal(account.CrossEquity - account.OrderInitial, account.Available);
    }

    [Fact]
    public async Task SubmitAsync_ManyClients_AnswersAreDurableAndTheJournalReplays()
    {
        string hash;
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, _profile.Source, "{}").OrThrow())
        {
            var engine = new ExchangeEngine(_profile);
            var streamed = new List<Event>();
            using (var exchange = new EmbeddedExchange(engine, journal, new StandingClock()))
            {
                using IDisposable subscription = exchange.Subscribe(batch => streamed.AddRange(batch.Events));
                await Task.WhenAll(Enumerable.Range(1, 8).Select(async client =>
                {
                    await exchange.SubmitAsync([Of(client, 1, default(OpenAccount))]);
                    for (int i = 2; i < 60; i++)
                    {
                        CommandAnswer answer = (await exchange.SubmitAsync([Of(client, i, new Deposit { Amount = new Amount(i) })]))[0];
                        Assert.Equal(new AccountId(client), Assert.Single(answer.Events).Account);
                        Assert.Equal(i, answer.Events[0].Cause.Value);
                    }
                }));
            }

            Assert.Equal(engine.Sequence, journal.CommittedSequence);
            Assert.Equal(8 * 59, streamed.Count(e => !e.Account.Equals(AccountId.None)));
            hash = engine.StateHash();
        }

        using ExchangeJournal opened = ExchangeJournal.Open(_directory.Path).OrThrow();
        var again = new ExchangeEngine(_profile);
        Assert.Null(JournalReplay.Replay(again, opened));
        Assert.Equal(hash, again.StateHash());
    }

    [Fact]
    public async Task SubmitAsync_DiskFull_IsUnavailableFromThenOn()
    {
        var options = new JournalOptions { MaxFileBytes = 150_000 };
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, _profile.Source, "{}", options).OrThrow();
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), journal, new StandingClock());
        string? unavailable = null;
        for (int i = 1; i < 100_000 && unavailable is null; i++)
        {
            Message[] many = [.. Enumerable.Range(0, 200).Select(k => Of(1, (i * 200) + k, new Deposit { Amount = new Amount(7) }))];
            unavailable = (await exchange.SubmitAsync(many))[0].Unavailable;
        }

        Assert.Contains("full", unavailable, StringComparison.Ordinal);
        Assert.Equal(unavailable, exchange.Unavailable);
        Assert.NotNull((await exchange.SubmitAsync([Of(1, 5, default(OpenAccount))]))[0].Unavailable);
        await Assert.ThrowsAsync<ExchangeUnavailableException>(() => exchange.AccountsAsync());
    }

    [Fact]
    public async Task SubmitAsync_NoCommand_ThrowsAndNothingHappens()
    {
        using var exchange = new EmbeddedExchange(new ExchangeEngine(_profile), null, new StandingClock());
        await Assert.ThrowsAsync<ArgumentException>(() => exchange.SubmitAsync([Of(1, 1, default(Fill))]));
        await Assert.ThrowsAsync<ArgumentException>(() => exchange.SubmitAsync([Of(0, 1, default(OpenAccount))]));
        Assert.Empty(await exchange.AccountsAsync());
    }

    [Fact]
    public void JournalSettings_Set_OutlivesTheProcess()
    {
        using (ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow()) new JournalSettings(journal).Set("format", "x");
        using ExchangeJournal opened = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Equal("x", new JournalSettings(opened).Get("format"));
        Assert.Null(new JournalSettings(opened).Get("other"));
    }

    public void Dispose() => _directory.Dispose();

    private static Message Of<T>(int account, long id, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(id), body);

    private sealed class StandingClock : IExchangeClock
    {
        public Timestamp Now => new(1_600_000_000_000);
    }
}
