using System.Reflection;
using System.Text.RegularExpressions;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>
/// Each of the 40 traps of docs/traps.md is covered by a test that bears its number, and the page names only tests there are.
/// </summary>
public sealed partial class TrapCoverageTests
{
    private const int Traps = 40;

    private static readonly string[] s_tests =
    [
        .. typeof(TrapCoverageTests).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m => m.IsDefined(typeof(FactAttribute), inherit: true))
            .Select(m => m.Name),
    ];

    [Fact]
    public void EveryTrap_HasATest() => Assert.Empty(Missing(s_tests));

    [Fact]
    public void EveryTrap_WithoutItsTest_IsFound() =>
        Assert.Equal([13], Missing([.. s_tests.Where(n => !n.Contains("Trap13_", StringComparison.Ordinal))]));

    [Fact]
    public void TrapsPage_HasARowForEach_AndNamesTestsThatExist()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "traps.md"));
        Assert.Equal(Enumerable.Range(1, Traps), Row().Matches(page).Select(m => int.Parse(m.Groups[1].ValueSpan)));
        string[] named = [.. Name().Matches(page).Select(m => m.Value)];
        Assert.Empty(named.Except(s_tests));
        Assert.Empty(Missing(named));
    }

    private static int[] Missing(IReadOnlyCollection<string> names) =>
    [
        .. Enumerable.Range(1, Traps).Except(names.SelectMany(n => Number().Matches(n)).Select(m => int.Parse(m.Groups[1].ValueSpan))),
    ];

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CrossMargin.Orleans.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests do not lie in a checkout of CrossMargin");
    }

    [GeneratedRegex(@"Trap(\d\d)_")]
    private static partial Regex Number();

    [GeneratedRegex(@"\bTrap\d\d_\w+")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?m)^\| (\d+) \|")]
    private static partial Regex Row();
}
