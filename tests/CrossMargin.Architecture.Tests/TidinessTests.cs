using System.Text.RegularExpressions;

namespace CrossMargin.Architecture.Tests;

/// <summary>House rules that a reader would otherwise have to check by eye.</summary>
public partial class TidinessTests
{
    private const int LineLimit = 160;
    private const int ProductFileLimit = 600;
    private const int TestFileLimit = 800;
    private const int SampleFileLimit = 30;

    [Fact]
    public void Lines_AreShort() => Report(
        RepositoryFiles.Sources("src", "tests", "load").SelectMany(p => File.ReadAllLines(p)
            .Select((line, i) => (line, i)).Where(l => l.line.Length > LineLimit)
            .Select(l => $"{RepositoryFiles.Relative(p)}:{l.i + 1} has {l.line.Length} columns, {LineLimit} are allowed")));

    [Fact]
    public void Files_AreSmall() => Report(
        RepositoryFiles.Sources("src", "load").Select(p => (p, limit: ProductFileLimit))
            .Concat(RepositoryFiles.Sources("tests").Select(p => (p, limit: TestFileLimit)))
            .Select(f => (f.p, f.limit, lines: File.ReadAllLines(f.p).Length)).Where(f => f.lines > f.limit)
            .Select(f => $"{RepositoryFiles.Relative(f.p)} has {f.lines} lines, {f.limit} are allowed"));

    [Fact]
    public void Samples_AreReadAtAGlance() => Report(
        RepositoryFiles.Sources("samples").Select(p => (p, lines: File.ReadAllLines(p).Length)).Where(f => f.lines > SampleFileLimit)
            .Select(f => $"{RepositoryFiles.Relative(f.p)} has {f.lines} lines, {SampleFileLimit} are allowed"));

    [Fact]
    public void Comments_AreNotHollow() => Report(
        RepositoryFiles.Sources("src", "load").SelectMany(p => File.ReadAllLines(p).Select((line, i) => (line, i))
            .Where(l => Hollow().IsMatch(l.line))
            .Select(l => $"{RepositoryFiles.Relative(p)}:{l.i + 1}: {l.line.Trim()}")));

    [Theory]
    [InlineData("/// <param name=\"x\"></param>")]
    [InlineData("// TO" + "DO: later")]
    [InlineData("/// TB" + "D")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    public void PlantedHollowLine_IsFound(string line) => Assert.Matches(Hollow(), line);

    [Fact]
    public void Steps_OfTheArchitecturePage_StandInTheCode()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "ARCHITECTURE.md"));
        HashSet<int> told = [.. StepInPage().Matches(page).Select(m => int.Parse(m.Groups[1].Value))];
        HashSet<int> marked = [.. RepositoryFiles.Sources("src").SelectMany(p => StepInCode().Matches(File.ReadAllText(p)))
            .Select(m => int.Parse(m.Groups[1].Value))];
        Assert.NotEmpty(told);
        Assert.Equal(told.Order(), marked.Order());
    }

    [Fact]
    public void LinksBetweenDocuments_LeadSomewhere()
    {
        string[] pages = [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "docs"), "*.md", SearchOption.AllDirectories),
            Path.Combine(RepositoryFiles.Root, "README.md")];
        Report(pages.SelectMany(p => Link().Matches(File.ReadAllText(p)).Select(m => m.Groups[1].Value)
            .Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith('#'))
            .Where(l => !Path.Exists(Path.Combine(Path.GetDirectoryName(p)!, l.Split('#')[0])))
            .Select(l => $"{RepositoryFiles.Relative(p)} links to {l}, which is not there")));
    }

    private static void Report(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }

    [GeneratedRegex(@"<(param|returns|typeparam|summary)[^>]*>\s*</|\bTODO\b|\bFIXME\b|\bTBD\b|\bHACK\b|NotImplementedException")]
    private static partial Regex Hollow();

    [GeneratedRegex(@"(?m)^(\d+)\. ")]
    private static partial Regex StepInPage();

    [GeneratedRegex(@":: Step (\d+)")]
    private static partial Regex StepInCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
