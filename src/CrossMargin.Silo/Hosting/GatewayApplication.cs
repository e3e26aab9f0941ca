using CrossMargin.Gateway;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Gateway.Binance.WsApi;
using CrossMargin.Gateway.Security;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Nodes.Directory;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Silo.Hosting;

/// <summary>
/// Binance's dialect and the operator's interface on a silo, over the cluster: an application of its own that starts when the silo is up
/// and stops before it. Any silo serves any account.
/// </summary>
public sealed class GatewayApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ClusterSettings _settings;

    private GatewayApplication(WebApplication app, ClusterSettings settings) => (_app, _settings) = (app, settings);

    /// <summary>Null where CrossMargin:GatewayUrl is empty: this silo serves no clients.</summary>
    public static async Task<GatewayApplication?> StartAsync(WebApplication silo)
    {
        string url = silo.Configuration["CrossMargin:GatewayUrl"] ?? "";
        if (url.Length == 0) return null;
        SiloNode node = silo.Services.GetRequiredService<SiloNode>();
        var calls = new ClusterCalls(silo.Services.GetRequiredService<IGrainFactory>());
        var settings = new ClusterSettings(calls);
        await settings.StartAsync();

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(silo.Configuration);
        builder.WebHost.UseUrls(url);
        AddPorts(builder.Services, node, calls, settings);
        builder.Services.AddSingleton(TokenOf(silo.Configuration));
        builder.Services.AddCrossMarginAdmin();
        builder.Services.AddBinanceRest();
        builder.Services.AddBinanceStreams();
        builder.Services.AddSingleton<IAlertSink, UserStreamAlerts>();

        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.UseMiddleware<GatewayMiddleware>();
        app.MapCrossMarginAdmin();
        app.MapBinanceRest();
        app.MapBinanceStreams();
        app.MapBinanceWsApi();
        await app.StartAsync();
        var gateway = new GatewayApplication(app, settings);
        silo.Lifetime.ApplicationStopping.Register(() => app.StopAsync().GetAwaiter().GetResult());
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _settings.DisposeAsync();
    }

    private static void AddPorts(IServiceCollection services, SiloNode node, ClusterCalls calls, ClusterSettings settings)
    {
        var ids = CommandIds.OneOfMany();
        var events = new ClusterEvents();
        node.Committed += events.Publish;
        services.AddSingleton(ids);
        services.AddSingleton(node.Clock);
        services.AddSingleton<IExchangeGateway>(new ClusterGateway(node.Profile, calls, ids.Next));
        services.AddSingleton<IEventStream>(events);
        services.AddSingleton<IHealthSource>(events);
        services.AddSingleton<IExchangeHistory>(new ClusterHistory(node.Profile, calls));
        services.AddSingleton<ISettingsStore>(settings);
        services.AddSingleton<ISharedSettings>(settings);
        services.AddSingleton(SecretProtection.Over(new SettingsXmlRepository(settings)));
        services.AddSingleton<ISimulatorControls>(new NoSimulatorControls(node.Clock, calls));
    }

    // The same on every silo: from the environment or the configuration.
    private static AdminToken TokenOf(IConfiguration configuration)
    {
        string? given = Environment.GetEnvironmentVariable(AdminToken.EnvironmentVariable) ?? configuration["CrossMargin:AdminToken"];
        if (given is { Length: > 0 }) return AdminToken.Given(given);
        var drawn = AdminToken.OfProcess();
        Console.WriteLine($"operator's token, until this silo stops: {drawn.Reveal()}"); // shown once, to whoever started it
        return drawn;
    }

    private sealed class UserStreamAlerts(IUserStreamSource streams) : IAlertSink
    {
        public void Send(long number, ReadOnlyMemory<byte> payload) => streams.Publish(number, payload);
    }
}
