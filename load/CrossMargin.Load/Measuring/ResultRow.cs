namespace CrossMargin.Load.Measuring;

/// <summary>One line of the table: a figure, what it is compared to in the same run, and the goal.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The result in <paramref name="Unit"/>.</param>
/// <param name="Unit">For both figure and baseline.</param>
/// <param name="Baseline">The baseline in the same run; null: none.</param>
/// <param name="Ratio">How it compares to the baseline, as the goal counts it; null: none.</param>
/// <param name="Goal">As text; empty: for information.</param>
public sealed record ResultRow(string What, double Figure, string Unit, double? Baseline = null, double? Ratio = null, string Goal = "");
