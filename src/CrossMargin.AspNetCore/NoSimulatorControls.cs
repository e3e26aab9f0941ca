using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.AspNetCore;

/// <summary>Of an exchange whose clock is the application's own: it has no simulator to control.</summary>
internal sealed class NoSimulatorControls : ISimulatorControls
{
    private static NotSupportedException No => new("this exchange runs on the application's own clock: it has no simulator controls");

    public Task<SimulatorState> StateAsync() => Task.FromException<SimulatorState>(No);

    public Task PauseAsync() => Task.FromException(No);

    public Task ResumeAsync() => Task.FromException(No);

    public Task StepAsync(long milliseconds) => Task.FromException(No);

    public Task SetSpeedAsync(decimal speed) => Task.FromException(No);

    public Task ControlPriceAsync(MarketId market, PriceControl control) => Task.FromException(No);

    public Task SetFeedAsync(FeedChoice feed) => Task.FromException(No);

    public Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices) => Task.FromException(No);

    public Task SetTradersAsync(TraderChoice traders) => Task.FromException(No);
}
