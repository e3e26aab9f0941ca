using CrossMargin.Embedded.Journal;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Server.Tests.Simulate;

/// <summary>Whatever is wrong with the input: exit code 2, one line that names it, and nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string First = "1621382400000,BTCUSDT,43000,43100,42900,43050,100\n";
    private const string Second = "1621382700000,BTCUSDT,43050,43100,42900,43000,100\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Calls.Header + First + "1621382700000,BTCUSDT,43050,43100,4x900,43000,100\n", "row 3", "'4x900'")]
    [InlineData(Calls.Header + First + "1621382700000,BTCUSDT,43050,43100\n", "row 3", "column")]
    [InlineData(Calls.Header + First + "1621382700000,BTCUSDT,43050,43100,43200,43000,100\n", "row 3", "43200")]
    [InlineData("time,symbol,open,high,low,close,vol\n" + First, "row 1", "'vol'")]
    [InlineData(Calls.Header + "1621382400000,FOOUSDT,1,1,1,1,1\n", "row 2", "'FOOUSDT'")]
    [InlineData(Calls.Header + Second + First, "row 3", "1621382400000")]
    [InlineData("", "empty", "")]
    public void Run_PriceFileIsBroken_NamesFileRowAndValue(string text, string row, string value)
    {
        string file = _folder.Write("p.csv", text);
        Refused(["--prices", file], file, row, value);
    }

    [Fact]
    public void Run_OneOptionIsBad_NamesItAndTheValue()
    {
        string prices = _folder.Write("ok.csv", Calls.Header + First + Second);
        string mix = _folder.Write("mix.yaml", "strategies: 5\n");
        string profile = _folder.Write("venue.json", "{}");
        string missing = _folder["none.csv"];
        Refused(["--prices", missing], missing, "no such file");
        Refused(["--prices", prices, "--from", "2022-01-01"], "--prices", "no bar");
        Refused(["--prices", prices, "--from", "2021-05-20", "--to", "2021-05-19"], "--to", "2021-05-19", "2021-05-20");
        Refused(["--prices", prices, "--from", "May 19"], "--from", "'May 19'");
        Refused(["--prices", prices, "--ticks-per-bar", "3"], "--ticks-per-bar", "'3'");
        Refused(["--prices", prices, "--ticks-per-bar", "7"], "--ticks-per-bar", "7 ticks");
        Refused(["--prices", prices, "--symbols", "BTCUSDT,,"], "--symbols", "'BTCUSDT,,'");
        Refused(["--symbols", "XXXUSDT"], "--symbols", "'XXXUSDT'");
        Refused(["--from", "2021-05-19"], "--from", "--prices");
        Refused(["--traders", "0"], "--traders", "'0'");
        Refused(["--traders", "many"], "--traders", "'many'");
        Refused(["--seed", "-1"], "--seed", "'-1'");
        Refused(["--speed", "fast"], "--speed", "'fast'");
        Refused(["--history", "most"], "--history", "'most'");
        Refused(["--mix", missing], "--mix", missing, "no such file");
        Refused(["--mix", mix], mix + ":1", "strategies");
        foreach (string option in (string[])["--prices", "--mix", "--profile", "--funding"])
        {
            Refused([option, _folder.Path], option, _folder.Path + ": is a directory");
        }

        Refused(["--profile", "nowhere"], "--profile", "'nowhere'", "binance");
        Refused(["--profile", profile], profile, "name");
        Refused(["--funding", missing], "--funding", missing);
        Refused(["--scenario", "boom"], "--scenario", "'boom'", "adl");
        Refused(["--scenario", "adl", "--seed", "3"], "--seed", "--scenario");
    }

    [Fact]
    public void Run_FundingFileIsBroken_NamesFileRowAndValue()
    {
        string rates = _folder.Write("rates.csv", "time,symbol,funding_rate\n1621382400000,BTCUSDT,high\n");
        Refused(["--funding", rates, "--traders", "1"], rates, "row 2", "'high'");
    }

    [Fact]
    public void Run_UnknownOption_IsOneLine()
    {
        Refused(["--bogus"], "--bogus");
        Refused(["--traders", "5", "--seeds", "4"], "--seeds");
        string prices = _folder.Write("ok.csv", Calls.Header + First + Second);
        Refused(["--prices", prices, "--bogus"], "--bogus");
        Said said = Calls.Run("simulat");
        Assert.Equal((2, 1), (said.Code, said.Error.TrimEnd().Split('\n').Length));
        Assert.Contains("simulat", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_JournalCannotBeUsed_NamesIt()
    {
        Directory.CreateDirectory(_folder["text"]);
        string text = _folder.Write("text/exchange.journal", "no journal at all");
        RefusedWith("text", [], text, "not a journal");

        // A journal of a later format.
        string newer = _folder["newer"];
        using (ExchangeJournal made = ExchangeJournal.Create(newer, Model.VenueProfiles.Simple.Source, "{\"feed\":\"synthetic\"}").OrThrow())
        {
            Assert.Null(made.Finished);
        }

        string file = Path.Combine(newer, JournalFormat.FileName);
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE meta SET value = '99' WHERE key = 'format'";
            command.ExecuteNonQuery();
        }

        RefusedWith("newer", [], file, "99");
    }

    [Fact]
    public void Run_FolderCannotBeMade_NamesIt()
    {
        string file = _folder.Write("file", "");
        Refused(["--report", file], "--report", file);
        Refused(["--report", "/dev/null/x"], "--report", "/dev/null/x");
        string[] before = _folder.Content();
        Said said = Calls.Run("simulate", "--traders", "5", "--journal", file);
        Assert.Equal(2, said.Code);
        Assert.Contains(file, said.Error, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Content());
    }

    [Fact]
    public void Run_NewJournalButOtherFileOption_LeavesNoFolder()
    {
        string prices = _folder.Write("p.csv", Calls.Header + First + Second + Second);
        string[] before = _folder.Content();
        Said said = Calls.Run("simulate", "--prices", prices, "--journal", _folder["a/b/run"], "--report", _folder["c/report"]);
        Assert.Equal(2, said.Code);
        Assert.Equal(before, _folder.Content());
    }

    private void Refused(string[] options, params string[] parts) => RefusedWith("run", options, parts);

    private void RefusedWith(string journal, string[] options, params string[] parts)
    {
        string[] before = _folder.Content();
        Said said = Calls.Run(["simulate", "--journal", _folder[journal], .. options]);
        Assert.Equal(2, said.Code);
        Assert.Equal("", said.Output);
        string line = Assert.Single(said.Error.TrimEnd('\r', '\n').Split('\n'));
        foreach (string part in parts) Assert.Contains(part, line, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Content());
    }
}
