namespace CrossMargin.Traders;

/// <summary>Parameters that every strategy has, with the strategy's own defaults.</summary>
internal static class CommonParameters
{
    /// <summary>
    /// interval: mean steps between two looks; start: steps after the run's start at which it begins; leverage: what it sets.
    /// </summary>
    public static ParameterSpec[] With(
        long intervalLow, long intervalHigh, long leverageLow, long leverageHigh, params ParameterSpec[] own) =>
    [
        ParameterSpec.Whole("interval", 1, 1_000_000, intervalLow, intervalHigh),
        ParameterSpec.Whole("start", 0, 1_000_000_000, 0, intervalHigh),
        ParameterSpec.Whole("leverage", 1, 1000, leverageLow, leverageHigh),
        .. own,
    ];
}
