namespace CrossMargin.Embedded.Runs;

/// <summary>Watches a run from the sequencer thread.</summary>
public interface IRunObserver
{
    /// <summary>
    /// After each step, also those that are executed again at a resume (<see cref="StepSummary.IsReplay"/>). What it keeps for a report and
    /// is not in a snapshot would be lost at a resume: such series are <see cref="RunSetup.Series"/>.
    /// </summary>
    void OnStep(in StepSummary step);
}
