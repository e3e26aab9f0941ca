using CrossMargin.Gateway.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrossMargin.Gateway.Binance;

/// <summary>The REST part of the Binance USD-M dialect.</summary>
public static class BinanceRest
{
    private static readonly string[] s_roots = ["/fapi/{**rest}", "/sapi/{**rest}", "/futures/data/{**rest}", AlertOperations.Path, WithdrawalOperations.Path];

    /// <summary>
    /// Registers what the dialect needs beside the ports of Hosting (exchange, history, directory, clock). What is registered already, such
    /// as sources of depth and tickers, is kept.
    /// </summary>
    public static IServiceCollection AddBinanceRest(this IServiceCollection services, Action<BinanceOptions>? configure = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ =>
        {
            var options = new BinanceOptions();
            configure?.Invoke(options);
            return options;
        });
        services.TryAddSingleton<CommandIds>();
        services.TryAddSingleton<KeyGate>();
        services.TryAddSingleton<RequestLimiter>();
        services.TryAddSingleton<ListenKeyTable>();
        services.TryAddSingleton<IDepthSource, GatewayDepthSource>();
        services.TryAddSingleton<ITickerSource, HistoryTickerSource>();
        services.TryAddSingleton<BinanceServices>();
        services.TryAddSingleton<OperationRunner>();
        services.TryAddSingleton<CallContextPool>();
        services.TryAddSingleton<RestTransport>();
        return services;
    }

    /// <summary>Maps /fapi, /sapi, /futures/data and what accounts have beside them; every path below them is answered here.</summary>
    public static IEndpointConventionBuilder MapBinanceRest(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("");
        RestTransport transport = endpoints.ServiceProvider.GetRequiredService<RestTransport>();
        foreach (string root in s_roots) group.Map(root, (RequestDelegate)transport.HandleAsync).ExcludeFromDescription();
        return group;
    }
}
