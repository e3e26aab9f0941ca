using System.Globalization;
using CrossMargin.Embedded.Journal;

namespace CrossMargin.Embedded.Serving.Data;

/// <summary>Stops order entry while there is still room to journal cancels, time and prices.</summary>
internal sealed class DiskSpace(ExchangeJournal? journal, DataFolderOptions options)
{
    /// <summary>Why no orders are taken, or null.</summary>
    public string? OrderStop()
    {
        if (journal is null) return null;
        try
        {
            long free = new DriveInfo(Path.GetFullPath(journal.Path)).AvailableFreeSpace;
            if (free < options.LeastFreeBytes) return Text(free, options.LeastFreeBytes);
            if (options.Journal.MaxFileBytes <= 0) return null;
            long left = options.Journal.MaxFileBytes - new FileInfo(journal.Path).Length;
            long least = Math.Min(options.LeastFreeBytes, options.Journal.MaxFileBytes / 4);
            return left < least ? Text(left, least) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // the journal's own failure tells
        }
    }

    private static string Text(long left, long least) => string.Create(
        CultureInfo.InvariantCulture, $"the disk is nearly full: {left >> 20} MB left, below {least >> 20} MB only cancels are taken");
}
