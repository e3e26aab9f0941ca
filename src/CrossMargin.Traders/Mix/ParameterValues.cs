using CrossMargin.Hosting;

namespace CrossMargin.Traders;

/// <summary>One trader's own parameters, drawn once from the ranges of the mix by (seed, account): settings, not state.</summary>
public sealed class ParameterValues
{
    private readonly IReadOnlyList<ParameterSpec> _specs;
    private readonly long[] _values;

    private ParameterValues(IReadOnlyList<ParameterSpec> specs, long[] values)
    {
        _specs = specs;
        _values = values;
    }

    /// <summary>Draws every parameter; <paramref name="ranges"/> are in the order of <paramref name="specs"/>.</summary>
    public static ParameterValues Draw(
        IReadOnlyList<ParameterSpec> specs, IReadOnlyList<ParameterRange> ranges, CounterRandom random, ulong counter)
    {
        long[] values = new long[specs.Count];
        for (int i = 0; i < values.Length; i++) values[i] = random.Between(counter + (ulong)i, ranges[i].Low, ranges[i].High);
        return new ParameterValues(specs, values);
    }

    /// <summary>The raw value: a whole number, or a fraction in 1e-8. Throws for a name the strategy does not declare.</summary>
    public long this[string name]
    {
        get
        {
            for (int i = 0; i < _values.Length; i++)
            {
                if (_specs[i].Name == name) return _values[i];
            }

            throw new ArgumentException($"the strategy declares no parameter \"{name}\"", nameof(name));
        }
    }

    public int Int(string name) => (int)this[name];
}
