using CrossMargin.Gateway;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Server.Serve;

/// <summary>House liquidity of all markets, on or off.</summary>
internal static class HouseSwitch
{
    /// <summary>Only markets where it is otherwise get a command.</summary>
    public static async Task SetAsync(IExchangeGateway exchange, IServiceProvider services, bool on)
    {
        var ids = services.GetRequiredService<CommandIds>();
        var commands = new List<Message>();
        foreach (MarketSnapshot market in await exchange.ReadMarketsAsync().ConfigureAwait(false))
        {
            if (market.House.Enabled == on) continue;
            commands.Add(Message.Of(ActorId.Client, ActorId.Of(market.Market), ids.Next(), Command(market.Market, market.House, on)));
        }

        if (commands.Count > 0) await exchange.SubmitAsync(commands).ConfigureAwait(false);
    }

    private static SetHouse Command(MarketId market, HouseSpec house, bool on) => new()
    {
        Market = market,
        Enabled = on,
        Levels = house.Levels,
        HalfSpread = house.HalfSpread,
        LevelStep = house.LevelStep,
        LevelGrowth = house.LevelGrowth,
        DepthNotional = house.DepthNotional,
        VolumeShare = house.VolumeShare,
        RefillMilliseconds = house.RefillMilliseconds,
    };
}
