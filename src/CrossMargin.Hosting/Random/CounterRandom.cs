namespace CrossMargin.Hosting;

/// <summary>
/// Random numbers without state: each is a function of (seed, stream, counter), the same on every machine, in any order, and as often as
/// it is asked for. A trader or feed takes its own id as the stream and, for the counter, whatever names the draw (a step, a bar, a draw
/// number kept in its snapshot); the same counter always gives the same number, so two draws of one step need two counters.
/// The numbers are good for simulation and worthless for secrets. The values are frozen: journals are replayed against them.
/// </summary>
public readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _key;

    /// <summary>The stream of draws that belongs to one user of randomness within a run.</summary>
    public CounterRandom(ulong seed, ulong stream) => _key = unchecked(Mix(Mix(seed + Golden) + Mix(stream ^ 0xD1B54A32D192ED03)));

    /// <summary>64 uniform bits.</summary>
    public ulong At(ulong counter) => unchecked(Mix(Mix(_key + counter * Golden) ^ _key));

    /// <summary>64 uniform bits of the draw named by all three numbers.</summary>
    public static ulong At(ulong seed, ulong stream, ulong counter) => new CounterRandom(seed, stream).At(counter);

    /// <summary>0 ≤ result &lt; <paramref name="bound"/>; bound ≥ 1. The bias is below bound / 2^64.</summary>
    public long Below(ulong counter, long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (long)Math.BigMul(At(counter), (ulong)bound, out _);
    }

    /// <summary>low ≤ result ≤ <paramref name="high"/>, both included.</summary>
    public long Between(ulong counter, long low, long high) => low + Below(counter, high - low + 1);

    /// <summary>True in <paramref name="ppm"/> of 1,000,000 draws; never at ppm ≤ 0, always at ppm ≥ 1,000,000.</summary>
    public bool Chance(ulong counter, long ppm) => Below(counter, 1_000_000) < ppm;

    /// <summary>
    /// Nearly normal with mean 0 and standard deviation 1, counted in 1e-6: the sum of twelve 16-bit uniforms. Never beyond ±6,000,000;
    /// the tails beyond 3 standard deviations are a little thin.
    /// </summary>
    public long Normal(ulong counter)
    {
        // Twelve uniforms on 0…65535 have the mean 393,210 and, within 1e-9 of it, the standard deviation 65,536.
        ulong a = At(counter);
        ulong b = unchecked(Mix(a + 0xA0761D6478BD642F));
        ulong c = unchecked(Mix(b + 0xE7037ED1A0B428DB));
        long sum = Halves(a) + Halves(b) + Halves(c);
        return (sum - 393_210) * 1_000_000 / 65_536;
    }

    private static long Halves(ulong x) => (long)((x & 0xFFFF) + ((x >> 16) & 0xFFFF) + ((x >> 32) & 0xFFFF) + (x >> 48));

    // The finalizer of SplitMix64 (Stafford's variant 13): a bijection in which every input bit reaches every output bit.
    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
