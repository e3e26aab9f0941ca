namespace CrossMargin.Benchmarks;

/// <summary>One line of the table: a figure, its baseline in the same run, and the goal.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Figure">The result in <paramref name="Unit"/>.</param>
/// <param name="Unit">For both figure and baseline.</param>
/// <param name="Baseline">The baseline in the same run; null: none.</param>
/// <param name="Ratio">How many times better than the baseline; null: none.</param>
/// <param name="Goal">The goal as text, with what the figure or ratio is compared to; empty: for information.</param>
public sealed record BenchmarkRow(string Name, double Figure, string Unit, double? Baseline, double? Ratio, string Goal);
