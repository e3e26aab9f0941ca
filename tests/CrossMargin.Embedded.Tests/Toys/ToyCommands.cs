using CrossMargin.Embedded.Engine;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Toys;

/// <summary>A reproducible stream of commands for toy exchanges: openings, deposits, prices, time and orders.</summary>
internal sealed class ToyCommands(int accounts, ulong seed = 1)
{
    private readonly CounterRandom _random = new(seed, 77);
    private long _time = 1_600_000_000_000;

    public static ExchangeEngine NewEngine() => new(TestProfiles.Simple(), new ToyActors());

    public static PlaceOrder Order(int market, long quantity, long price) => new()
    {
        Market = new MarketId(market),
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.Gtc,
        Quantity = new Quantity(quantity),
        Price = new Price(price),
    };

    /// <summary>The n-th command, n = 0, 1, 2 …; to be asked for in order.</summary>
    public Command Next(long n)
    {
        var id = new CommandId(n + 1);
        if (n < accounts) return Command.For(new Timestamp(_time), new AccountId((int)n + 1), id, default(OpenAccount));
        if (n < 2 * accounts)
        {
            return Command.For(new Timestamp(_time), new AccountId((int)n - accounts + 1), id, new Deposit { Amount = Amount.FromWhole(100 + n) });
        }

        ulong draw = (ulong)n;
        switch (n % 50)
        {
            case 0:
                _time += 1 + _random.Below(draw, 5_000);
                return Command.AdvanceTo(new Timestamp(_time));
            case 1:
                var index = new Price(_random.Between(draw, 1, 1_000_000));
                return Command.Index(new Timestamp(_time), new MarketId(1 + (int)(n / 50 % 3)), index, new Quantity(n));
            default:
                var account = new AccountId((int)_random.Between(draw, 1, accounts + 1));
                return Command.For(new Timestamp(_time), account, id, Order(1 + (int)(n % 3), 1 + (n % 900), 10_000 + (n % 77)));
        }
    }
}
