using CrossMargin.Architecture.Tests.Scanning;

namespace CrossMargin.Architecture.Tests;

public class DeterminismTests
{
    [Theory]
    [InlineData("CrossMargin.Model", false)]
    [InlineData("CrossMargin.Engine", false)]
    [InlineData("CrossMargin.Feeds", true)]
    [InlineData("CrossMargin.Traders", false)]
    public void CompiledAssembly_UsesNothingThatDiffersBetweenRuns(string assembly, bool mayReadFiles)
    {
        IReadOnlyList<Use> uses = AssemblyScan.Read(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        Assert.True(uses.Count > 100, $"{assembly} was not read: {uses.Count} uses");
        List<string> violations = DeterminismRules.Violations(uses, mayReadFiles);
        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    [Theory]
    [InlineData("FloatField")]
    [InlineData("FloatCast")]
    [InlineData("FloatParameter")]
    [InlineData("Clock")]
    [InlineData("Chance")]
    [InlineData("Thread")]
    [InlineData("Hash")]
    [InlineData("DictionaryLoop")]
    [InlineData("DictionaryValues")]
    [InlineData("DictionaryLinq")]
    [InlineData("SetLoop")]
    [InlineData("FileRead")]
    public void PlantedFault_IsFound(string member)
    {
        string where = $"{typeof(PlantedFaults).FullName}.{member}";
        IEnumerable<Use> uses = AssemblyScan.Read(typeof(PlantedFaults).Assembly.Location).Where(u => u.Where == where);
        Assert.NotEmpty(DeterminismRules.Violations(uses, mayReadFiles: false));
    }

    [Fact]
    public void LookUp_IsAllowed()
    {
        string where = $"{typeof(PlantedFaults).FullName}.{nameof(PlantedFaults.Innocent)}";
        IEnumerable<Use> uses = AssemblyScan.Read(typeof(PlantedFaults).Assembly.Location).Where(u => u.Where == where);
        Assert.Empty(DeterminismRules.Violations(uses, mayReadFiles: false));
    }
}
