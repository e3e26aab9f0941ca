namespace CrossMargin.Clients.Tests;

/// <summary>
/// Unmodified clients that people own, against the running server: each file of tests/clients/suite is one case here. What they check is
/// written there.
/// </summary>
public sealed class ClientSuiteTests(RunningServer server) : IClassFixture<RunningServer>
{
    [NodeTheory]
    [InlineData("market-data")]
    [InlineData("day")]
    [InlineData("two-accounts")]
    [InlineData("refusals")]
    [InlineData("streams")]
    [InlineData("bots")]
    [InlineData("binance-client")]
    [InlineData("binance-connector")]
    [InlineData("node-clients")]
    public void Suite_AgainstTheRunningServer_Passes(string name)
    {
        (int exit, string output) = ProcessRun.ToEnd(
            server.Folder, TimeSpan.FromMinutes(3), server.Environment, "node", "--test", "--test-force-exit", "--test-timeout=120000",
                $"suite/{name}.test.mjs");

        Assert.True(exit == 0, $"{output}{Environment.NewLine}the server said:{Environment.NewLine}{server.Said}");
    }

    [Fact]
    public void Suite_FilesOfTheFolder_AreAllCasesHere()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(server.Folder, "suite")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        string[] cases = [.. typeof(ClientSuiteTests).GetMethod(nameof(Suite_AgainstTheRunningServer_Passes))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>()
            .Select(c => $"{c.GetData(null!).Single()[0]}.test.mjs").Order(StringComparer.Ordinal)];
        Assert.Equal(cases, files);
    }
}
