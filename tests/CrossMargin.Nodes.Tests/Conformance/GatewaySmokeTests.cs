using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossMargin.Conformance;
using CrossMargin.Gateway;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Nodes.Tests.Conformance;

/// <summary>Binance's dialect over a cluster of three nodes: an order by REST, its events by WebSocket, the depth the same in both.</summary>
public sealed class GatewaySmokeTests
{
    private const string Symbol = "C01USDT";

    [Fact]
    public async Task Gateway_OverACluster_PlacesTellsAndShows()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var host = new LocalClusterHost();
        await using WebApplication app = await StartAsync(host);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        using var http = new HttpClient { BaseAddress = address };
        Assert.True(ConformanceVenue.Profile[new MarketId(1)].TryParsePrice("100", DecimalRounding.Exact, out Price price));
        await host.SetIndexAsync(host.TakeMarket(), price);
        NewApiKey maker = await NewAsync(host);
        NewApiKey taker = await NewAsync(host);

        string listenKey = (await CallAsync(http, maker, HttpMethod.Post, "/fapi/v1/listenKey", "")).GetProperty("listenKey").GetString()!;
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{address.Authority}/ws/{listenKey}"), limit.Token);

        string order = $"symbol={Symbol}&type=LIMIT&timeInForce=GTC&quantity=2&price=100";
        JsonElement rests = await CallAsync(http, maker, HttpMethod.Post, "/fapi/v1/order", order + "&side=BUY");
        Assert.Equal("NEW", rests.GetProperty("status").GetString());
        JsonElement depth = await GetAsync(http, $"/fapi/v1/depth?symbol={Symbol}");
        Assert.Equal(("100.0", "2.000"), (depth.GetProperty("bids")[0][0].GetString(), depth.GetProperty("bids")[0][1].GetString()));
        JsonElement fills = await CallAsync(
            http, taker, HttpMethod.Post, "/fapi/v1/order",
            $"symbol={Symbol}&type=LIMIT&timeInForce=IOC&quantity=1.5&price=100&side=SELL&newOrderRespType=RESULT");
        Assert.Equal("FILLED", fills.GetProperty("status").GetString());

        var told = new List<string>();
        while (!told.Contains("ORDER_TRADE_UPDATE:TRADE:1.5") || !told.Contains("ACCOUNT_UPDATE"))
        {
            JsonElement e = await ReceiveAsync(socket, limit.Token);
            string kind = e.GetProperty("e").GetString()!;
            told.Add(kind == "ORDER_TRADE_UPDATE"
                ? $"{kind}:{e.GetProperty("o").GetProperty("x").GetString()}:{decimal.Parse(e.GetProperty("o").GetProperty("l").GetString()!):0.#}"
                : kind);
        }

        depth = await GetAsync(http, $"/fapi/v1/depth?symbol={Symbol}");
        Assert.Equal("0.500", depth.GetProperty("bids")[0][1].GetString());
        JsonElement trades = await CallAsync(http, taker, HttpMethod.Get, "/fapi/v1/userTrades", $"symbol={Symbol}");
        Assert.Equal("1.500", Assert.Single(trades.EnumerateArray()).GetProperty("qty").GetString());
        JsonElement gone = await CallAsync(
            http, maker, HttpMethod.Delete, "/fapi/v1/order", $"symbol={Symbol}&orderId={rests.GetProperty("orderId").GetInt64()}");
        Assert.Equal(("CANCELED", "1.500"), (gone.GetProperty("status").GetString(), gone.GetProperty("executedQty").GetString()));
    }

    private static async Task<WebApplication> StartAsync(LocalClusterHost host)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(host.Gateway);
        builder.Services.AddSingleton(host.Events);
        builder.Services.AddSingleton(host.History);
        builder.Services.AddSingleton(host.Directory);
        builder.Services.AddSingleton((ISharedSettings)host.Settings);
        builder.Services.AddSingleton(host.Cluster.Clock);
        builder.Services.AddSingleton(CommandIds.OneOfMany());
        builder.Services.AddBinanceRest();
        builder.Services.AddBinanceStreams();
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.MapBinanceRest();
        app.MapBinanceStreams();
        await app.StartAsync();
        return app;
    }

    private static async Task<NewApiKey> NewAsync(LocalClusterHost host)
    {
        AccountId account = host.TakeAccount();
        ActorId to = ActorId.Of(account);
        await host.Gateway.SubmitAsync(
        [
            Message.Of(ActorId.Client, to, host.TakeCommand(), new OpenAccount { TakerFee = new Rate(50_000) }),
            Message.Of(ActorId.Client, to, host.TakeCommand(), new Deposit { Amount = new Amount(10_000 * Amount.One) }),
        ]);
        AccountRecord owner = await host.Directory.AddAsync(account, "somebody");
        return await host.Directory.AddKeyAsync(owner.Number, new ApiKeyTerms("k", KeyScopes.Read | KeyScopes.Trade, null, [], false));
    }

    private static async Task<JsonElement> CallAsync(HttpClient http, NewApiKey key, HttpMethod method, string path, string parameters)
    {
        string text = (parameters.Length > 0 ? parameters + "&" : "") + $"timestamp={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}";
        text += "&signature=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Secret), Encoding.UTF8.GetBytes(text)));
        using var request = new HttpRequestMessage(method, $"{path}?{text}");
        request.Headers.Add("X-MBX-APIKEY", key.Record.ApiKey);
        using HttpResponseMessage response = await http.SendAsync(request);
        string said = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {said}");
        return JsonDocument.Parse(said).RootElement;
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) =>
        JsonDocument.Parse(await http.GetStringAsync(path)).RootElement;

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket, CancellationToken limit)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), limit);
            length += result.Count;
            if (result.EndOfMessage) return JsonDocument.Parse(buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }
}
