using System.Globalization;
using CrossMargin.Embedded.Engine;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// A whole exchange in a unit test: in memory, no ports, time by <see cref="Clock"/>, prices set by the test. Decimals in, decimals out;
/// a refusal throws <see cref="RefusedException"/>. Thread-safe.
/// </summary>
public sealed class TestVenue : IDisposable
{
    private long _lastCommand;
    private int _lastAccount;

    /// <param name="profile">Null: Binance's rules.</param>
    public TestVenue(VenueProfile? profile = null, VirtualClock? clock = null)
    {
        Clock = clock ?? new VirtualClock();
        Exchange = new EmbeddedExchange(new ExchangeEngine(profile ?? VenueProfiles.Binance), null, Clock);
    }

    public VirtualClock Clock { get; }

    /// <summary>For everything that this class has no word for.</summary>
    public EmbeddedExchange Exchange { get; }

    /// <summary>A new index price; liquidation, triggers and the house follow before the task ends.</summary>
    public Task SetPriceAsync(string symbol, decimal price)
    {
        MarketSpec market = Market(symbol);
        return DoAsync(ActorId.Of(market.Id), new SetIndexPrice { Market = market.Id, Index = Price(market, price) });
    }

    /// <summary>Moves exchange time on; what falls due until then happens before the task ends.</summary>
    public Task AdvanceAsync(TimeSpan duration)
    {
        Clock.Advance(duration);
        return Exchange.BeatAsync();
    }

    /// <summary>Opens an account with the venue's fees.</summary>
    public async Task<AccountId> OpenAccountAsync(decimal deposit)
    {
        var account = new AccountId(Interlocked.Increment(ref _lastAccount));
        var fees = new OpenAccount { MakerFee = Exchange.Profile.MakerFee, TakerFee = Exchange.Profile.TakerFee };
        await DoAsync(ActorId.Of(account), fees).ConfigureAwait(false);
        await DoAsync(ActorId.Of(account), new Deposit { Amount = new Amount((long)(deposit * Amount.One)) }).ConfigureAwait(false);
        return account;
    }

    /// <summary>A MARKET order: positive buys, negative sells. The answer holds its fills.</summary>
    public Task<CommandAnswer> MarketAsync(AccountId account, string symbol, decimal quantity) =>
        PlaceAsync(account, symbol, quantity, OrderType.Market, TimeInForce.Ioc, default);

    /// <summary>A LIMIT order, good till cancelled: positive buys, negative sells.</summary>
    public Task<CommandAnswer> LimitAsync(AccountId account, string symbol, decimal quantity, decimal price) =>
        PlaceAsync(account, symbol, quantity, OrderType.Limit, TimeInForce.Gtc, Price(Market(symbol), price));

    /// <summary>Wallet, positions and orders as they are.</summary>
    public async Task<AccountSnapshot> AccountAsync(AccountId account) =>
        await Exchange.ReadAccountAsync(account).ConfigureAwait(false) ?? throw new KeyNotFoundException($"{account} was never opened");

    public void Dispose() => Exchange.Dispose();

    private MarketSpec Market(string symbol) =>
        Exchange.Profile.TryFind(symbol, out MarketSpec market) ? market : throw new KeyNotFoundException($"there is no market {symbol}");

    private Task<CommandAnswer> PlaceAsync(AccountId account, string symbol, decimal quantity, OrderType type, TimeInForce force, Price price)
    {
        MarketSpec market = Market(symbol);
        string text = Math.Abs(quantity).ToString(CultureInfo.InvariantCulture);
        if (!market.TryParseQuantity(text, DecimalRounding.Exact, out Quantity lots)) throw new ArgumentException($"{quantity} is no multiple of the lot");
        return DoAsync(ActorId.Of(account), new PlaceOrder
        {
            Market = market.Id,
            Side = quantity > 0 ? Side.Buy : Side.Sell,
            Type = type,
            TimeInForce = force,
            Quantity = lots,
            Price = price,
        });
    }

    private static Price Price(MarketSpec market, decimal price) =>
        market.TryParsePrice(price.ToString(CultureInfo.InvariantCulture), DecimalRounding.Exact, out Price exact)
            ? exact
            : throw new ArgumentException($"{price} has more decimals than {market.Symbol} knows");

    private async Task<CommandAnswer> DoAsync<T>(ActorId to, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message command = Message.Of(ActorId.Client, to, new CommandId(Interlocked.Increment(ref _lastCommand)), body);
        CommandAnswer answer = (await Exchange.SubmitAsync([command]).ConfigureAwait(false))[0];
        if (answer.Unavailable is { } reason) throw new ExchangeUnavailableException(reason);
        return answer.Refusal.IsNone ? answer : throw new RefusedException(answer.Refusal);
    }
}

/// <summary>The exchange refused a command.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.ToString())
{
    public Refusal Refusal { get; } = refusal;
}
