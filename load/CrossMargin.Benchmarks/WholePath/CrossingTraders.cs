using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Benchmarks.WholePath;

/// <summary>
/// The crossing workload of the book benchmark on a whole exchange: accounts with money and leverage place limit orders on alternating
/// sides, bids uniform over 10 ticks and asks over 10 ticks that start 4 ticks higher; who has twelve orders open cancels the oldest.
/// Every order passes filters and margin, every trade settles two accounts and their risk.
/// </summary>
internal sealed class CrossingTraders
{
    private const int OpenOrdersMax = 12;
    private readonly ulong _seed;
    private readonly AccountActor[] _accounts;
    private readonly long[] _commandIds;
    private readonly Price _base;
    private ulong _counter;

    public CrossingTraders(ExchangeEngine engine, int accounts, ulong seed, Action<Command> execute)
    {
        _seed = seed;
        Engine = engine;
        Execute = execute;
        MarketSpec spec = engine.Profile.Markets[0];
        spec.TryParsePrice("100", DecimalRounding.Exact, out _base);
        Timestamp now = new(1_600_000_000_000);
        Execute(Command.AdvanceTo(now));
        foreach (MarketSpec market in engine.Profile.Markets) Execute(Command.Index(now, market.Id, _base, Quantity.Zero));
        _commandIds = new long[accounts];
        for (int i = 0; i < accounts; i++)
        {
            var id = new AccountId(i + 1);
            Execute(Command.For(now, id, NextId(i), new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) }));
            Execute(Command.For(now, id, NextId(i), new Deposit { Amount = Amount.FromWhole(10_000_000) }));
        }

        _accounts = [.. Enumerable.Range(1, accounts).Select(i => (AccountActor)engine.FindAccount(new AccountId(i))!)];
    }

    public static VenueProfile Profile => TestProfiles.Simple(
        """{"defaults":{"maxOpenOrders":1000,"cap":"1000000000"}}""");

    public ExchangeEngine Engine { get; }

    public Action<Command> Execute { get; set; }

    public long Orders { get; private set; }

    public long Commands { get; private set; }

    /// <summary>Goes on until this many more orders were placed.</summary>
    public void Place(long orders)
    {
        long until = Orders + orders;
        MarketSpec spec = Engine.Profile.Markets[0];
        long tick = spec.TickUnits;
        Timestamp now = Engine.Now;
        while (Orders < until)
        {
            ulong draw = Mix(_seed + ++_counter);
            int i = (int)(draw % (ulong)_accounts.Length);
            OrderList open = _accounts[i].State.Orders;
            Commands++;
            if (open.Count >= OpenOrdersMax)
            {
                Execute(Command.For(now, _accounts[i].Id, NextId(i), new CancelOrder { Market = spec.Id, Order = open[0].Id }));
                continue;
            }

            bool buy = (Orders++ & 1) == 0;
            long ticks = (long)((draw >> 32) % 10) + (buy ? 0 : 4);
            Execute(Command.For(now, _accounts[i].Id, NextId(i), new PlaceOrder
            {
                Market = spec.Id,
                Side = buy ? Side.Buy : Side.Sell,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.Gtc,
                Quantity = new Quantity(((long)((draw >> 40) % 10) + 1) * 100),
                Price = new Price(_base.Units + (ticks - 6) * tick),
            }));
        }
    }

    private CommandId NextId(int i) => new(++_commandIds[i]);

    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x *= 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
