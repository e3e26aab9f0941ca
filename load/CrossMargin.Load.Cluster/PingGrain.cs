using Orleans.Concurrency;

namespace CrossMargin.Load.Cluster;

/// <summary>The least that a grain call can be: what orders are compared with.</summary>
public interface IPingGrain : IGrainWithIntegerKey
{
    Task<long> Ping(long value);
}

[Reentrant]
public sealed class PingGrain : Grain, IPingGrain
{
    public Task<long> Ping(long value) => Task.FromResult(value + 1);
}
