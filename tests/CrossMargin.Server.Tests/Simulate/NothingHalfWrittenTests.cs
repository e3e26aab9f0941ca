using CrossMargin.Server.Simulate;

namespace CrossMargin.Server.Tests.Simulate;

/// <summary>A run that cannot begin leaves nothing; one whose report cannot be written is kept and gets it later.</summary>
public sealed class NothingHalfWrittenTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_NewRunBesideAnotherRunsHistory_IsRefused()
    {
        string[] options = ["simulate", "--prices", _folder.Write("p.csv", Calls.Crash(3)), "--traders", "3", "--journal", _folder["run"]];
        Assert.Equal(0, Calls.Run(options).Code);
        File.Delete(_folder["run/exchange.journal"]);
        Refused(options, _folder["run/exchange.db"], "history of another run");
    }

    [Fact]
    public void Run_ReportIsADirectory_IsRefusedBeforeTheRun()
    {
        Directory.CreateDirectory(_folder["report/report.html"]);
        Refused(["simulate", "--traders", "3", "--journal", _folder["run"], "--report", _folder["report"]], "--report", "report.html: a directory");
        Refused(["simulate", "--traders", "3", "--journal", _folder["report"]], "--journal", "report.html: a directory");
    }

    [Fact]
    public void Run_OutputFailsBeforeTheFirstStep_IsOneLineAndLeavesNothing()
    {
        string[] before = Everything();
        (int code, string line) = RunWith(new FailingWriter(0));
        Assert.Equal(ExitCode.Broken, code);
        Assert.Equal("simulate: a fault of the program at step 0: InvalidOperationException: the writer is broken", line);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void Run_FaultInTheMiddle_IsOneLineWithTheStepAndKeepsTheRun()
    {
        (int code, string line) = RunWith(new FailingWriter(2));
        Assert.Equal(ExitCode.Broken, code);
        Assert.StartsWith("simulate: a fault of the program at step 1: ", line, StringComparison.Ordinal);
        Said resumed = Calls.Run("simulate", "--journal", _folder["a/run"]);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("resumed from the beginning;", resumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ReportCannotBeWrittenAtTheEnd_IsKeptAndGetsItLater()
    {
        // What was checked before the run is not so any more at its end.
        var block = new FailingWriter(int.MaxValue) { AtFirstLine = () => Directory.CreateDirectory(_folder["report/report.json.part"]) };
        (int code, string line) = RunWith(block, _folder["report"]);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("cannot be written", line, StringComparison.Ordinal);
        Assert.EndsWith("simulate --journal " + _folder["a/run"], line, StringComparison.Ordinal);
        Assert.Equal([_folder["report/report.json.part"]], Directory.GetFileSystemEntries(_folder["report"]));

        Said later = Calls.Run("simulate", "--journal", _folder["a/run"]);
        Assert.Equal((0, ""), (later.Code, later.Error));
        Assert.True(File.Exists(_folder["a/run/report.html"]));
        Assert.True(File.Exists(_folder["a/run/report.json"]));
        Assert.Contains("finished", Calls.Run("simulate", "--journal", _folder["a/run"]).Error, StringComparison.Ordinal);
    }

    private (int Code, string Line) RunWith(FailingWriter output, string? report = null)
    {
        var error = new StringWriter();
        var options = new SimulateOptions
        {
            Prices = [_folder.Write("p.csv", Calls.Crash(3))],
            Traders = "3",
            Journal = _folder["a/run"],
            Report = report,
        };
        int code = new Simulation(SimulationHost.Of(output, error)).Run(options, CancellationToken.None);
        return (code, Assert.Single(error.ToString().TrimEnd('\r', '\n').Split('\n')));
    }

    private void Refused(string[] arguments, params string[] parts)
    {
        string[] before = Everything();
        Said said = Calls.Run(arguments);
        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Output));
        string line = Assert.Single(said.Error.TrimEnd('\r', '\n').Split('\n'));
        foreach (string part in parts) Assert.Contains(part, line, StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    // Locks too.
    private string[] Everything() =>
    [
        .. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(e => !e.EndsWith("p.csv", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Breaks after so many lines.</summary>
    private sealed class FailingWriter(int lines) : StringWriter
    {
        private int _written;

        public Action AtFirstLine { get; init; } = () => { };

        public override void WriteLine(string? value)
        {
            if (_written == 0) AtFirstLine();
            if (_written++ >= lines) throw new InvalidOperationException("the writer is\nbroken");
        }
    }
}
