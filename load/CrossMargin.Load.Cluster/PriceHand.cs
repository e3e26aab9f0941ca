using CrossMargin.Grains.Contracts;
using CrossMargin.Model;

namespace CrossMargin.Load.Cluster;

/// <summary>Holds a market's price from outside, so that it never gets stale, and moves it.</summary>
internal sealed class PriceHand(IGrainFactory grains, VenueProfile profile, string first)
{
    private volatile string _price = first;

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IFeedGrain>(0).Push([InProcessSilo.Pushed(profile, 1, _price)]).WaitAsync(TimeSpan.FromSeconds(3), end);
                await Task.Delay(500, end);
            }
            catch (Exception) when (!end.IsCancellationRequested)
            {
                // The feed or the market is on its way to another silo.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>A step each second.</summary>
    public async Task FallAsync(IReadOnlyList<string> prices)
    {
        foreach (string price in prices)
        {
            _price = price;
            await Task.Delay(1_000);
        }
    }
}
