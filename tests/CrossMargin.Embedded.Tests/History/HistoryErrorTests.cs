using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Model;
using CrossMargin.TestKit;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.History;

public sealed class HistoryErrorTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Append_DiskFull_StopsWithOneClearLine()
    {
        ExchangeHistory history = Open(new HistoryOptions { MaxFileBytes = 600_000, BufferEvents = 64 }).OrThrow();
        var script = new Script(history);
        HistoryException thrown = Assert.Throws<HistoryException>(() =>
        {
            for (int i = 0; i < 1_000_000; i++) script.Command(Script.Of(1, 1, default(Traded)));
        });

        Assert.Equal(HistoryErrorKind.DiskFull, thrown.Error.Kind);
        Assert.Contains("exchange.db: the disk is full, order entry has stopped", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', thrown.Message);
        long written = history.WrittenSequence;
        history.Dispose();
        // What is there is whole: as many rows as the number of the last command says.
        Assert.Equal($"{written}", HistoryDump.One(_directory.Path, "SELECT count(*) FROM trade_rows"));
    }

    [Fact]
    public void Append_FileHeldByAnotherProcess_StopsWithOneClearLine()
    {
        using ExchangeHistory history = Open(new HistoryOptions { BusyTimeout = TimeSpan.FromMilliseconds(20) }).OrThrow();
        using var other = new SqliteConnection($"Data Source={HistoryDump.File(_directory.Path)};Pooling=False");
        other.Open();
        using SqliteCommand hold = other.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        hold.ExecuteNonQuery();
        new Script(history).Command(Script.Of(1, 1, default(Traded)));

        HistoryException thrown = Assert.Throws<HistoryException>(history.Flush);
        Assert.Equal(HistoryErrorKind.InUse, thrown.Error.Kind);
        Assert.Equal(thrown.Error, history.Failure);
    }

    [Fact]
    public void Append_JournalFails_CommitsNothingBeyondIt()
    {
        var options = new HistoryOptions { WaitForJournal = sequence => Assert.True(sequence <= 3, "the journal failed") };
        using (ExchangeHistory history = Open(options).OrThrow())
        {
            var script = new Script(history);
            for (int i = 0; i < 3; i++) script.Command(Script.Of(1, 1, default(Traded)));
            history.Flush();
            script.Command(Script.Of(1, 1, default(Traded)));
            Assert.Throws<HistoryException>(history.Flush);
            Assert.Equal(3, history.WrittenSequence);
        }

        Assert.Equal("3", HistoryDump.One(_directory.Path, "SELECT count(*) FROM trades"));
    }

    [Theory]
    [InlineData("UPDATE meta SET value = 9 WHERE key = 'format'", HistoryErrorKind.UnknownFormat, "history format 9 is unknown")]
    [InlineData("UPDATE meta SET value = 'trades' WHERE key = 'mode'", HistoryErrorKind.Mismatch, "mode trades, not all")]
    [InlineData("UPDATE markets SET symbol = 'XXX' WHERE market = 2", HistoryErrorKind.Mismatch, "market 2 is XXX there, BBBUSDT")]
    [InlineData("PRAGMA application_id = 5", HistoryErrorKind.NotAHistory, "not a history")]
    public void Open_AnotherKindOfFile_IsRefused(string change, HistoryErrorKind kind, string text)
    {
        Open(new HistoryOptions()).OrThrow().Dispose();
        using (var connection = new SqliteConnection($"Data Source={HistoryDump.File(_directory.Path)};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = change;
            command.ExecuteNonQuery();
        }

        HistoryResult result = Open(new HistoryOptions());
        Assert.Null(result.History);
        Assert.Equal(kind, result.Error!.Kind);
        Assert.Contains(text, result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HistoryOfAnotherRun_IsRefused()
    {
        Open(new HistoryOptions { RunId = "a" }).OrThrow().Dispose();
        Open(new HistoryOptions { RunId = "a" }).OrThrow().Dispose();
        HistoryError error = Open(new HistoryOptions { RunId = "b" }).Error!;

        Assert.Equal(HistoryErrorKind.Mismatch, error.Kind);
        Assert.Contains("another run; delete exchange.db and resume", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TextFile_IsNotAHistory()
    {
        File.WriteAllText(HistoryDump.File(_directory.Path), string.Concat(Enumerable.Repeat("this is no database at all. ", 500)));
        Assert.Equal(HistoryErrorKind.NotAHistory, Open(new HistoryOptions()).Error!.Kind);
    }

    [Fact]
    public void Open_ModeNone_MakesNoFile()
    {
        Assert.Throws<ArgumentException>(() => Open(new HistoryOptions { Mode = HistoryMode.None }));
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    public void Dispose() => _directory.Dispose();

    private HistoryResult Open(HistoryOptions options) => ExchangeHistory.Open(_directory.Path, TestProfiles.Simple(), options);
}
