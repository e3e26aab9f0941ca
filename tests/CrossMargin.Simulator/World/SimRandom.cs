namespace CrossMargin.Simulator.World;

/// <summary>The one source of chance of a run (SplitMix64): each draw depends on the seed and the draws before it, on nothing else.</summary>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong x = _state;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }

    /// <summary>0 ≤ result &lt; <paramref name="bound"/>; bound ≥ 1.</summary>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Both ends included.</summary>
    public long Between(long low, long high) => low + Below(high - low + 1);

    /// <summary>True in <paramref name="ppm"/> of a million draws. No draw is made at 0.</summary>
    public bool Chance(long ppm) => ppm > 0 && Below(1_000_000) < ppm;
}
