using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>Everything one account was ever told, by REST and by its user stream. Its methods take its own lock.</summary>
internal sealed class AccountLedger(TestAccount account, string symbol)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OrderStory> _orders = [];
    private readonly Dictionary<string, AlgoStory> _algos = [];
    private readonly Dictionary<TradeKey, TradeFact> _trades = [];
    private readonly HashSet<decimal> _balances = [];
    private readonly HashSet<int> _leverages = [20];

    public TestAccount Account => account;

    /// <summary>The only market it trades in, so that its trades have one order.</summary>
    public string Symbol => symbol;

    public Lock Lock => _lock;

    // To be read under the lock, or while nothing runs.
    public IReadOnlyDictionary<string, OrderStory> Orders => _orders;
    public IReadOnlyDictionary<string, AlgoStory> Algos => _algos;
    public IReadOnlyDictionary<TradeKey, TradeFact> Trades => _trades;
    public IReadOnlyCollection<decimal> Balances => _balances;

    /// <summary>What its leverage may be; one value unless an answer is missing.</summary>
    public HashSet<int> Leverages => _leverages;

    public OrderStory Sending(string clientId, string side, string type, Terms terms)
    {
        var story = new OrderStory(clientId, side, type, terms);
        lock (_lock) _orders.Add(clientId, story);
        return story;
    }

    public AlgoStory SendingAlgo(string clientId)
    {
        var story = new AlgoStory(clientId);
        lock (_lock) _algos.Add(clientId, story);
        return story;
    }

    /// <summary>An order as REST shows it.</summary>
    public void HearOrder(JsonElement order)
    {
        string status = order.Word("status");
        decimal executed = order.Number("executedQty");
        decimal? quote = order.TryGetProperty("cumQuote", out _) ? order.Number("cumQuote") : null;
        lock (_lock) Story(order.Word("clientOrderId"), order.Word("side")).Hear(order.Whole("orderId"), status, executed, quote);
    }

    /// <summary>A fill as REST shows it.</summary>
    public void HearTrade(JsonElement trade)
    {
        TradeFact fact = ReadTrade(trade);
        lock (_lock) Keep(fact);
    }

    public void HearBalance(decimal wallet)
    {
        lock (_lock) _balances.Add(wallet);
    }

    /// <summary>An event of the user stream.</summary>
    public void HearEvent(JsonElement told)
    {
        switch (told.Word("e"))
        {
            case "ORDER_TRADE_UPDATE":
                HearOrderEvent(told.GetProperty("o"));
                break;
            case "ACCOUNT_UPDATE":
                foreach (JsonElement balance in told.GetProperty("a").GetProperty("B").EnumerateArray())
                {
                    if (balance.Word("a") == "USDT") HearBalance(balance.Number("wb"));
                }

                break;
        }
    }

    public static TradeFact ReadTrade(JsonElement trade) => new(
        trade.Whole("id"), trade.Whole("orderId"), trade.Word("side"), trade.Number("price"), trade.Number("qty"), trade.Number("commission"),
        trade.Number("realizedPnl"), trade.GetProperty("maker").GetBoolean());

    private void HearOrderEvent(JsonElement order)
    {
        string side = order.Word("S");
        long id = order.Whole("i");
        lock (_lock)
        {
            Story(order.Word("c"), side).Hear(id, order.Word("X"), order.Number("z"), null);
            if (order.Word("x") != "TRADE") return;
            decimal fee = order.TryGetProperty("n", out JsonElement n) && n.ValueKind == JsonValueKind.String ? order.Number("n") : 0;
            Keep(new TradeFact(
                order.Whole("t"), id, side, order.Number("L"), order.Number("l"), fee, order.Number("rp"), order.GetProperty("m").GetBoolean()));
        }
    }

    // An order that nobody sent comes from a conditional one; its terms are not known here.
    private OrderStory Story(string clientId, string side)
    {
        if (_orders.TryGetValue(clientId, out OrderStory? known)) return known;
        var foreign = new OrderStory(clientId, side, "", default);
        foreign.Terms.Clear();
        _orders.Add(clientId, foreign);
        return foreign;
    }

    private void Keep(TradeFact fact)
    {
        if (_trades.TryAdd(fact.Key, fact)) return;
        Assert.True(_trades[fact.Key] == fact, $"{account.Name}: trade told as {_trades[fact.Key]}, then as {fact}");
    }
}
