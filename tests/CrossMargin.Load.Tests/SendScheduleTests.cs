using CrossMargin.Load.Measuring;

namespace CrossMargin.Load.Tests;

public class SendScheduleTests
{
    [Fact]
    public void Poisson_HasTheRateAndIndependentGaps()
    {
        SendSchedule schedule = SendSchedule.Poisson(1_000, TimeSpan.FromSeconds(20), seed: 7);
        Assert.InRange(schedule.Count, 19_400, 20_600);
        double[] gaps = [.. Enumerable.Range(1, schedule.Count - 1).Select(i => (schedule[i] - schedule[i - 1]).TotalSeconds)];
        Assert.All(gaps, g => Assert.True(g >= 0));

        // Of an exponential distribution the deviation equals the mean.
        double mean = gaps.Average();
        double deviation = Math.Sqrt(gaps.Average(g => (g - mean) * (g - mean)));
        Assert.InRange(deviation / mean, 0.95, 1.05);
        Assert.True(schedule[schedule.Count - 1] < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Poisson_SameSeed_IsTheSamePlan()
    {
        SendSchedule a = SendSchedule.Poisson(50, TimeSpan.FromSeconds(5), seed: 3);
        SendSchedule b = SendSchedule.Poisson(50, TimeSpan.FromSeconds(5), seed: 3);
        Assert.Equal(Enumerable.Range(0, a.Count).Select(i => a[i]), Enumerable.Range(0, b.Count).Select(i => b[i]));
    }
}
