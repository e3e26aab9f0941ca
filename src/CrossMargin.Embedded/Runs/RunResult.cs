namespace CrossMargin.Embedded.Runs;

/// <summary>How a call of <see cref="LockStepRun.Run"/> ended.</summary>
/// <param name="StateHash">Of a run that reached its last step; else null.</param>
/// <param name="Error">Why the run stopped; null when it is over, or was cancelled and can be resumed.</param>
/// <param name="Steps">Steps that are complete.</param>
public readonly record struct RunResult(string? StateHash, RunError? Error, long Steps);
