namespace CrossMargin.Traders;

/// <summary>A strategy as the catalog knows it: its name in mix and report, its parameters, and how to make a trader of it.</summary>
public sealed record StrategyDefinition(string Name, IReadOnlyList<ParameterSpec> Parameters, Func<TraderSetup, Trader> Create)
{
    /// <summary>Index of a parameter by name, or −1.</summary>
    public int IndexOf(string parameter)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Name == parameter) return i;
        }

        return -1;
    }
}
