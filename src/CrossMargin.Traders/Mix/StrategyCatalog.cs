namespace CrossMargin.Traders;

/// <summary>Every strategy of the library by its name.</summary>
public static class StrategyCatalog
{
    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<StrategyDefinition> All { get; } =
    [
        MarketMaker.Definition,
        Momentum.Definition,
        Noise.Definition,
        Scalper.Definition,
    ];

    public static StrategyDefinition? Find(string name)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i].Name == name) return All[i];
        }

        return null;
    }
}
