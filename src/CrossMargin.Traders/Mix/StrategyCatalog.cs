namespace CrossMargin.Traders;

/// <summary>Every strategy of the library by its name.</summary>
public static class StrategyCatalog
{
    /// <summary>In alphabetical order of the names.</summary>
    public static IReadOnlyList<StrategyDefinition> All { get; } =
    [
        BufferKeeper.Definition,
        FundingArbitrageur.Definition,
        Hedger.Definition,
        PoolMigrator.Definition,
        MarketMaker.Definition,
        Momentum.Definition,
        Noise.Definition,
        Scalper.Definition,
        TieredEmergency.Definition,
        MarginReleaser.Definition,
        TrancheScaler.Definition,
        VolatilitySizer.Definition,
    ];

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(s => s.Name));

    public static StrategyDefinition? Find(string name)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i].Name == name) return All[i];
        }

        return null;
    }
}
