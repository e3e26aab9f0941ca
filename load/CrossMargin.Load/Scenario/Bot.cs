using System.Diagnostics;
using CrossMargin.Load.Generator;
using CrossMargin.Load.Server;
using CrossMargin.Load.Streams;

namespace CrossMargin.Load.Scenario;

/// <summary>
/// One account's bot: now and then a market order, else a limit order at the middle or far from it, most of them cancelled again; it
/// listens to its user data stream all the while. Refusals are counted and do not stop it.
/// </summary>
internal sealed class Bot(Uri server, ApiKey key, MarketTerms market, double ordersPerSecond, int seed, SwarmFigures figures)
{
    private readonly Random _random = new(seed);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            using var client = new TradingClient(server, key);
            await using EventSocket socket = await EventSocket.OpenAsync(server, $"/ws/{await client.ListenKeyAsync()}", Hear);
            await TradeAsync(client, stop);
            if (socket.Ended is { } reason) figures.Broke("user stream: " + reason);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.WebSockets.WebSocketException or InvalidOperationException)
        {
            figures.Broke(e.Message);
        }
    }

    private async Task TradeAsync(TradingClient client, CancellationToken stop)
    {
        long order = 0;
        while (!stop.IsCancellationRequested)
        {
            string id = $"bot{seed}x{++order}";
            string side = _random.Next(2) == 0 ? "BUY" : "SELL";
            string common = $"symbol={market.Symbol}&side={side}&quantity={market.Quantity}&newClientOrderId={id}&newOrderRespType=RESULT";
            int kind = _random.Next(10);
            string price = kind < 6 ? market.Middle : side == "BUY" ? market.FarBid : market.FarAsk;
            string terms = kind == 0 ? "type=MARKET" : $"type=LIMIT&timeInForce=GTC&price={price}";
            bool open = await CallAsync(client, HttpMethod.Post, $"{common}&{terms}") == "NEW";
            if (open && _random.Next(10) < 8)
            {
                await CallAsync(client, HttpMethod.Delete, $"symbol={market.Symbol}&origClientOrderId={id}");
            }

            // Independent of the others, at the mean rate.
            TimeSpan pause = TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / ordersPerSecond);
            await Task.Delay(pause, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>The order's status, or empty when it was refused.</summary>
    private async Task<string> CallAsync(TradingClient client, HttpMethod method, string parameters)
    {
        long start = Stopwatch.GetTimestamp();
        TradingClient.Answer answer = await client.SignedAsync(method, "/fapi/v1/order", parameters);
        figures.Answered(answer.Status, answer.Code, Stopwatch.GetElapsedTime(start));
        return answer.Status == 200 ? answer.Value.GetProperty("status").GetString()! : "";
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        bool isOrder = EventSocket.TextOf(message.Span, "\"e\":"u8).SequenceEqual("ORDER_TRADE_UPDATE"u8);
        figures.Heard(isOrder && EventSocket.TextOf(message.Span, "\"x\":"u8).SequenceEqual("TRADE"u8));
    }
}
