namespace CrossMargin.Embedded.Journal;

/// <summary>
/// A directory while this process holds it: the lock against a second process, and what of it this object made, so that a call which
/// comes to nothing can take exactly that away again.
/// </summary>
internal sealed class JournalPlace : IDisposable
{
    private readonly List<string> _madeFolders;
    private readonly string _lockPath;
    private readonly bool _madeLock;
    private readonly FileStream _lock;

    private JournalPlace(string lockPath, FileStream handle, bool madeLock, List<string> madeFolders) =>
        (_lockPath, _lock, _madeLock, _madeFolders) = (lockPath, handle, madeLock, madeFolders);

    /// <summary>Holds a directory that exists.</summary>
    public static JournalError? TryTake(string directory, out JournalPlace? place) => TryTake(directory, [], out place);

    /// <summary>Holds a directory, which is made if need be.</summary>
    public static JournalError? TryMake(string directory, out JournalPlace? place)
    {
        place = null;
        var made = new List<string>();
        try
        {
            for (string? folder = Path.GetFullPath(directory); folder is not null && !Directory.Exists(folder);)
            {
                made.Add(folder);
                folder = Path.GetDirectoryName(folder);
            }

            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            Remove(made);
            return JournalFaults.Of(directory, e);
        }

        JournalError? error = TryTake(directory, made, out place);
        if (error is not null) Remove(made);
        return error;
    }

    /// <summary>Deletes the given files and whatever else this object made, and lets go of the directory. Does not throw.</summary>
    public void TakeBack(IEnumerable<string> files)
    {
        foreach (string file in files) Attempt(() => File.Delete(file));
        if (_madeLock) Attempt(() => File.Delete(_lockPath));
        Dispose();
        Remove(_madeFolders);
    }

    public void Dispose() => _lock.Dispose();

    private static JournalError? TryTake(string directory, List<string> made, out JournalPlace? place)
    {
        string path = Path.Combine(directory, JournalFormat.LockFileName);
        place = null;
        try
        {
            bool isNew = !File.Exists(path);
            var handle = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            place = new JournalPlace(path, handle, isNew, made);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool denied = e is UnauthorizedAccessException or DirectoryNotFoundException;
            return denied
                ? new JournalError(JournalErrorKind.Inaccessible, $"{path}: cannot be written ({e.Message.ReplaceLineEndings(" ")})")
                : new JournalError(JournalErrorKind.InUse, $"{Path.Combine(directory, JournalFormat.FileName)}: in use by another process");
        }
    }

    // The innermost first; what holds anything stays.
    private static void Remove(List<string> folders)
    {
        foreach (string folder in folders)
        {
            Attempt(() =>
            {
                if (Directory.Exists(folder)) Directory.Delete(folder);
            });
        }
    }

    // What cannot be deleted stays; the caller already reports why nothing came of it.
    private static void Attempt(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
        }
    }
}
