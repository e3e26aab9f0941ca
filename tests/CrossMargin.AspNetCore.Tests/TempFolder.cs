namespace CrossMargin.AspNetCore.Tests;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("crossmargin-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
