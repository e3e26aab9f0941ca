using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>What an account has on the server, read whole, of one moment.</summary>
internal sealed record AccountState(
    IReadOnlyDictionary<long, JsonElement> Orders, IReadOnlyList<TradeFact> Trades, IReadOnlyDictionary<string, JsonElement> Algos,
    IReadOnlyList<long> Open, decimal Wallet, decimal Position, int Leverage, IReadOnlyList<decimal> OtherIncome);

/// <summary>Reads an account over the wire and compares it with what its owner was told.</summary>
internal sealed class Verifier(AccountLedger ledger, BinanceClient client)
{
    private const int Page = 1000;

    /// <summary>Reads everything, again while trades go on between the first read and the last.</summary>
    public async Task<AccountState> ReadAsync()
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            IReadOnlyList<TradeFact> trades = await TradesAsync(1);
            AccountState state = await ReadOnceAsync(trades);
            if ((await TradesAsync(trades.Count == 0 ? 1 : trades[^1].Id + 1)).Count == 0) return state;
        }

        throw new InvalidOperationException($"{ledger.Account.Name}: its trades did not come to rest");
    }

    /// <summary>All that was told is there, nothing twice, nothing else; afterwards the ledger knows what it was not told.</summary>
    public async Task<AccountState> VerifyAsync()
    {
        AccountState state = await ReadAsync();
        ILookup<string, JsonElement> byClientId = state.Orders.Values.ToLookup(o => o.Word("clientOrderId"));
        foreach (OrderStory story in ledger.Orders.Values.ToArray()) Check(story, [.. byClientId[story.ClientId]]);
        CheckStrangers(state);
        CheckTrades(state);
        CheckMoney(state);
        foreach (AlgoStory story in ledger.Algos.Values) Check(story, state);
        Assert.True(ledger.Leverages.Contains(state.Leverage), Say($"leverage {state.Leverage}, told {string.Join(" or ", ledger.Leverages)}"));
        ledger.Leverages.Clear();
        ledger.Leverages.Add(state.Leverage);
        return state;
    }

    private async Task<AccountState> ReadOnceAsync(IReadOnlyList<TradeFact> trades)
    {
        var orders = new Dictionary<long, JsonElement>();
        foreach (JsonElement order in await PagesAsync("/fapi/v1/allOrders", "orderId", "orderId"))
        {
            Assert.True(orders.TryAdd(order.Whole("orderId"), order), Say($"order {order.Whole("orderId")} is there twice"));
        }

        var algos = new Dictionary<string, JsonElement>();
        foreach (JsonElement algo in await PagesAsync("/fapi/v1/allAlgoOrders", "algoId", "algoId"))
        {
            Assert.True(algos.TryAdd(algo.Word("clientAlgoId"), algo), Say($"{algo.Word("clientAlgoId")} is there twice"));
        }

        JsonElement open = await GetAsync("/fapi/v1/openOrders", ("symbol", ledger.Symbol));
        JsonElement balance = (await GetAsync("/fapi/v3/balance")).EnumerateArray().Single(b => b.Word("asset") == "USDT");
        JsonElement risk = await GetAsync("/fapi/v3/positionRisk", ("symbol", ledger.Symbol));
        JsonElement config = await GetAsync("/fapi/v1/symbolConfig", ("symbol", ledger.Symbol));
        JsonElement funding = await GetAsync("/fapi/v1/income", ("incomeType", "FUNDING_FEE"), ("limit", Page));
        return new AccountState(
            orders, trades, algos, [.. open.EnumerateArray().Select(o => o.Whole("orderId")).Order()], balance.Number("balance"),
            risk.EnumerateArray().Sum(p => p.Number("positionAmt")), config[0].GetProperty("leverage").GetInt32(),
            [.. funding.EnumerateArray().Select(r => r.Number("income"))]);
    }

    private async Task<JsonElement> GetAsync(string path, params (string Name, object Value)[] parameters)
    {
        WireAnswer answer = await client.GetAsync(path, parameters);
        Assert.True(answer.IsSuccess, $"{path}: {answer}");
        return answer.Body;
    }

    private async Task<List<JsonElement>> PagesAsync(string path, string from, string id, long first = 1)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            JsonElement page = await GetAsync(path, ("symbol", ledger.Symbol), (from, first), ("limit", Page));
            all.AddRange(page.EnumerateArray());
            if (page.GetArrayLength() < Page) return all;
            first = all[^1].Whole(id) + 1;
        }
    }

    // A page may end between the two sides of one trade: the next begins with that trade again.
    private async Task<IReadOnlyList<TradeFact>> TradesAsync(long first)
    {
        var all = new List<TradeFact>();
        while (true)
        {
            JsonElement page = await GetAsync("/fapi/v1/userTrades", ("symbol", ledger.Symbol), ("fromId", first), ("limit", Page));
            TradeFact[] rows = [.. page.EnumerateArray().Select(AccountLedger.ReadTrade)];
            long last = all.Count == 0 ? 0 : all[^1].Id;
            all.AddRange(rows.Where(r => r.Id > last || !all.TakeLast(2).Any(known => known.Key == r.Key)));
            if (rows.Length < Page) return all;
            first = rows[^1].Id;
        }
    }

    private string Say(string what) => $"{ledger.Account.Name}: {what}";

    private void Check(OrderStory story, JsonElement[] found)
    {
        Assert.True(found.Length <= 1, Say($"{story.ClientId} is there {found.Length} times"));
        if (found.Length == 0)
        {
            Assert.False(story.IsAcknowledged, Say($"{story.ClientId} was acknowledged as order {story.Id} and is not there"));
            return;
        }

        JsonElement order = found[0];
        decimal executed = order.Number("executedQty");
        string status = order.Word("status");
        bool isNothing = OrderStory.IsEnd(status) && executed == 0; // fill or kill that could not be filled is kept as expired
        Assert.True(!story.IsRefused || isNothing, Say($"{story.ClientId} was refused and is there: {order}"));
        Assert.False(executed < story.Executed, Say($"{story.ClientId}: {executed} executed, {story.Executed} was told"));
        if (story.Ended is not null)
        {
            bool same = status == story.Ended && executed == story.Executed && (story.Quote is null || order.Number("cumQuote") == story.Quote);
            Assert.True(same, Say($"{story.ClientId} was told as {story.Ended}, {story.Executed} for {story.Quote}; it is {order}"));
        }

        Assert.False(story.MustHaveEnded && !OrderStory.IsEnd(status), Say($"{story.ClientId} was told to have ended: {order}"));
        if (story.Terms.Count > 0) CheckTerms(story, order);
        ledger.HearOrder(order);
    }

    // Wholly as it was sent, or wholly as it was amended.
    private void CheckTerms(OrderStory story, JsonElement order)
    {
        var terms = new Terms(story.Type == "MARKET" ? 0 : order.Number("price"), order.Number("origQty"));
        bool known = story.Terms.Contains(terms) && order.Word("side") == story.Side && order.Word("type") == story.Type;
        Assert.True(known, Say($"{story.ClientId} was sent as {string.Join(" or ", story.Terms)}, {story.Side} {story.Type}; it is {order}"));
        story.Terms.Clear();
        story.Terms.Add(terms);
    }

    // Orders that the client did not send come from its conditional orders.
    private void CheckStrangers(AccountState state)
    {
        var triggered = new HashSet<long>();
        foreach (JsonElement algo in state.Algos.Values)
        {
            if (algo.TryGetProperty("actualOrderId", out JsonElement id) && long.TryParse(id.ToString(), out long order)) triggered.Add(order);
        }

        foreach ((long id, JsonElement order) in state.Orders)
        {
            string clientId = order.Word("clientOrderId");
            bool sent = ledger.Orders.TryGetValue(clientId, out OrderStory? story) && story.Type.Length > 0;
            Assert.True(sent || triggered.Contains(id), Say($"nobody sent {order}"));
        }

        long[] open = [.. state.Orders.Where(o => !OrderStory.IsEnd(o.Value.Word("status"))).Select(o => o.Key).Order()];
        Assert.True(open.SequenceEqual(state.Open), Say($"open by allOrders {string.Join(' ', open)}, by openOrders {string.Join(' ', state.Open)}"));
    }

    private void CheckTrades(AccountState state)
    {
        var byId = new Dictionary<TradeKey, TradeFact>();
        foreach (TradeFact trade in state.Trades) Assert.True(byId.TryAdd(trade.Key, trade), Say($"trade {trade.Id} is there twice"));
        foreach (TradeFact told in ledger.Trades.Values)
        {
            Assert.True(byId.TryGetValue(told.Key, out TradeFact? kept), Say($"{told} was told and is not there"));
            Assert.True(kept == told, Say($"{told} was told, it is {kept}"));
        }

        ILookup<long, TradeFact> byOrder = state.Trades.ToLookup(t => t.OrderId);
        foreach ((long id, JsonElement order) in state.Orders)
        {
            decimal executed = byOrder[id].Sum(t => t.Quantity);
            decimal quote = byOrder[id].Sum(t => t.Quantity * t.Price);
            bool same = executed == order.Number("executedQty") && quote == order.Number("cumQuote");
            Assert.True(same, Say($"its trades sum up to {executed} for {quote}: {order}"));
        }

        foreach (IGrouping<long, TradeFact> trades in byOrder)
        {
            Assert.True(state.Orders.ContainsKey(trades.Key), Say($"trades of order {trades.Key}, which is not there"));
        }
    }

    private void CheckMoney(AccountState state)
    {
        decimal wallet = ledger.Account.Deposit + state.OtherIncome.Sum();
        decimal position = 0;
        var possible = new HashSet<decimal>();
        foreach (decimal part in Prefixes(state.OtherIncome)) possible.Add(ledger.Account.Deposit + part);
        decimal traded = 0;
        foreach (TradeFact trade in state.Trades)
        {
            foreach (decimal part in Prefixes(state.OtherIncome))
            {
                possible.Add(ledger.Account.Deposit + part + traded + trade.Profit);
                possible.Add(ledger.Account.Deposit + part + traded - trade.Commission);
                possible.Add(ledger.Account.Deposit + part + traded + trade.Profit - trade.Commission);
            }

            traded += trade.Profit - trade.Commission;
            position += trade.Side == "BUY" ? trade.Quantity : -trade.Quantity;
        }

        Assert.True(wallet + traded == state.Wallet, Say($"wallet {state.Wallet}; deposit, trades and funding sum up to {wallet + traded}"));
        Assert.True(position == state.Position, Say($"position {state.Position}; its trades sum up to {position}"));
        foreach (decimal told in ledger.Balances)
        {
            Assert.True(possible.Contains(told), Say($"a wallet of {told} was told, which no trade leads to"));
        }
    }

    private static IEnumerable<decimal> Prefixes(IReadOnlyList<decimal> rows)
    {
        decimal sum = 0;
        yield return sum;
        foreach (decimal row in rows) yield return sum += row;
    }

    private void Check(AlgoStory story, AccountState state)
    {
        if (!state.Algos.TryGetValue(story.ClientId, out JsonElement algo))
        {
            Assert.False(story.IsAcknowledged, Say($"conditional order {story.ClientId} was acknowledged as {story.Id} and is not there"));
            return;
        }

        bool mayBe = !story.IsRefused || algo.Word("algoStatus") == "REJECTED";
        Assert.True(mayBe, Say($"conditional order {story.ClientId} was refused and is there: {algo}"));
        if (story.IsRefused) return;
        Assert.True(story.Id == 0 || story.Id == algo.Whole("algoId"), Say($"{story.ClientId} was told as {story.Id}, it is {algo}"));
        Assert.False(story.IsCancelled && algo.Word("algoStatus") != "CANCELED", Say($"{story.ClientId} was told to be cancelled: {algo}"));
        story.Id = algo.Whole("algoId");
        story.IsAcknowledged = true;
    }
}
