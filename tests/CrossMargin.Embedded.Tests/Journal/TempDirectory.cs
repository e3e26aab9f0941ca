namespace CrossMargin.Embedded.Tests.Journal;

/// <summary>A directory of its own for one test, gone afterwards.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("crossmargin-").FullName;

    /// <summary>What a crash at this moment would leave: the files as they are, copied.</summary>
    public TempDirectory CrashCopy()
    {
        var copy = new TempDirectory();
        foreach (string file in Directory.GetFiles(Path))
        {
            // The lock and SQLite's shared memory do not survive a process.
            if (file.EndsWith(".lock", StringComparison.Ordinal) || file.EndsWith("-shm", StringComparison.Ordinal)) continue;
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using FileStream target = File.Create(System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
            source.CopyTo(target);
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
