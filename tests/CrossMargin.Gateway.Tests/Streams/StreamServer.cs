using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Gateway.Binance.WsApi;
using CrossMargin.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>The stream endpoints on a real socket of the loopback, over a world whose beats the test makes.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StreamServer(WebApplication app, StreamWorld world, Uri address) => (_app, World, Address) = (app, world, address);

    public StreamWorld World { get; }
    public Uri Address { get; }

    public static async Task<StreamServer> StartAsync(StreamWorld world)
    {
        await world.StartAsync();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(world.Streams);
        builder.Services.AddSingleton<IDepthSource>(world.Streams);
        builder.Services.AddSingleton<ITickerSource>(world.Streams);
        builder.Services.AddSingleton<IExchangeGateway>(world.Exchange);
        builder.Services.AddSingleton<IExchangeHistory>(world.History);
        builder.Services.AddSingleton<IExchangeClock>(world.Clock);
        builder.Services.AddSingleton(world.Directory);
        builder.Services.AddSingleton(world.Keys);
        builder.Services.AddBinanceRest();
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.MapBinanceStreams();
        app.MapBinanceWsApi();
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new StreamServer(app, world, new Uri(address.Replace("http://", "ws://", StringComparison.Ordinal)));
    }

    public async Task<ClientWebSocket> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(Address, path), CancellationToken.None);
        return socket;
    }

    public static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next message; null for the close frame.</summary>
    public static async Task<JsonElement?> ReceiveAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] buffer = new byte[1 << 20];
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), limit.Token);
            if (result.MessageType == WebSocketMessageType.Close) return null;
            length += result.Count;
            if (result.EndOfMessage) return JsonDocument.Parse(buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }

    public static async Task<string> AskAsync(ClientWebSocket socket, string text)
    {
        await SendAsync(socket, text);
        return (await ReceiveAsync(socket))!.Value.GetRawText();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        World.Dispose();
    }
}
