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
    public void Pack_TheLibraryForApplications_HasReadmeAndItsParts()
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.Combine(Root(), "src", "CrossMargin.AspNetCore"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[] { "pack", "--no-build", "-c", configuration, "-o", _folder.Path, "-nodeReuse:false", "-v", "minimal" })
        {
            start.ArgumentList.Add(argument);
        }

        using Process pack = Process.Start(start)!;
        string output = pack.StandardOutput.ReadToEnd() + pack.StandardError.ReadToEnd();
        pack.WaitForExit();
        Assert.True(pack.ExitCode == 0, output);
        string file = Assert.Single(Directory.GetFiles(_folder.Path, "*.nupkg"));
        using ZipArchive package = ZipFile.OpenRead(file);
        Assert.Contains(package.Entries, e => e.FullName == "README.md");
        Assert.Contains(package.Entries, e => e.FullName == "lib/net10.0/CrossMargin.AspNetCore.dll");
        using Stream nuspec = package.GetEntry("CrossMargin.AspNetCore.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        Assert.Equal("README.md", metadata.Elements().Single(e => e.Name.LocalName == "readme").Value);
        string[] parts = [.. metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)];
        Assert.Equal(s_libraries.Skip(1).Select(n => "CrossMargin." + n), parts.Where(p => p.StartsWith("CrossMargin.", StringComparison.Ordinal)).Order());
    }

    public void Dispose() => _folder.Dispose();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
