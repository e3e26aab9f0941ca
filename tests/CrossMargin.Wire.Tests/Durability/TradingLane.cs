using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>The end of a round: the lane's connection broke because the server was killed.</summary>
internal sealed class ServerGone : Exception;

/// <summary>
/// One client of an account, with one request at a time, as fast as answers come. It writes into the ledger before it sends what it may be
/// told, and after the answer what it was told.
/// </summary>
internal sealed class TradingLane(
    AccountLedger ledger, BinanceClient client, MarketTerms market, string prefix, int seed, RoundClock clock, bool setsLeverage)
{
    private const int MostOpen = 25;

    private readonly Random _random = new(seed);
    private readonly List<OrderStory> _mine = [];
    private readonly List<AlgoStory> _algos = [];
    private int _count;

    /// <summary>Trades until the server is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!clock.IsOver) await StepAsync();
        }
        catch (ServerGone)
        {
        }
    }

    /// <summary>Whatever the round left without an answer is known by now.</summary>
    public void StartRound()
    {
        _mine.RemoveAll(o => o.Ended is not null || !o.IsAcknowledged);
        _algos.RemoveAll(a => a.IsCancelled || !a.IsAcknowledged);
    }

    private Task StepAsync()
    {
        if (_mine.Count >= MostOpen) return CancelAsync(Take(_mine));
        int draw = _random.Next(100);
        return draw switch
        {
            < 48 => PlaceLimitAsync(),
            < 58 => PlaceMarketAsync(),
            < 70 when _mine.Count > 0 => CancelAsync(Take(_mine)),
            < 80 when _mine.Count > 0 => AmendAsync(_mine[_random.Next(_mine.Count)]),
            < 84 => PlaceBatchAsync(),
            < 88 when _algos.Count < 4 => PlaceAlgoAsync(),
            < 90 when _algos.Count > 0 => CancelAlgoAsync(Take(_algos)),
            < 91 => CancelAllAsync(),
            < 93 => ReadBalanceAsync(),
            < 95 => ReadTradesAsync(),
            < 96 when setsLeverage => SetLeverageAsync(),
            < 98 when _mine.Count > 0 => ReadOrderAsync(_mine[_random.Next(_mine.Count)]),
            _ => PlaceMarketAsync(),
        };
    }

    private T Take<T>(List<T> list)
    {
        int at = _random.Next(list.Count);
        T one = list[at];
        list.RemoveAt(at);
        return one;
    }

    private async Task<WireAnswer> SendAsync(HttpMethod method, string path, params (string Name, object Value)[] parameters)
    {
        WireAnswer answer;
        try
        {
            answer = await client.SignedAsync(method, path, parameters);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (clock.IsOver) throw new ServerGone();
            throw;
        }

        if (answer.Status == 503 && clock.IsOver) throw new ServerGone();
        Assert.True(answer.Status < 500, $"{method} {path}: {answer}");
        Assert.True(answer.Status is not (401 or 403 or 404 or 429), $"{method} {path}: {answer}");
        clock.Acknowledged();
        return answer;
    }

    private (string Name, object Value)[] NewLimit(out OrderStory story)
    {
        string side = _random.Next(2) == 0 ? "BUY" : "SELL";
        string life = _random.Next(10) switch { < 6 => "GTC", 6 => "GTX", < 9 => "IOC", _ => "FOK" };
        var terms = new Terms(market.Near(side, _random.Next(-12, 30)), market.Size(_random.Next(4)));
        story = ledger.Sending($"{prefix}-{++_count}", side, "LIMIT", terms);
        return
        [
            ("symbol", ledger.Symbol), ("side", side), ("type", "LIMIT"), ("timeInForce", life), ("quantity", terms.Quantity),
            ("price", terms.Price), ("newClientOrderId", story.ClientId), ("newOrderRespType", _random.Next(4) == 0 ? "ACK" : "RESULT"),
        ];
    }

    private async Task PlaceLimitAsync()
    {
        (string, object)[] parameters = NewLimit(out OrderStory story);
        Take(await SendAsync(HttpMethod.Post, "/fapi/v1/order", parameters), story);
    }

    private async Task PlaceMarketAsync()
    {
        string side = _random.Next(2) == 0 ? "BUY" : "SELL";
        decimal size = market.Size(_random.Next(4));
        OrderStory story = ledger.Sending($"{prefix}-{++_count}", side, "MARKET", new Terms(0, size));
        Take(
            await SendAsync(
                HttpMethod.Post, "/fapi/v1/order", ("symbol", ledger.Symbol), ("side", side), ("type", "MARKET"), ("quantity", size),
                ("newClientOrderId", story.ClientId), ("newOrderRespType", "RESULT")),
            story);
    }

    private async Task PlaceBatchAsync()
    {
        var stories = new OrderStory[_random.Next(2, 6)];
        var orders = new Dictionary<string, object>[stories.Length];
        for (int i = 0; i < stories.Length; i++)
        {
            orders[i] = NewLimit(out stories[i]).ToDictionary(p => p.Name, p => (object)Convert.ToString(p.Value, MarketTerms.Culture)!);
        }

        WireAnswer answer = await SendAsync(HttpMethod.Post, "/fapi/v1/batchOrders", ("batchOrders", JsonSerializer.Serialize(orders)));
        Assert.True(answer.IsSuccess, $"batch: {answer}");
        Assert.Equal(stories.Length, answer.Body.GetArrayLength());
        for (int i = 0; i < stories.Length; i++) Take(answer.Body[i], stories[i]);
    }

    private void Take(WireAnswer answer, OrderStory story)
    {
        if (answer.IsSuccess) Take(answer.Body, story);
        else story.IsRefused = true;
    }

    private void Take(JsonElement told, OrderStory story)
    {
        if (told.TryGetProperty("code", out _))
        {
            story.IsRefused = true;
            return;
        }

        Assert.Equal(story.ClientId, told.Word("clientOrderId"));
        ledger.HearOrder(told);
        if (story.Ended is null && story.Type == "LIMIT") _mine.Add(story);
    }

    private async Task CancelAsync(OrderStory story)
    {
        object id = story.ClientId;
        WireAnswer answer = _random.Next(2) == 0
            ? await SendAsync(HttpMethod.Delete, "/fapi/v1/order", ("symbol", ledger.Symbol), ("origClientOrderId", id))
            : await SendAsync(HttpMethod.Delete, "/fapi/v1/order", ("symbol", ledger.Symbol), ("orderId", story.Id));
        if (answer.IsSuccess) ledger.HearOrder(answer.Body);
        else story.MustHaveEnded = answer.Code == -2011;
    }

    private async Task AmendAsync(OrderStory story)
    {
        Terms before = story.Terms.First();
        var after = new Terms(market.Near(story.Side, _random.Next(0, 40)), before.Quantity + market.Size(0));
        if (after.Quantity > market.Size(0) * 12) after = after with { Quantity = before.Quantity };
        lock (ledger.Lock) story.Terms.Add(after);
        WireAnswer answer = await SendAsync(
            HttpMethod.Put, "/fapi/v1/order", ("symbol", ledger.Symbol), ("side", story.Side), ("orderId", story.Id),
            ("quantity", after.Quantity), ("price", after.Price));
        lock (ledger.Lock)
        {
            if (after != before) story.Terms.Remove(answer.IsSuccess ? before : after);
        }

        if (answer.IsSuccess) ledger.HearOrder(answer.Body);
        if (story.Ended is not null) _mine.Remove(story);
    }

    private async Task PlaceAlgoAsync()
    {
        AlgoStory story = ledger.SendingAlgo($"{prefix}-a{++_count}");
        string side = _random.Next(2) == 0 ? "BUY" : "SELL";
        WireAnswer answer = await SendAsync(
            HttpMethod.Post, "/fapi/v1/algoOrder", ("algoType", "CONDITIONAL"), ("symbol", ledger.Symbol), ("side", side),
            ("type", "STOP_MARKET"), ("quantity", market.Size(0)), ("triggerPrice", market.Near(side, -_random.Next(1, 12))),
            ("clientAlgoId", story.ClientId));
        story.IsRefused = !answer.IsSuccess;
        if (!answer.IsSuccess) return;
        story.Id = answer.Body.Whole("algoId");
        story.IsAcknowledged = true;
        _algos.Add(story);
    }

    private async Task CancelAlgoAsync(AlgoStory story)
    {
        WireAnswer answer = await SendAsync(HttpMethod.Delete, "/fapi/v1/algoOrder", ("algoId", story.Id));
        story.IsCancelled = answer.IsSuccess;
    }

    // The orders of the account's other lane go with it.
    private async Task CancelAllAsync()
    {
        OrderStory[] open;
        lock (ledger.Lock) open = [.. ledger.Orders.Values.Where(o => o.IsAcknowledged && o.Ended is null)];
        WireAnswer answer = await SendAsync(HttpMethod.Delete, "/fapi/v1/allOpenOrders", ("symbol", ledger.Symbol));
        Assert.True(answer.IsSuccess, $"cancel all: {answer}");
        foreach (OrderStory story in open) story.MustHaveEnded = true;
        _mine.Clear();
    }

    private async Task ReadBalanceAsync()
    {
        WireAnswer answer = await SendAsync(HttpMethod.Get, "/fapi/v3/balance");
        foreach (JsonElement row in answer.Body.EnumerateArray())
        {
            if (row.Word("asset") == "USDT") ledger.HearBalance(row.Number("balance"));
        }
    }

    private async Task ReadTradesAsync()
    {
        WireAnswer answer = await SendAsync(HttpMethod.Get, "/fapi/v1/userTrades", ("symbol", ledger.Symbol), ("limit", 20));
        foreach (JsonElement row in answer.Body.EnumerateArray()) ledger.HearTrade(row);
    }

    private async Task ReadOrderAsync(OrderStory story)
    {
        WireAnswer answer = await SendAsync(HttpMethod.Get, "/fapi/v1/order", ("symbol", ledger.Symbol), ("origClientOrderId", story.ClientId));
        Assert.True(answer.IsSuccess, $"{story.ClientId}: {answer}");
        ledger.HearOrder(answer.Body);
    }

    private async Task SetLeverageAsync()
    {
        int leverage = _random.Next(10, 26);
        int[] before = [.. ledger.Leverages];
        ledger.Leverages.Add(leverage);
        WireAnswer answer = await SendAsync(HttpMethod.Post, "/fapi/v1/leverage", ("symbol", ledger.Symbol), ("leverage", leverage));
        ledger.Leverages.Clear();
        ledger.Leverages.UnionWith(answer.IsSuccess ? [leverage] : before);
    }
}
