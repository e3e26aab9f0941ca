using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Conformance;

/// <summary>
/// What every host of an exchange must do, by its ports alone. A host's tests derive from this class and say how to start one; xunit runs
/// the inherited tests. What others are told of a command may come a little later than its answer, so the tests wait for it, bounded.
/// </summary>
public abstract partial class ExchangeConformance : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private IConformanceHost _host = null!;

    protected static VenueProfile Profile => ConformanceVenue.Profile;

    protected IExchangeGateway Gateway => _host.Gateway;

    public async Task InitializeAsync() => _host = await StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>A host with <see cref="ConformanceVenue"/>; for each test, or the same one each time (whose disposal then does nothing).</summary>
    protected abstract Task<IConformanceHost> StartAsync();

    protected static Amount Money(string text) =>
        DecimalText.TryParse(text, 8, out long e8) ? new Amount(e8) : throw new ArgumentException(text);

    protected static Price At(string text) => Profile[new MarketId(1)].TryParsePrice(text, DecimalRounding.Exact, out Price price)
        ? price
        : throw new ArgumentException(text);

    protected static Quantity Lots(string text) => Profile[new MarketId(1)].TryParseQuantity(text, DecimalRounding.Exact, out Quantity quantity)
        ? quantity
        : throw new ArgumentException(text);

    /// <summary>An open account with money.</summary>
    protected async Task<AccountId> AccountAsync(string deposit = "10000")
    {
        AccountId account = _host.TakeAccount();
        await DoneAsync(ActorId.Of(account), new OpenAccount { MakerFee = Profile.MakerFee, TakerFee = Profile.TakerFee });
        await DoneAsync(ActorId.Of(account), new Deposit { Amount = Money(deposit) });
        return account;
    }

    /// <summary>A market of the test's own with an index price.</summary>
    protected async Task<MarketId> MarketAsync(string index = "100")
    {
        MarketId market = _host.TakeMarket();
        await _host.SetIndexAsync(market, At(index));
        return market;
    }

    protected Task IndexAsync(MarketId market, string index) => _host.SetIndexAsync(market, At(index));

    protected async Task<CommandAnswer> AskAsync<T>(ActorId to, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        CommandAnswer answer = (await Gateway.SubmitAsync([Message.Of(ActorId.Client, to, _host.TakeCommand(), body)]))[0];
        Assert.Null(answer.Unavailable);
        return answer;
    }

    protected Task<CommandAnswer> AskAsync<T>(AccountId account, T body)
        where T : unmanaged, IPayload<T, MessageKind> => AskAsync(ActorId.Of(account), body);

    protected async Task<CommandAnswer> DoneAsync<T>(ActorId to, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        CommandAnswer answer = await AskAsync(to, body);
        Assert.True(answer.Refusal.IsNone, answer.Refusal.ToString());
        return answer;
    }

    protected Task<CommandAnswer> DoneAsync<T>(AccountId account, T body)
        where T : unmanaged, IPayload<T, MessageKind> => DoneAsync(ActorId.Of(account), body);

    protected async Task RefusedAsync<T>(AccountId account, T body, RejectReason reason)
        where T : unmanaged, IPayload<T, MessageKind> => Assert.Equal(reason, (await AskAsync(account, body)).Refusal.Reason);

    /// <summary>A LIMIT order.</summary>
    protected static PlaceOrder Limit(
        MarketId market, Side side, string quantity, string price, TimeInForce force = TimeInForce.Gtc, string? name = null,
        OrderFlags flags = OrderFlags.None, PositionSide leg = PositionSide.Both)
    {
        ClientOrderId id = default;
        if (name is not null) Assert.True(ClientOrderId.TryParse(name, out id));
        return new PlaceOrder
        {
            Market = market,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = force,
            PositionSide = leg,
            Quantity = Lots(quantity),
            Price = At(price),
            Flags = flags,
            ClientOrderId = id,
        };
    }

    protected static OrderId OrderOf(CommandAnswer answer) =>
        answer.Events.First(e => e.Kind == EventKind.OrderAccepted).Body<OrderAccepted>().Order;

    /// <summary>Buyer and seller meet at the price; both positions are there when it ends.</summary>
    protected async Task TradeAsync(AccountId buyer, AccountId seller, MarketId market, string quantity, string price)
    {
        Quantity before = Net(await StateAsync(buyer), market);
        await DoneAsync(buyer, Limit(market, Side.Buy, quantity, price));
        await DoneAsync(seller, Limit(market, Side.Sell, quantity, price, TimeInForce.Ioc));
        await UntilAsync(async () => Net(await StateAsync(buyer), market) == before + Lots(quantity), "the maker has its fill");
    }

    protected async Task<AccountSnapshot> StateAsync(AccountId account)
    {
        AccountSnapshot? state = await Gateway.ReadAccountAsync(account);
        Assert.NotNull(state);
        return state;
    }

    protected static Quantity Net(AccountSnapshot state, MarketId market)
    {
        Quantity sum = Quantity.Zero;
        foreach (LegSnapshot leg in state.Legs.Where(l => l.Market == market)) sum += leg.Quantity;
        return sum;
    }

    protected static Amount Wallet(AccountSnapshot state) => state.Balances[0].Wallet;

    /// <summary>What lies in wallets less what positions cost: money that nobody else has.</summary>
    protected static Amount Book(AccountSnapshot state)
    {
        Amount sum = Wallet(state);
        foreach (LegSnapshot leg in state.Legs) sum -= leg.OpenCost;
        return sum;
    }

    protected static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        long began = Environment.TickCount64;
        while (!await isSo())
        {
            Assert.True(Environment.TickCount64 - began < s_patience.TotalMilliseconds, $"not in {s_patience.TotalSeconds} s: {what}");
            await Task.Delay(10);
        }
    }

    protected static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);
}
