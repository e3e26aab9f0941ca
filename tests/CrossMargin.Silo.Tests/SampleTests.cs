using System.Globalization;
using System.Reflection;

namespace CrossMargin.Silo.Tests;

/// <summary>samples/ClusterClient.Cluster, run as its user would.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task ClusterClient_OpensDepositsOrders_ReadsTheOrderBack()
    {
        MethodInfo main = Assembly.Load("ClusterClient.Cluster").EntryPoint!;
        string[] arguments = [FreePorts.Pair().ToString(CultureInfo.InvariantCulture)];
        object? exit = await Task.Run(() => main.Invoke(null, [arguments])).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, exit);
    }
}
