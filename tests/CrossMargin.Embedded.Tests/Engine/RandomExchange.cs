using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Engine;

/// <summary>A reproducible stream of commands for a real exchange: deposits, settings, orders around a wandering index.</summary>
internal sealed class RandomExchange(VenueProfile profile, ulong seed, int accounts = 60)
{
    private readonly CounterRandom _random = new(seed, 4_242);
    private readonly long[] _index = [.. profile.Markets.Select(m => m.TickUnits * 10_000)];
    private long _time = 1_600_012_800_000 - 60_000; // a minute before funding falls due
    private ulong _draw;

    public Command Next(long n)
    {
        var id = new CommandId(n + 1);
        int markets = profile.Markets.Count;
        if (n == 0) return Command.AdvanceTo(new Timestamp(_time));
        if (n <= markets) return Price((int)n - 1);
        n -= markets + 1;
        if (n < accounts) return Of((int)n + 1, id, new OpenAccount { MakerFee = profile.MakerFee, TakerFee = profile.TakerFee });
        if (n < 2 * accounts) return Of((int)n - accounts + 1, id, new Deposit { Amount = Amount.FromWhole(Draw(200, 5_000)) });
        return Draw(0, 100) switch
        {
            < 6 => Move(),
            < 9 => Tick(),
            < 12 => Of(Account(), id, new SetLeverage { Market = Market(), Leverage = (int)Draw(1, 50) }),
            < 14 => Of(Account(), id, new SetMarginMode { Market = Market(), Mode = Mode() }),
            < 16 => Of(Account(), id, new Withdraw { Amount = Amount.FromWhole(Draw(1, 100)) }),
            < 18 => Of(Account(), id, new MovePosition { Market = Market(), Mode = Mode() }),
            < 20 => Of(Account(), id, new AdjustIsolatedMargin { Market = Market(), Amount = Amount.FromWhole(Draw(-20, 60)) }),
            < 22 => Of(Account(), id, new CancelAllOrders { Market = Market(), Scope = CancelScope.All }),
            < 24 => Of(Account(), id, new SetPositionMode { Hedge = Draw(0, 5) == 0 }),
            < 27 => Trigger(id),
            _ => Order(id),
        };
    }

    private long Draw(long low, long high) => _random.Between(_draw++, low, high - 1);

    private int Account() => (int)Draw(1, accounts + 2);

    private MarginMode Mode() => Draw(0, 2) == 0 ? MarginMode.Isolated : MarginMode.Cross;

    private MarketId Market() => new((int)Draw(1, profile.Markets.Count + 1));

    private Command Of<T>(int account, CommandId id, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Command.For(new Timestamp(_time), new AccountId(account), id, body);

    private Command Tick()
    {
        _time += Draw(1, 5_000);
        return Command.AdvanceTo(new Timestamp(_time));
    }

    private Command Move()
    {
        int market = (int)Draw(0, _index.Length);
        long percent = Draw(0, 12) == 0 ? Draw(-900, 900) : Draw(-60, 61);
        _index[market] = Math.Max(profile.Markets[market].TickUnits * 100, _index[market] + (_index[market] * percent / 10_000));
        return Price(market);
    }

    private Command Price(int market) =>
        Command.Index(new Timestamp(_time), new MarketId(market + 1), new Price(_index[market]), default);

    private Command Order(CommandId id)
    {
        MarketId market = Market();
        MarketSpec spec = profile[market];
        bool isMarket = Draw(0, 4) == 0;
        long price = _index[market.Value - 1] + (_index[market.Value - 1] * Draw(-100, 101) / 10_000);
        return Of(Account(), id, new PlaceOrder
        {
            Market = market,
            Side = Draw(0, 2) == 0 ? Side.Buy : Side.Sell,
            Type = isMarket ? OrderType.Market : OrderType.Limit,
            TimeInForce = isMarket ? TimeInForce.Gtc : (TimeInForce)Draw(1, 5),
            PositionSide = (PositionSide)Math.Max(0, Draw(-12, 3)),
            Quantity = Lots(spec, market),
            Price = isMarket ? Model.Price.None : spec.TickDown(new Price(price)),
            Flags = Draw(0, 8) == 0 ? OrderFlags.ReduceOnly : default,
        });
    }

    private Command Trigger(CommandId id)
    {
        MarketId market = Market();
        MarketSpec spec = profile[market];
        return Of(Account(), id, new PlaceOrder
        {
            Market = market,
            Side = Draw(0, 2) == 0 ? Side.Buy : Side.Sell,
            Type = Draw(0, 2) == 0 ? OrderType.StopMarket : OrderType.TakeProfitMarket,
            PositionSide = (PositionSide)Math.Max(0, Draw(-12, 3)),
            TimeInForce = TimeInForce.Gtc,
            Quantity = Lots(spec, market),
            TriggerPrice = spec.TickDown(new Price(_index[market.Value - 1] + (_index[market.Value - 1] * Draw(-150, 151) / 10_000))),
            TriggerSource = (TriggerSource)Draw(1, 3),
        });
    }

    private Quantity Lots(MarketSpec spec, MarketId market)
    {
        long perLot = Math.Max(1, spec.Notional(new Price(_index[market.Value - 1]), new Quantity(1)).E8);
        return new Quantity(Math.Max(spec.MinQuantity.Lots, Amount.FromWhole(Draw(20, 4_000)).E8 / perLot));
    }
}
