using System.Xml.Linq;

namespace CrossMargin.Architecture.Tests;

/// <summary>The "→" table of docs/ARCHITECTURE.md lists every project reference that is allowed in src; the project files must agree.</summary>
public class ReferenceTableTests
{
    [Fact]
    public void ProjectReferences_AreThoseOfTheTable()
    {
        Dictionary<string, HashSet<string>> allowed = ReadTable(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "ARCHITECTURE.md")));
        var faults = new List<string>();
        foreach (string project in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            faults.AddRange(Faults(Path.GetFileNameWithoutExtension(project), References(XDocument.Load(project)), allowed));
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public void NothingInSrc_ReferencesTestsOrLoad()
    {
        foreach (string project in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(project).Replace('\\', '/');
            Assert.DoesNotContain("/tests/", text, StringComparison.Ordinal);
            Assert.DoesNotContain("/load/", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void PlantedReference_IsFound()
    {
        Dictionary<string, HashSet<string>> allowed = ReadTable("""
            | CrossMargin.Model | the language | → (nothing) |
            | CrossMargin.Engine | rules | → Model |
            """);
        XDocument project = XDocument.Parse(
            """<Project><ItemGroup><ProjectReference Include="..\CrossMargin.Hosting\CrossMargin.Hosting.csproj" /></ItemGroup></Project>""");
        Assert.Single(Faults("CrossMargin.Engine", References(project), allowed));
        Assert.Single(Faults("CrossMargin.Model", References(project), allowed));
        Assert.Single(Faults("CrossMargin.Unknown", [], allowed));
    }

    private static IEnumerable<string> Faults(string project, IEnumerable<string> references, Dictionary<string, HashSet<string>> allowed)
    {
        if (!allowed.TryGetValue(project, out HashSet<string>? mine))
        {
            yield return $"{project} is not in the table";
            yield break;
        }

        foreach (string reference in references)
        {
            if (!mine.Contains(reference)) yield return $"{project} → {reference} is not in the table";
        }
    }

    private static List<string> References(XDocument project) => [.. project.Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')))];

    private static Dictionary<string, HashSet<string>> ReadTable(string text)
    {
        var table = new Dictionary<string, HashSet<string>>();
        foreach (string line in text.Split('\n'))
        {
            string[] cells = [.. line.Split('|').Select(c => c.Trim())];
            if (cells.Length < 4 || !cells[1].StartsWith("CrossMargin.", StringComparison.Ordinal) || !cells[3].StartsWith('→')) continue;
            table[cells[1]] = [.. cells[3][1..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(w => w != "(nothing)").Select(w => "CrossMargin." + w)];
        }

        return table;
    }
}
