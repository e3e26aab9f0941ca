namespace CrossMargin.Traders;

/// <summary>A parameter as the mix gives it: both ends included, low ≤ high, raw as its <see cref="ParameterSpec"/> says.</summary>
public readonly record struct ParameterRange(long Low, long High);
