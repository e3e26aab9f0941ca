namespace CrossMargin.Wire.Tests.Server;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class DataFolder : IDisposable
{
    public DataFolder() => Path = Directory.CreateTempSubdirectory("crossmargin-wire-").FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
