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
    private LockStepRun? _run;

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
        catch (HistoryException e) when (e.Error.Kind == HistoryErrorKind.Internal)
        {
            return Broken(e.Message);
        }
        catch (Exception e) when (
            e is JournalException or HistoryException or IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            host.Error.WriteLine("simulate: " + e.Message.ReplaceLineEndings(" "));
            return ExitCode.BadInput;
        }
        catch (Exception e) when (e is EngineStoppedException or InvariantViolation)
        {
            return Broken("a rule of the exchange is broken: " + e.Message.Split('\n')[0].TrimEnd());
        }
        catch (Exception e)
        {
            string where = _run is null ? "" : $" at {_run.Where}";
            return Broken($"a fault of the program{where}: {e.GetType().Name}: {e.Message}");
        }
    }

    private int Broken(string message)
    {
        host.Error.WriteLine("simulate: " + message.ReplaceLineEndings(" "));
        return ExitCode.Broken;
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
        try
        {
            return Execute(plan, resumed ?? created, resume, speed, folder, output, stop);
        }
        catch when (created is { AppendedSequence: 0 })
        {
            created.TakeBack(); // the run did not begin
            throw;
        }
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
        RunReport? report = null;
        var run = _run = new LockStepRun(new RunSetup
        {
            Engine = engine,
            Reader = new ExchangeReader(engine),
            Feed = plan.Feed,
            Accounts = plan.Accounts,
            Journal = journal,
            Observer = observer,
            History = history,
            Series = [recorder],
            Audit = audited => InvariantAudit.Check(audited),
            Finishing = hash =>
            {
                var facts = new RunFacts(hash, watch.Elapsed, resume, folder);
                report = ReportBuilder.Build(plan, _run!.Counters, recorder, engine, facts);
                output.Write(report, journal is null ? null : folder);
            },
        });
        if (resume && run.Resume() is { } cannot) throw new BadInputException($"--journal: {cannot.Message}");
        if (resume) history.CatchUp(journal!, () => new ExchangeEngine(plan.Profile, new ExchangeActors(plan.Profile)), engine.Sequence);
        progress.Begin(new RunHeadline(plan, resume ? run.NextStep : null));
        RunResult result = progress.During(() => run.Run(stop));
        if (result.Error is { Kind: RunErrorKind.Diverged } other) return Broken("the run does not do again what its journal holds: " + other.Message);
        if (result.Error is { } error) throw new BadInputException(error.Message);
        if (result.StateHash is null) return Interrupted(result.Steps, plan, journal is null ? null : folder);
        ScreenReport.Write(host.Console, report!, output.Path);
        return ExitCode.Done;
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
