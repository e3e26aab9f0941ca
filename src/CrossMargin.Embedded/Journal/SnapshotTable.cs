using System.IO.Compression;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.Journal;

/// <summary>Snapshots in the journal file: compressed parts, with a hash over what they hold.</summary>
internal static class SnapshotTable
{
    private const long DayMilliseconds = 86_400_000;
    private const int LargestPart = 1 << 30;
    private const string SelectHead = "SELECT sequence, time, hash, engine FROM snapshots WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1";
    private const string SelectParts = "SELECT section, length, bytes FROM snapshot_parts WHERE sequence = ? ORDER BY section, part";
    private const string InsertPartText =
        "INSERT INTO snapshot_parts (sequence, section, part, length, bytes) VALUES (?, ?, ?, ?, ?)";

    public static void Insert(SqliteSession session, SnapshotImage image, JournalOptions options)
    {
        sqlite3_stmt head = session.Statement("INSERT OR REPLACE INTO snapshots (sequence, engine, time, hash) VALUES (?, ?, ?, ?)");
        raw.sqlite3_bind_int64(head, 1, image.Sequence);
        raw.sqlite3_bind_text(head, 2, options.EngineVersion);
        raw.sqlite3_bind_int64(head, 3, image.Time.Milliseconds);
        raw.sqlite3_bind_text(head, 4, image.WholeHash());
        session.Step(head);
        Delete(session, "DELETE FROM snapshot_parts WHERE sequence = ?", image.Sequence);
        foreach (int section in (int[])[SnapshotImage.Exchange, SnapshotImage.Run])
        {
            for (int part = 0; part < image.Parts(section).Count; part++) InsertPart(session, image, section, part);
        }

        DropOld(session, options);
    }

    public static SnapshotImage? Load(string path, SqliteSession session, long atMost)
    {
        session.Execute("BEGIN");
        sqlite3_stmt head = session.Statement(SelectHead);
        raw.sqlite3_bind_int64(head, 1, atMost);
        if (!session.Step(head)) return null;
        var image = new SnapshotImage(raw.sqlite3_column_int64(head, 0), new Timestamp(raw.sqlite3_column_int64(head, 1)))
        {
            EngineVersion = raw.sqlite3_column_text(head, 3).utf8_to_string(),
        };
        string hash = raw.sqlite3_column_text(head, 2).utf8_to_string();
        sqlite3_stmt parts = session.Statement(SelectParts);
        raw.sqlite3_bind_int64(parts, 1, image.Sequence);
        bool readable = true;
        while (readable && session.Step(parts))
        {
            int section = raw.sqlite3_column_int(parts, 0);
            readable = section is SnapshotImage.Exchange or SnapshotImage.Run
                && TryExpand(raw.sqlite3_column_blob(parts, 2), raw.sqlite3_column_int64(parts, 1), out byte[] piece)
                && Take(image, section, piece);
        }

        if (readable && image.WholeHash() == hash) return image;
        string problem = $"{path}: the snapshot of record {image.Sequence} does not have its hash";
        throw new JournalException(new JournalError(JournalErrorKind.Damaged, problem));
    }

    private static bool Take(SnapshotImage image, int section, byte[] piece)
    {
        image.AddOwned(section, piece);
        return true;
    }

    private static void InsertPart(SqliteSession session, SnapshotImage image, int section, int part)
    {
        byte[] piece = image.Parts(section)[part];
        var packed = new MemoryStream(piece.Length / 2);
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(piece);
        sqlite3_stmt insert = session.Statement(InsertPartText);
        raw.sqlite3_bind_int64(insert, 1, image.Sequence);
        raw.sqlite3_bind_int64(insert, 2, section);
        raw.sqlite3_bind_int64(insert, 3, part);
        raw.sqlite3_bind_int64(insert, 4, piece.Length);
        session.Check(raw.sqlite3_bind_blob(insert, 5, packed.GetBuffer().AsSpan(0, (int)packed.Length)));
        session.Step(insert);
    }

    private static bool TryExpand(ReadOnlySpan<byte> packed, long length, out byte[] piece)
    {
        piece = [];
        if (length is < 0 or > LargestPart) return false;
        byte[] whole = new byte[length];
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            deflate.ReadExactly(whole);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return false;
        }

        piece = whole;
        return true;
    }

    // The newest ones, and where days are kept the first one of each day, back to the first that is as old as they are.
    private static void DropOld(SqliteSession session, JournalOptions options)
    {
        var all = new List<(long Sequence, long Day)>();
        sqlite3_stmt rows = session.Statement("SELECT sequence, time FROM snapshots ORDER BY sequence");
        while (session.Step(rows)) all.Add((raw.sqlite3_column_int64(rows, 0), raw.sqlite3_column_int64(rows, 1) / DayMilliseconds));
        int newest = all.Count - Math.Max(1, options.KeepSnapshots);
        for (int i = 0; i < newest; i++)
        {
            bool firstOfDay = i == 0 || all[i - 1].Day != all[i].Day;
            bool isOld = all[i + 1].Day < all[^1].Day - options.KeepDays;
            if (options.KeepDays > 0 && firstOfDay && !isOld) continue;
            Delete(session, "DELETE FROM snapshots WHERE sequence = ?", all[i].Sequence);
            Delete(session, "DELETE FROM snapshot_parts WHERE sequence = ?", all[i].Sequence);
        }
    }

    private static void Delete(SqliteSession session, string sql, long sequence)
    {
        sqlite3_stmt statement = session.Statement(sql);
        raw.sqlite3_bind_int64(statement, 1, sequence);
        session.Step(statement);
    }
}
