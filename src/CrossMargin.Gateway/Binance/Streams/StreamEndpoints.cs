using System.Net.WebSockets;
using CrossMargin.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>The stream endpoints in all the forms of URL that clients use.</summary>
public static class StreamEndpoints
{
    private static readonly string[] s_roots = ["", "/public", "/market", "/private"];

    /// <summary>
    /// Needs the ports of Hosting and a <see cref="ListenKeyTable"/>. From then on REST answers depth and tickers from the streams' own
    /// images.
    /// </summary>
    public static IServiceCollection AddBinanceStreams(this IServiceCollection services, Action<StreamOptions>? configure = null)
    {
        var options = new StreamOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<BinanceStreams>();
        services.AddSingleton<IDepthSource>(s => s.GetRequiredService<BinanceStreams>());
        services.AddSingleton<ITickerSource>(s => s.GetRequiredService<BinanceStreams>());
        services.TryAddSingleton<IUserStreamSource>(s => s.GetRequiredService<BinanceStreams>().Users);
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<BinanceStreams>());
        return services;
    }

    /// <summary>Maps /ws and /stream, also below /public, /market and /private. The app must use WebSockets.</summary>
    public static IEndpointConventionBuilder MapBinanceStreams(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("");
        foreach (string root in s_roots)
        {
            group.Map(root + "/ws/{**streams}", c => AcceptAsync(c, combined: false)).ExcludeFromDescription();
            group.Map(root + "/stream/{**streams}", c => AcceptAsync(c, combined: true)).ExcludeFromDescription();
        }

        return group;
    }

    private static async Task AcceptAsync(HttpContext http, bool combined)
    {
        BinanceStreams streams = http.RequestServices.GetRequiredService<BinanceStreams>();
        using IDisposable? place = await SocketDoor.TryEnterAsync(http, streams).ConfigureAwait(false);
        if (place is null) return;

        // The event pipeline of a stream is open before the client hears that it is connected, so that nothing after that is missed.
        // What comes in between waits in the connection's queue.
        var connection = new StreamConnection(streams.Options, streams.Time) { IsCombined = combined };
        var session = new StreamSession(connection, streams.Markets, streams.Users, streams.Options);
        try
        {
            List<string> names = Names(http);
            ReadEvents(http, connection, names);
            string? fault = await session.SubscribeAsync(names).ConfigureAwait(false);
            if (fault is not null)
            {
                await SocketDoor.RefuseAsync(http, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
                return;
            }

            await RunAsync(http, streams, connection, session).ConfigureAwait(false);
        }
        catch (ExchangeUnavailableException)
        {
            if (!http.Response.HasStarted)
                await SocketDoor.RefuseAsync(http, StatusCodes.Status503ServiceUnavailable,
                    "The exchange is not available.").ConfigureAwait(false);
        }
        finally
        {
            http.Items[Security.GatewayMiddleware.CloseReason] = connection.CloseReason;
            session.End();
            connection.Over();
        }
    }

    private static async Task RunAsync(HttpContext http, BinanceStreams streams, StreamConnection connection, StreamSession session)
    {
        StreamOptions options = streams.Options;
        using WebSocket socket = await SocketDoor.OpenAsync(http, options).ConfigureAwait(false);
        connection.Open(socket);
        var reader = new MessageReader(connection, options, options.MessagesPerSecond, streams.Time);
        await reader.RunAsync(session.HandleAsync).ConfigureAwait(false);
    }

    /// <summary>events=A/B beside a listen key: the only events that are wanted of it. The n-th belongs to the n-th key.</summary>
    private static void ReadEvents(HttpContext http, StreamConnection connection, List<string> names)
    {
        StringValues events = http.Request.Query["events"];
        StringValues keys = http.Request.Query["listenKey"];
        for (int i = 0; i < events.Count; i++)
        {
            string? key = keys.Count > 0 ? keys.ElementAtOrDefault(i) : names.ElementAtOrDefault(i);
            string[] wanted = (events[i] ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (!string.IsNullOrEmpty(key) && wanted.Length > 0) connection.Only(key, wanted);
        }
    }

    /// <summary>
    /// The streams that the URL names: in the path, in streams=, in listenKey=. A bare number is a connection's number to clients.
    /// </summary>
    private static List<string> Names(HttpContext http)
    {
        var names = new List<string>();
        Add(http.Request.RouteValues["streams"] as string);
        foreach (string? value in http.Request.Query["streams"]) Add(value);
        foreach (string? value in http.Request.Query["listenKey"]) Add(value);
        return names;

        void Add(string? text)
        {
            foreach (string name in (text ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!name.All(char.IsAsciiDigit) && !names.Contains(name)) names.Add(name);
            }
        }
    }
}
