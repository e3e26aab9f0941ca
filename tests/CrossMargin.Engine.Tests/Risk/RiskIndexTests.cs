using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Risk;

public sealed class RiskIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Prop_Cross_FindsExactlyThePoolsWhoseBoundThePricePasses(ulong seed)
    {
        const int Dimensions = 4;
        const int Pools = 300;
        var draws = new Draws(seed);
        var index = new RiskIndex(Dimensions);
        index.Reach(Pools);
        var naive = new PriceBounds[Pools][];
        List<int> crossed = [];
        int found = 0;
        for (int step = 0; step < 60_000; step++)
        {
            int pool = (int)draws.Between(0, Pools - 1);
            if (draws.Chance(90))
            {
                naive[pool] = Box(draws, Dimensions);
                index.Set(pool, naive[pool]);
            }
            else if (draws.Chance(30))
            {
                naive[pool] = [];
                index.Remove(pool);
            }
            else
            {
                int dimension = (int)draws.Between(0, Dimensions - 1);
                var price = new Price(500 + draws.Between(-60, 60));
                crossed.Clear();
                index.Cross(dimension, price, crossed);
                int[] expected = [.. Enumerable.Range(0, Pools).Where(p =>
                    (naive[p] ?? []).Any(b => b.Dimension == dimension && !b.Contains(price.Units)))];
                Assert.Equal(expected, crossed.Order());
                foreach (int p in expected) naive[p] = [];
                found += expected.Length;
            }

            Assert.Equal(naive[pool] is { Length: > 0 }, index.HasBox(pool));
        }

        Assert.Equal(naive.Count(b => b is { Length: > 0 }), index.Count);
        Assert.True(found > 1000, $"{found} crossed");
    }

    [Fact]
    public void Cross_PriceOnTheBound_IsInside()
    {
        var index = new RiskIndex(2);
        index.Reach(0);
        index.Set(0, [new PriceBounds(1, 90, 110)]);
        List<int> crossed = [];
        index.Cross(1, new Price(90), crossed);
        index.Cross(1, new Price(110), crossed);
        Assert.Empty(crossed);
        index.Cross(1, new Price(111), crossed);
        Assert.Equal([0], crossed);
        Assert.False(index.HasBox(0));
    }

    [Fact]
    public void Set_SteadyState_AllocatesNothing()
    {
        var draws = new Draws(9);
        var index = new RiskIndex(4);
        index.Reach(200);
        PriceBounds[][] boxes = [.. Enumerable.Range(0, 500).Select(_ => Box(draws, 4))];
        for (int i = 0; i < 20_000; i++) index.Set(i % 200, boxes[i % 500]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20_000; i++) index.Set(i % 200, boxes[i % 500]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static PriceBounds[] Box(Draws draws, int dimensions)
    {
        List<PriceBounds> box = [];
        for (int d = 0; d < dimensions; d++)
        {
            if (draws.Chance(40)) continue;
            long low = draws.Chance(30) ? PriceBounds.NoLow : 500 - draws.Between(0, 100);
            long high = draws.Chance(30) ? PriceBounds.NoHigh : 500 + draws.Between(0, 100);
            box.Add(new PriceBounds(d, low, high));
        }

        return [.. box];
    }
}
