using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Metrics;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrossMargin.Gateway.Admin;

public static class AdminServices
{
    /// <summary>
    /// Directory, lifecycle, alerts, metrics and what the operator's operations need. The host registers its ports, the
    /// <see cref="AdminToken"/> and the <see cref="SecretProtection"/> itself.
    /// </summary>
    public static IServiceCollection AddCrossMarginAdmin(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CommandIds>();
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<WebhookOptions>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<AdminAccess>();
        services.AddSingleton<AdminExchange>();
        services.TryAddSingleton<IAccountDirectory, SettingsDirectory>();
        services.AddSingleton<RetiredAccounts>();
        services.AddSingleton<AccountLifecycle>();
        services.AddSingleton<Leaderboard>();
        services.AddSingleton<AlertBook>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<AlertWatcher>();
        services.AddHostedService(s => s.GetRequiredService<RetiredAccounts>());
        services.AddHostedService(s => s.GetRequiredService<WebhookSender>());
        services.AddHostedService(s => s.GetRequiredService<AlertWatcher>());
        services.AddHostedService<EventCounters>();
        services.AddMetrics();
        return services.AddCrossMarginAdminDocument();
    }
}
