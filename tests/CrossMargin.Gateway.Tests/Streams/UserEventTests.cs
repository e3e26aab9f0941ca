using System.Globalization;
using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>What the user data stream tells of single orders, event by event, as captured from Binance.</summary>
public sealed class UserEventTests : IDisposable
{
    private readonly StreamWorld _world = new(81, 2);
    private readonly MarketSpec _spec;
    private long _command;

    public UserEventTests() => _spec = _world.Profile.Markets[0];

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Fills_ComeEachAfterItsAccountUpdate()
    {
        StreamListener taker = await BeginAsync();
        await PlaceAsync(2, Side.Sell, "100", 1, TimeInForce.Gtc);
        await PlaceAsync(2, Side.Sell, "101", 1, TimeInForce.Gtc);
        await PlaceAsync(1, Side.Buy, "101", 3, TimeInForce.Ioc);
        List<JsonElement> told = await TakeAsync(taker);
        Assert.Equal(
            ["NEW", "TRADE_LITE", "1", "TRADE", "TRADE_LITE", "2", "TRADE", "EXPIRED"],
            told.Select(e => e.GetProperty("e").GetString() switch
            {
                "ORDER_TRADE_UPDATE" => e.GetProperty("o").GetProperty("x").GetString(),
                "ACCOUNT_UPDATE" => Lots(e.GetProperty("a").GetProperty("P")[0].GetProperty("pa").GetString()!),
                string other => other,
                _ => null,
            }));
        Assert.Equal(("0", "USDT", "0"), Of(told[0], "n", "N", "er"));
        Assert.Equal("2", told[^1].GetProperty("o").GetProperty("er").GetString());
        JsonElement leg = told[2].GetProperty("a").GetProperty("P")[0];
        (decimal entry, decimal even) = (Number(leg, "ep"), Number(leg, "bep"));
        Rate fee = (await _world.Exchange.ReadAccountAsync(new AccountId(1)))!.TakerFee;
        Assert.Equal(decimal.Round(entry / (1 - fee.E8 / 100_000_000m), 8), even);
        Assert.True(even > entry);
    }

    [Fact]
    public async Task ClassicStop_ThatFires_ExpiresAndBeginsAnewUnderItsId()
    {
        StreamListener listener = await BeginAsync();
        await PlaceAsync(2, Side.Sell, "101", 5, TimeInForce.Gtc);
        var stop = new PlaceOrder
        {
            Market = _spec.Id,
            Side = Side.Buy,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Quantity = Lot(1),
            TriggerPrice = Of("100.5"),
            TriggerSource = TriggerSource.Mark,
            Flags = OrderFlags.ClassicTrigger,
        };
        await SubmitAsync(ActorId.Of(new AccountId(1)), stop);
        await IndexAsync("100.9");
        List<JsonElement> told = [.. (await TakeAsync(listener)).Where(e => e.GetProperty("e").GetString() == "ORDER_TRADE_UPDATE")];
        Assert.Equal(
            [("NEW", "NEW", "STOP_MARKET"), ("EXPIRED", "EXPIRED", "STOP_MARKET"), ("NEW", "NEW", "MARKET"), ("TRADE", "FILLED", "MARKET")],
            told.Select(e => Of(e, "x", "X", "o")));
        Assert.Single(told.Select(e => e.GetProperty("o").GetProperty("i").GetInt64()).Distinct());
        Assert.All(told, e => Assert.Equal("STOP_MARKET", e.GetProperty("o").GetProperty("ot").GetString()));
        Assert.Equal(["0", "8", "0", "0"], told.Select(e => e.GetProperty("o").GetProperty("er").GetString()));
    }

    [Fact]
    public async Task AlgoStop_ThatIsRefusedWhenItFires_SaysWhyInWords()
    {
        StreamListener listener = await BeginAsync();
        var stop = new PlaceOrder
        {
            Market = _spec.Id,
            Side = Side.Buy,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Quantity = Lot(1),
            TriggerPrice = Of("100.5"),
            TriggerSource = TriggerSource.Mark,
            Flags = OrderFlags.ReduceOnly,
        };
        await SubmitAsync(ActorId.Of(new AccountId(1)), stop);
        await IndexAsync("100.9");
        List<JsonElement> told = await TakeAsync(listener);
        JsonElement rejected = told.Single(e => e.GetProperty("e").GetString() == "ALGO_UPDATE" && Of(e, "X", "X", "X").Item1 == "REJECTED");
        Assert.Equal("ReduceOnly Order is rejected.", rejected.GetProperty("o").GetProperty("rm").GetString());
    }

    private static (string?, string?, string?) Of(JsonElement e, string a, string b, string c)
    {
        JsonElement o = e.GetProperty("o");
        return (o.GetProperty(a).GetString(), o.GetProperty(b).GetString(), o.GetProperty(c).GetString());
    }

    private static decimal Number(JsonElement e, string name) => decimal.Parse(e.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private string Lots(string text) =>
        (decimal.Parse(text, CultureInfo.InvariantCulture) / decimal.Parse(_spec.Format(Lot(1)), CultureInfo.InvariantCulture))
            .ToString("0.##", CultureInfo.InvariantCulture);

    // Large enough for the market's smallest notional at a price of 100.
    private Quantity Lot(long n)
    {
        Quantity size = _spec.MinQuantity;
        while (_spec.Notional(Of("90"), size) < _spec.MinNotional) size += _spec.MinQuantity;
        return new Quantity(size.Lots * n);
    }

    private Price Of(string text)
    {
        Assert.True(_spec.TryParsePrice(text, DecimalRounding.Down, out Price price));
        return price;
    }

    private async Task<StreamListener> BeginAsync()
    {
        await IndexAsync("100");
        for (int i = 1; i <= 2; i++)
        {
            ActorId account = ActorId.Of(new AccountId(i));
            await SubmitAsync(account, new OpenAccount { MakerFee = _world.Profile.MakerFee, TakerFee = _world.Profile.TakerFee });
            await SubmitAsync(account, new Deposit { Amount = Amount.FromWhole(1_000_000) });
        }

        await _world.SettleAsync();
        return await _world.ListenAsync(_world.OpenKey(1));
    }

    private Task IndexAsync(string price) => SubmitAsync(ActorId.Of(_spec.Id), new SetIndexPrice { Market = _spec.Id, Index = Of(price) });

    private Task PlaceAsync(int account, Side side, string price, long lots, TimeInForce time) =>
        SubmitAsync(ActorId.Of(new AccountId(account)), new PlaceOrder
        {
            Market = _spec.Id,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = time,
            Quantity = Lot(lots),
            Price = Of(price),
        });

    private async Task SubmitAsync<T>(ActorId to, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        CommandAnswer answer = (await _world.Exchange.SubmitAsync([Message.Of(ActorId.Client, to, new CommandId(++_command), body)]))[0];
        Assert.True(answer.Unavailable is null && answer.Refusal.IsNone, $"{typeof(T).Name}: {answer.Refusal}");
    }

    private async Task<List<JsonElement>> TakeAsync(StreamListener listener)
    {
        await _world.SettleAsync();
        return [.. (await listener.TakeAsync()).Select(e => e.Data)];
    }
}
