namespace CrossMargin.TestKit;

/// <summary>Recorded market data beside the checkout (<c>../shared/data</c>); a checkout alone does not have it.</summary>
public static class RecordedData
{
    /// <summary>The path of a recorded file, or null where it is missing.</summary>
    public static string? Find(string fileName)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CrossMargin.Orleans.sln"))) folder = folder.Parent;
        if (folder?.Parent is not { } beside) return null;
        string path = Path.Combine(beside.FullName, "shared", "data", fileName);
        return File.Exists(path) ? path : null;
    }
}
