using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Tests.Toys;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.Journal;

public sealed class DamagedJournalTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string File_ => Path.Combine(_directory.Path, JournalFormat.FileName);

    [Theory]
    [InlineData("UPDATE batches SET records = zeroblob(length(records)) WHERE first = 301", JournalErrorKind.Damaged, 300, "checksum")]
    [InlineData("UPDATE batches SET records = substr(records, 1, 50) WHERE first = 301", JournalErrorKind.Damaged, 300, "checksum")]
    [InlineData("UPDATE batches SET count = count - 1 WHERE first = 301", JournalErrorKind.Damaged, 300, "checksum")]
    [InlineData("DELETE FROM batches WHERE first = 301", JournalErrorKind.Damaged, 300, "records 301 to 400 are missing")]
    [InlineData("UPDATE batches SET engine = '9.9.9' WHERE first = 301", JournalErrorKind.OtherEngine, 300, "release 9.9.9")]
    public void Replay_DamagedBatch_StopsBeforeItAndSaysWhere(string damage, JournalErrorKind kind, long last, string text)
    {
        Write();
        Sql(damage);
        (JournalError? error, ExchangeEngine engine) = Replay();

        Assert.Equal(kind, error!.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains(File_, error.Message, StringComparison.Ordinal);
        Assert.Equal(last, engine.Sequence);
    }

    [Theory]
    [InlineData("UPDATE meta SET value = '7' WHERE key = 'format'", JournalErrorKind.UnknownFormat, "journal format 7 is unknown")]
    [InlineData("DELETE FROM meta WHERE key = 'format'", JournalErrorKind.UnknownFormat, "journal format none is unknown")]
    [InlineData("PRAGMA application_id = 5", JournalErrorKind.NotAJournal, "not a journal")]
    public void Open_AnotherKindOfFile_IsRefused(string change, JournalErrorKind kind, string text)
    {
        Write();
        Sql(change);
        JournalResult result = ExchangeJournal.Open(_directory.Path);

        Assert.Null(result.Journal);
        Assert.Equal(kind, result.Error!.Kind);
        Assert.Contains(text, result.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Error.Message);
    }

    [Fact]
    public void Open_TextFile_IsNotAJournal()
    {
        File.WriteAllText(File_, string.Concat(Enumerable.Repeat("this is no database at all. ", 500)));
        Assert.Equal(JournalErrorKind.NotAJournal, ExchangeJournal.Open(_directory.Path).Error!.Kind);
    }

    [Fact]
    public void Open_NothingThere_IsMissingAndLeavesNoFile()
    {
        Assert.Equal(JournalErrorKind.Missing, ExchangeJournal.Open(_directory.Path).Error!.Kind);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Create_OverAJournal_IsRefused()
    {
        Write();
        Assert.Equal(JournalErrorKind.Exists, ExchangeJournal.Create(_directory.Path, "{}", "{}").Error!.Kind);
    }

    [Fact]
    public void Create_BesideAHistory_IsRefusedAndLeavesWhatThereWas()
    {
        string history = Path.Combine(_directory.Path, "exchange.db");
        File.WriteAllText(history, "rows");
        JournalError error = ExchangeJournal.Create(_directory.Path, "{}", "{}").Error!;

        Assert.Equal(JournalErrorKind.Exists, error.Kind);
        Assert.Contains(history, error.Message, StringComparison.Ordinal);
        Assert.Equal([history], Directory.GetFileSystemEntries(_directory.Path));
        Assert.Equal("rows", File.ReadAllText(history));
    }

    [Fact]
    public void Create_WhereAnotherMakesOneNow_DeletesNothing()
    {
        string file = Path.Combine(_directory.Path, JournalFormat.FileName);
        File.WriteAllText(file, "");
        Assert.False(ExchangeJournal.Exists(_directory.Path));
        using (new FileStream(Path.Combine(_directory.Path, JournalFormat.LockFileName), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Assert.Equal(JournalErrorKind.InUse, ExchangeJournal.Create(_directory.Path, "{}", "{}").Error!.Kind);
            Assert.True(File.Exists(file));
        }

        // Nobody makes it any more: what is left of it gives way.
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow();
        Assert.Equal(0, journal.AppendedSequence);
    }

    [Fact]
    public void Create_WhereItCannotBeMade_LeavesNothing()
    {
        string folder = Path.Combine(_directory.Path, "a", "b");
        var tooSmall = new JournalOptions { MaxFileBytes = 1 };
        Assert.Equal(JournalErrorKind.DiskFull, ExchangeJournal.Create(folder, "{}", "{}", tooSmall).Error!.Kind);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Open_OfNoJournal_LeavesNoLock()
    {
        File.WriteAllText(Path.Combine(_directory.Path, JournalFormat.FileName), "text");
        Assert.Equal(JournalErrorKind.NotAJournal, ExchangeJournal.Open(_directory.Path).Error!.Kind);
        Assert.Single(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void TakeBack_OfAJournalThatHoldsNothing_LeavesNothing()
    {
        string folder = Path.Combine(_directory.Path, "a", "b");
        ExchangeJournal journal = ExchangeJournal.Create(folder, "{}", "{}").OrThrow();
        File.WriteAllText(Path.Combine(folder, "exchange.db"), "");
        journal.TakeBack();
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void TakeBack_OfAJournalWithCommands_IsRefused()
    {
        Write();
        using ExchangeJournal journal = ExchangeJournal.Open(_directory.Path).OrThrow();
        Assert.Throws<InvalidOperationException>(journal.TakeBack);
        Assert.True(ExchangeJournal.Exists(_directory.Path));
    }

    [Fact]
    public void Open_Twice_IsRefusedAsInUse()
    {
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}").OrThrow();
        JournalResult second = ExchangeJournal.Open(_directory.Path);
        Assert.Equal(JournalErrorKind.InUse, second.Error!.Kind);
    }

    [Fact]
    public void Replay_DamagedSnapshot_IsNamed()
    {
        Write(snapshot: true);
        Sql("UPDATE snapshot_parts SET bytes = zeroblob(length(bytes))");
        (JournalError? error, _) = Replay();

        Assert.Equal(JournalErrorKind.Damaged, error!.Kind);
        Assert.Contains("snapshot of record 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_OtherEngineBeforeTheLastSnapshot_IsFine()
    {
        Write(snapshot: true);
        Sql("UPDATE batches SET engine = '9.9.9'");
        (JournalError? error, ExchangeEngine engine) = Replay();

        Assert.Null(error);
        Assert.Equal(600, engine.Sequence);
    }

    public void Dispose() => _directory.Dispose();

    private void Write(bool snapshot = false)
    {
        var commands = new ToyCommands(accounts: 30);
        ExchangeEngine engine = ToyCommands.NewEngine();
        var options = new JournalOptions { GatherBytes = 1 << 20 };
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, "{}", "{}", options).OrThrow();
        for (int i = 1; i <= 600; i++)
        {
            ExchangeJournalTests.Run(engine, journal, commands.Next(i - 1));
            if (i % 100 == 0) journal.WaitForCommit(i);
        }

        if (snapshot) journal.SaveSnapshot(SnapshotImage.Of(engine));
    }

    private (JournalError? Error, ExchangeEngine Engine) Replay()
    {
        using ExchangeJournal journal = ExchangeJournal.Open(_directory.Path).OrThrow();
        ExchangeEngine engine = ToyCommands.NewEngine();
        return (JournalReplay.Replay(engine, journal), engine);
    }

    private void Sql(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File_};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
