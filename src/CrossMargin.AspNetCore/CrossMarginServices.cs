using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Gateway.Metrics;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.AspNetCore;

public static class CrossMarginServices
{
    /// <summary>
    /// An exchange in this application, with Binance's dialect and the operator's interface. It begins when the application does and stops
    /// with it. Map it with <see cref="CrossMarginMapping.MapCrossMargin"/>.
    /// </summary>
    public static IServiceCollection AddCrossMargin(this IServiceCollection services, Action<CrossMarginOptions>? configure = null)
    {
        var options = new CrossMarginOptions();
        configure?.Invoke(options);
        services.AddSingleton(options);
        services.AddSingleton(options.Webhooks);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GatewayMetrics>();
        services.AddSingleton<CrossMarginHost>();

        // First among its own, so that it is stopped last.
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<CrossMarginHost>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<CrossMarginHost>());
        services.AddSingleton<IExchangeGateway>(s => s.GetRequiredService<CrossMarginHost>().Exchange);
        services.AddSingleton<IEventStream>(s => s.GetRequiredService<CrossMarginHost>().Exchange);
        services.AddSingleton<IExchangeClock>(s => s.GetRequiredService<CrossMarginHost>().Clock);
        services.AddSingleton<ISettingsStore>(s => s.GetRequiredService<CrossMarginHost>().Settings);
        services.AddSingleton<ISimulatorControls>(s => s.GetRequiredService<CrossMarginHost>().Controls);
        services.AddSingleton<IExchangeHistory>(s => (IExchangeHistory?)s.GetRequiredService<CrossMarginHost>().History?.Reader ?? new NoHistory());
        services.AddSingleton(s => s.GetRequiredService<CrossMarginHost>().Token);
        services.AddSingleton(s => s.GetRequiredService<CrossMarginHost>().Secrets);
        services.AddSingleton<IAccountDirectory>(OpenDirectory);
        services.AddCrossMarginAdmin();
        services.AddBinanceRest(options.Limits);
        services.AddBinanceStreams();
        services.AddSingleton<IAlertSink, UserStreamAlerts>();
        return services;
    }

    private static SettingsDirectory OpenDirectory(IServiceProvider services)
    {
        var directory = new SettingsDirectory(
            services.GetRequiredService<ISettingsStore>(), services.GetRequiredService<SecretProtection>(), services.GetRequiredService<TimeProvider>());
        if (directory.UnreadableKeys > 0)
        {
            HostLog.UnreadableKeys(services.GetRequiredService<ILogger<CrossMarginHost>>(), directory.UnreadableKeys);
        }

        return directory;
    }
}
