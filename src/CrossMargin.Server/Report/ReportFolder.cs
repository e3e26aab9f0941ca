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

    /// <summary>Makes the folder; <see cref="BadInputException"/> where that cannot be.</summary>
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
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{option}: {Path}: cannot be made: {e.Message}");
        }
    }

    public void Write(RunReport report)
    {
        Write((HtmlName, HtmlReport.Write(report)), (JsonName, JsonReport.Write(report)));
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

    private void Write(params (string Name, string Text)[] files)
    {
        string[] parts = [.. files.Select(f => System.IO.Path.Combine(Path, f.Name + ".part"))];
        try
        {
            for (int i = 0; i < files.Length; i++) File.WriteAllText(parts[i], files[i].Text);
            for (int i = 0; i < files.Length; i++) File.Move(parts[i], System.IO.Path.Combine(Path, files[i].Name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (string part in parts) File.Delete(part);
            throw new BadInputException($"{option}: {Path}: cannot be written: {e.Message}");
        }
    }
}
