using System.Text.RegularExpressions;
using CrossMargin.Hosting.Delivery;

namespace CrossMargin.Simulator.Tests;

/// <summary>The simulator bites: each fault that is planted in delivery is found, within so many seeds, and by the rule that it breaks.</summary>
public class PlantedFaultTests
{
    [Theory]
    [InlineData(nameof(PlantedFaults.NoDeduplication), 2, "^[1256]: ")]
    [InlineData(nameof(PlantedFaults.SendBeforeWrite), 2, "^6: ")]
    [InlineData(nameof(PlantedFaults.AcknowledgeBeforeWrite), 2, "^6: .* has forgotten message ")]
    [InlineData(nameof(PlantedFaults.DeleteLogRecords), 40, "^6: record [0-9]+ of Market:[0-9] was written after record ")]
    [InlineData(nameof(PlantedFaults.NoHolderSweep), 60, "^3: account [0-9]+ ")]
    [InlineData(nameof(PlantedFaults.LoseHistory), 2, "^[16]: (the history of )?account [0-9]+ has ")]
    public void Plant_OneFault_IsFoundAndNamed(string fault, int seeds, string finding)
    {
        PlantedFaults planted = Enum.Parse<PlantedFaults>(fault);
        string? found = null;
        for (ulong seed = 1; seed <= (ulong)seeds && found is null; seed++)
            found = Simulation.Run(new SimulationOptions { Seed = seed, Planted = planted }).Failure;

        Assert.NotNull(found);
        Assert.Matches(new Regex(finding), found);
    }
}
