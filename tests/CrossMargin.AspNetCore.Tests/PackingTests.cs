using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace CrossMargin.AspNetCore.Tests;

public sealed class PackingTests : IDisposable
{
    private static readonly string[] s_libraries = ["AspNetCore", "Embedded", "Engine", "Feeds", "Gateway", "Hosting", "Model", "Traders"];

    private readonly TempFolder _folder = new();

    [Fact]
    public void Libraries_SayWhatTheyAre()
    {
        foreach (string name in s_libraries)
        {
            string folder = Path.Combine(Root(), "src", "CrossMargin." + name);
            XDocument project = XDocument.Load(Path.Combine(folder, $"CrossMargin.{name}.csproj"));
            Assert.True(project.Descendants("Description").Any(d => d.Value.Length > 20), name);
            Assert.StartsWith($"# CrossMargin.{name}\n", File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pack_AllLibraries_EachHasItsReadmeLicenceAndParts()
    {
        await PackAsync();
        Assert.Equal(s_libraries.Length, Directory.GetFiles(_folder.Path, "*.nupkg").Length);
        foreach (string name in s_libraries)
        {
            string id = "CrossMargin." + name;
            using ZipArchive package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_folder.Path, id + ".*.nupkg")));
            Assert.Contains(package.Entries, e => e.FullName == "README.md");
            Assert.Contains(package.Entries, e => e.FullName == $"lib/net10.0/{id}.dll");
            await using Stream nuspec = package.GetEntry(id + ".nuspec")!.Open();
            XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
            Assert.Equal("README.md", metadata.Elements().Single(e => e.Name.LocalName == "readme").Value);
            Assert.Equal("MIT", metadata.Elements().Single(e => e.Name.LocalName == "license").Value);
            string[] parts = [.. metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)];
            string[] own = [.. parts.Where(p => p.StartsWith("CrossMargin.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            Assert.Equal(References(name), own);
        }

        Assert.StartsWith("MIT License", await File.ReadAllTextAsync(Path.Combine(Root(), "LICENSE")), StringComparison.Ordinal);
    }

    // All in one go: most of the time goes into starting the tool.
    private async Task PackAsync()
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        string projects = string.Join(';', s_libraries.Select(ProjectFile));
        string properties = $"NoBuild=true;Configuration={configuration};PackageOutputPath={_folder.Path}";
        string all = Path.Combine(_folder.Path, "all.proj");
        var target = new XElement("Target", new XAttribute("Name", "Pack"), new XElement(
            "MSBuild", new XAttribute("Projects", projects), new XAttribute("Targets", "Pack"), new XAttribute("Properties", properties)));
        await File.WriteAllTextAsync(all, new XElement("Project", target).ToString());
        var start = new ProcessStartInfo("dotnet", ["msbuild", all, "-t:Pack", "-nodeReuse:false", "-nologo", "-v:minimal"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process pack = Process.Start(start)!;
        Task<string> output = pack.StandardOutput.ReadToEndAsync();
        Task<string> error = pack.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            await pack.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!pack.HasExited) pack.Kill(entireProcessTree: true);
        }

        Assert.True(pack.ExitCode == 0, await output + await error);
    }

    private static string[] References(string name) =>
    [
        .. XDocument.Load(ProjectFile(name)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))).Order(StringComparer.Ordinal),
    ];

    private static string ProjectFile(string name) => Path.Combine(Root(), "src", "CrossMargin." + name, $"CrossMargin.{name}.csproj");

    public void Dispose() => _folder.Dispose();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
