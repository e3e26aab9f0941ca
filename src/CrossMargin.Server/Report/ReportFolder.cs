using CrossMargin.Server.Report.Html;
using CrossMargin.Server.Simulate;

namespace CrossMargin.Server.Report;

/// <summary>
/// Where report.html and report.json go. Both are written whole or not at all; a folder that was made for them and got none is removed.
/// </summary>
public sealed class ReportFolder(string option, string path) : IDisposable
{
    public const string HtmlName = "report.html";
    public const string JsonName = "report.json";

    private readonly List<string> _made = [];

    public string Path { get; } = path;

    /// <summary>Makes the folder; <see cref="BadInputException"/> where that cannot be, or where no report could be written.</summary>
    public void Prepare()
    {
        try
        {
            if (File.Exists(Path)) throw new BadInputException($"{option}: {Path}: a file, not a folder");
            for (string? folder = System.IO.Path.GetFullPath(Path); folder is not null && !Directory.Exists(folder);)
            {
                _made.Add(folder);
                folder = System.IO.Path.GetDirectoryName(folder);
            }

            Directory.CreateDirectory(Path);
            foreach (string name in (string[])[HtmlName, JsonName, PartOf(HtmlName), PartOf(JsonName)])
            {
                string file = System.IO.Path.Combine(Path, name);
                if (Directory.Exists(file)) throw new BadInputException($"{option}: {file}: a directory, where the report is to be written");
            }

            // Whether files can be made there is known before the run, not after it.
            string probe = System.IO.Path.Combine(Path, System.IO.Path.GetRandomFileName());
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{option}: {Path}: cannot be made or written: {e.Message}");
        }
    }

    /// <summary>Writes both; <see cref="BadInputException"/> where that cannot be, which says how the run that is kept gets them.</summary>
    public void Write(RunReport report, string? journal)
    {
        string later = journal is null ? "" : $"; the run is kept, for its report: simulate --journal {journal}";
        Write(later, (HtmlName, HtmlReport.Write(report)), (JsonName, JsonReport.Write(report)));
    }

    public void Dispose()
    {
        // The innermost first; what holds anything stays.
        foreach (string folder in _made)
        {
            try
            {
                if (Directory.Exists(folder)) Directory.Delete(folder);
            }
            catch (IOException)
            {
                return;
            }
            catch (UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    private static string PartOf(string name) => name + ".part";

    private void Write(string later, params (string Name, string Text)[] files)
    {
        string[] parts = [.. files.Select(f => System.IO.Path.Combine(Path, PartOf(f.Name)))];
        try
        {
            for (int i = 0; i < files.Length; i++) File.WriteAllText(parts[i], files[i].Text);
            for (int i = 0; i < files.Length; i++) File.Move(parts[i], System.IO.Path.Combine(Path, files[i].Name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (string part in parts.Where(File.Exists)) File.Delete(part);
            throw new BadInputException($"{option}: {Path}: cannot be written: {e.Message}{later}");
        }
    }
}
