using System.Globalization;
using CrossMargin.Wire.Tests.Server;
using Xunit.Abstractions;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>
/// Nothing that a client was told is ever lost. CROSSMARGIN_WIRE_ROUNDS and CROSSMARGIN_WIRE_SECONDS (of trading, in all) make the run
/// longer, CROSSMARGIN_WIRE_SEED another one.
/// </summary>
public sealed class DurabilityTests(ITestOutputHelper output)
{
    [Fact]
    public async Task KilledAgainAndAgain_EverythingAcknowledgedIsThereOnce()
    {
        int kills = Setting("CROSSMARGIN_WIRE_ROUNDS", 3);
        int seconds = Setting("CROSSMARGIN_WIRE_SECONDS", 6);
        int seed = Setting("CROSSMARGIN_WIRE_SEED", 20261122);
        using var folder = new DataFolder();

        DurabilityFigures figures = await DurabilityRun.RunAsync(folder.Path, seed, kills, seconds);

        output.WriteLine(figures.ToString());
        Console.WriteLine($"durability over the wire: {figures}");
        Assert.True(figures.Trades > 100, $"only {figures.Trades} fills: nothing was tried");
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : usual;
}
