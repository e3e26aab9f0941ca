using System.Runtime.CompilerServices;

namespace CrossMargin.Feeds.Tests;

/// <summary>Recorded market data beside the checkout (<c>../shared/data</c>), which is no part of the project.</summary>
internal static class SharedData
{
    public static string? Find(string name, [CallerFilePath] string source = "")
    {
        for (DirectoryInfo? folder = new FileInfo(source).Directory; folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path)) return path;
        }

        return null;
    }
}

/// <summary>A fact that needs a file of recorded data; where that is missing it is reported as skipped, with the file's name.</summary>
internal sealed class RecordedDataFactAttribute : FactAttribute
{
    public RecordedDataFactAttribute(string name)
    {
        if (SharedData.Find(name) is null) Skip = $"the recorded data file {name} is not beside the checkout";
    }
}
