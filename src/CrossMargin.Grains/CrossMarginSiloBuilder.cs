using CrossMargin.Grains.Feeds;
using CrossMargin.Grains.Nodes;
using CrossMargin.Grains.Storage;
using CrossMargin.Hosting;
using CrossMargin.Nodes.Pumps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;

namespace CrossMargin.Grains;

public static class CrossMarginSiloBuilder
{
    /// <summary>
    /// Makes a silo part of an exchange. The application configures clustering, and a grain storage under the name
    /// <see cref="CrossMarginSiloOptions.Storage"/>; all silos use the same options. Prices come from the registered
    /// <see cref="IClusterFeed"/>, or, where none is, only from outside.
    /// </summary>
    public static ISiloBuilder AddCrossMargin(this ISiloBuilder silo, Action<CrossMarginSiloOptions>? configure = null)
    {
        var options = new CrossMarginSiloOptions();
        configure?.Invoke(options);
        IServiceCollection services = silo.Services;
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IExchangeClock>(s => new WallClock(s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IClusterFeed, PushedFeed>();
        services.TryAddKeyedSingleton<IGrainStorageSerializer>( // found by every provider under its storage's name
            options.Storage, (s, _) => new ActorRecordSerializer(s.GetRequiredService<IGrainStorageSerializer>()));
        services.AddSingleton<SiloNode>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(s => s.GetRequiredService<SiloNode>());
        services.TryAddSingleton<IActorCalls>(s => new ClusterCalls(s.GetRequiredService<IGrainFactory>()));
        return silo;
    }
}
