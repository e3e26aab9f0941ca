using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Server.Simulate;
using CrossMargin.Server.Tests.Simulate;

namespace CrossMargin.Server.Tests.Serve;

/// <summary>What cannot be used is one line on standard error and exit code 2.</summary>
public class ServeOptionTests
{
    [Theory]
    [InlineData("--port", "x")]
    [InlineData("--port", "70000")]
    [InlineData("--bind", "somewhere")]
    [InlineData("--urls", "ftp://127.0.0.1")]
    [InlineData("--urls", "http://127.0.0.1:0", "--port", "1")]
    [InlineData("--data", "there", "--ephemeral")]
    [InlineData("--profile", "nasdaq")]
    [InlineData("--feed", "weather")]
    [InlineData("--feed", "replay")]
    [InlineData("--traders", "-1")]
    [InlineData("--house", "maybe")]
    [InlineData("--limits", "yes")]
    [InlineData("--speed", "fast")]
    [InlineData("--history", "some")]
    [InlineData("--until", "soon")]
    [InlineData("--until", "1", "--ephemeral")]
    [InlineData("--keep-days", "-1")]
    [InlineData("--demo", "1")]
    [InlineData("--log-format", "xml")]
    [InlineData("--nonsense")]
    [InlineData("backup")]
    public void Options_OutOfRange_AreOneLineAndCode2(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCode.BadInput, CommandLine.Run(arguments, TextWriter.Null, error));
        Assert.Single(error.ToString().Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--until", "5")]
    [InlineData("upgrade")]
    [InlineData("history", "rebuild")]
    [InlineData("backup", "copy")]
    public void Folder_WithoutAJournal_IsOneLineAndCode2(params string[] arguments)
    {
        using var folder = new TempFolder();
        using var error = new StringWriter();
        string[] there = arguments is ["backup", _] ? ["backup", folder["copy"]] : arguments;
        Assert.Equal(ExitCode.BadInput, CommandLine.Run([.. there, "--data", folder["none"]], TextWriter.Null, error));
        Assert.Contains("journal", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().Trim().Split('\n'));
    }

    [Theory]
    [InlineData("upgrade")]
    [InlineData("history", "rebuild")]
    public async Task Folder_WithHistoryOfTradesOnly_StaysSo(params string[] arguments)
    {
        using var folder = new TempFolder();
        var options = new DataFolderOptions { Directory = folder["data"], History = HistoryMode.Trades };
        using (DataFolder data = DataFolder.Open(options).OrThrow()) await data.Start(new VirtualClock()).BeatAsync();
        using var error = new StringWriter();
        int code = CommandLine.Run([.. arguments, "--data", folder["data"]], TextWriter.Null, error);
        Assert.Equal((ExitCode.Done, ""), (code, error.ToString()));
        Assert.Equal(HistoryMode.Trades, ExchangeHistory.ModeOf(folder["data"]));
        DataFolder.Open(options).OrThrow().Dispose();
    }

    [Fact]
    public void Journal_ThatIsDamaged_IsOneLineAndCode2()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["exchange.journal"], string.Concat(Enumerable.Repeat("this is no database ", 1_000)));
        using var error = new StringWriter();
        Assert.Equal(ExitCode.BadInput, CommandLine.Run(["--data", folder.Path, "--port", "0"], TextWriter.Null, error));
        Assert.Single(error.ToString().Trim().Split('\n'));
    }

    [Theory]
    [InlineData("account/0000000001")]
    [InlineData("key/x")]
    [InlineData("alert/1/x")]
    public void Setting_ThatIsSpoiled_IsOneLineThatNamesItAndCode2(string setting)
    {
        using var folder = new TempFolder();
        using (DataFolder data = DataFolder.Open(new DataFolderOptions { Directory = folder["data"] }).OrThrow()) data.Settings.Set(setting, "{");
        using var error = new StringWriter();
        Assert.Equal(ExitCode.BadInput, CommandLine.Run(["--data", folder["data"], "--port", "0", "--traders", "0"], TextWriter.Null, error));
        Assert.Contains($"the setting {setting} cannot be read", Assert.Single(error.ToString().Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_AMissingFile_IsOneLineAndCode2()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCode.BadInput, CommandLine.Run(["--ephemeral", "--port", "0", "--feed", "replay", "/nowhere/prices.csv"], TextWriter.Null, error));
        Assert.Equal("serve: /nowhere/prices.csv: no such file", error.ToString().Trim());
    }
}
