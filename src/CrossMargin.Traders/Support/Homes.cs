using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>Which few of its allowed markets a trader is at home in.</summary>
public static class Homes
{
    // Draws above those of the parameters, below those of a run.
    private const ulong FirstDraw = 1000;

    /// <summary>
    /// <paramref name="count"/> different markets (fewer if it may trade fewer). The first goes round by the trader's ordinal, so that each
    /// market gets its share of each strategy; the others are drawn.
    /// </summary>
    public static MarketSpec[] Pick(TraderSetup setup, int count)
    {
        var left = new List<MarketSpec>(setup.Markets);
        var homes = new MarketSpec[Math.Min(count, left.Count)];
        for (int i = 0; i < homes.Length; i++)
        {
            int index = i == 0 ? setup.Ordinal % left.Count : (int)setup.Random.Below(FirstDraw + (ulong)i, left.Count);
            homes[i] = left[index];
            left.RemoveAt(index);
        }

        return homes;
    }

    public static MarketSpec One(TraderSetup setup) => setup.Markets[setup.Ordinal % setup.Markets.Count];
}
