using System.Diagnostics;
using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Feeds;
using CrossMargin.Model;
using CrossMargin.Server.Report;
using CrossMargin.Server.Report.Recording;
using CrossMargin.Server.Simulate.Progress;

namespace CrossMargin.Server.Simulate;

/// <summary>One call of <c>simulate</c>: options, run, report. Bad input leaves nothing behind.</summary>
public sealed class Simulation(SimulationHost host)
{
    /// <summary>Returns the exit code (<see cref="ExitCode"/>).</summary>
    public int Run(SimulateOptions options, CancellationToken stop)
    {
        try
        {
            return RunOrThrow(options, stop);
        }
        catch (BadInputException e)
        {
            host.Error.WriteLine("simulate: " + e.Message);
            return ExitCode.BadInput;
        }
        catch (Exception e) when (
            e is JournalException or HistoryException or IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            host.Error.WriteLine("simulate: " + e.Message.ReplaceLineEndings(" "));
            return ExitCode.BadInput;
        }
        catch (Exception e) when (e is EngineStoppedException or InvariantViolation)
        {
            host.Error.WriteLine("simulate: a rule of the exchange is broken: " + e.Message.Split('\n')[0].TrimEnd());
            return ExitCode.Broken;
        }
    }

    private int RunOrThrow(SimulateOptions options, CancellationToken stop)
    {
        long speed = options.Speed is { } text ? OptionText.Micro("--speed", text) : 0;
        RunRequest request = RunRequest.Read(options);
        bool resume = JournalFolder.Exists(options.Journal);
        using ExchangeJournal? resumed = resume ? JournalFolder.Open(options.Journal!, out RunSettings? own) : Nothing(out own);
        RunPlan plan = own is null ? NewPlan(request) : ResumedPlan(request, own, resumed!);
        string name = plan.Settings[SettingNames.Seed] ?? plan.Settings[SettingNames.Scenario]!;
        string folder = options.Journal ?? JournalFolder.NewName(host.Clock.GetUtcNow(), name);
        using var output = options.Report is { } report ? new ReportFolder("--report", report) : new ReportFolder("--journal", folder);
        output.Prepare();
        using ExchangeJournal? created = resume || options.Ephemeral ? null : JournalFolder.Create(folder, plan.Profile, plan.Settings);
        return Execute(plan, resumed ?? created, resume, speed, folder, output, stop);
    }

    private int Execute(
        RunPlan plan, ExchangeJournal? journal, bool resume, long speed, string folder, ReportFolder output, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var engine = new ExchangeEngine(plan.Profile, new ExchangeActors(plan.Profile));
        string[] strategies = [.. plan.Strategies()];
        int[] strategyOf = [.. plan.Accounts.Select(a => Array.IndexOf(strategies, a.Trader.Strategy))];
        var recorder = new RunRecorder(engine, plan.Feed.StepCount, strategies, strategyOf);
        IRunProgress progress = host.IsTerminal ? new LiveProgress(host.Console) : new PlainProgress(host.Console);
        var observer = new RunWatch(recorder, progress, new SpeedGovernor(speed, host.Clock, stop), host.Clock, plan.Profile);
        using RunHistory history = RunHistory.Open(recorder, plan, journal, folder);
        LockStepRun run = null!;
        run = new LockStepRun(new RunSetup
        {
            Engine = engine,
            Reader = new ExchangeReader(engine),
            Feed = plan.Feed,
            Accounts = plan.Accounts,
            Journal = journal,
            Observer = observer,
            History = history,
            Series = [recorder],
            Audit = audited => Check(audited, run.NextStep == plan.Feed.StepCount ? history : null),
        });
        if (resume && run.Resume() is { } cannot) throw new BadInputException($"--journal: {cannot.Message}");
        if (resume) history.CatchUp(journal!, () => new ExchangeEngine(plan.Profile, new ExchangeActors(plan.Profile)), engine.Sequence);
        progress.Begin(new RunHeadline(plan, resume ? run.NextStep : null));
        RunResult result = progress.During(() => run.Run(stop));
        if (result.Error is { } error) throw new BadInputException(error.Message);
        if (result.StateHash is null) return Interrupted(result.Steps, plan, journal is null ? null : folder);
        RunReport report = ReportBuilder.Build(plan, run.Counters, recorder, engine, new RunFacts(result.StateHash, watch.Elapsed, resume, folder));
        output.Write(report);
        ScreenReport.Write(host.Console, report, output.Path);
        return ExitCode.Done;
    }

    // A finished run has its whole history: the journal is marked as finished only after this.
    private static void Check(ExchangeEngine engine, RunHistory? atEnd)
    {
        InvariantAudit.Check(engine);
        atEnd?.WaitFor(engine.Sequence);
    }

    private int Interrupted(long steps, RunPlan plan, string? folder)
    {
        Timestamp time = plan.Feed.Start.AddMilliseconds(steps * plan.Feed.StepMilliseconds);
        string how = folder is null ? "nothing was kept (--ephemeral)" : $"resume with: simulate --journal {folder}";
        host.Error.WriteLine($"simulate: stopped before step {steps} of {plan.Feed.StepCount} ({time}); {how}");
        return ExitCode.Interrupted;
    }

    private static RunPlan NewPlan(RunRequest request)
    {
        RunSettings settings = request.Complete();
        return PlanBuilder.Build(settings, request.Profile ?? VenueProfiles.Binance, request.Prices, request.Funding);
    }

    private static RunPlan ResumedPlan(RunRequest request, RunSettings own, ExchangeJournal journal)
    {
        JournalFolder.Compare(own, request);
        IReadOnlyList<PriceFile>? prices =
            request.Prices ?? JournalFolder.Reload("--prices", own[SettingNames.Prices], own[SettingNames.PricesSha256]);
        PriceFile? funding =
            request.Funding ?? JournalFolder.Reload("--funding", own[SettingNames.Funding], own[SettingNames.FundingSha256])?[0];
        VenueProfile profile = RunProfile.Read(journal.Profile, journal.Path);
        return PlanBuilder.Build(own, profile, prices, funding);
    }

    private static ExchangeJournal? Nothing(out RunSettings? settings)
    {
        settings = null;
        return null;
    }
}
