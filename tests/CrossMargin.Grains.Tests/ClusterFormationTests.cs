using Orleans.TestingHost;

namespace CrossMargin.Grains.Tests;

/// <summary>The test cluster itself: what the other tests stand on.</summary>
public class ClusterFormationTests
{
    [Fact]
    public async Task Deploy_ThreeSilos_AllActive()
    {
        await using InProcessTestCluster cluster = new InProcessTestClusterBuilder(3).Build();
        await cluster.DeployAsync();
        Dictionary<SiloAddress, SiloStatus> hosts = await cluster.Client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        Assert.Equal(3, hosts.Count);
    }
}
