using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// A random stream of all commands for an exchange of some accounts: mostly plausible ones, sized so that many accounts live at their
/// margin, with prices that drift, jump and now and then go wild, and some that are nonsense. Each command is a function of the seed, its
/// number and the state of the exchange, so a seed names a run.
/// </summary>
public sealed class RandomCommands(EngineActors x, ulong seed, int accounts)
{
    private readonly CounterRandom _random = new(seed, 0xC0DE);
    private ulong _draw;
    private long _now = 1_700_000_000_000;
    private long _id;

    private VenueProfile Profile => x.Profile;

    /// <summary>Opens the accounts, funds them and sets the first prices.</summary>
    public IEnumerable<Command> Start()
    {
        foreach (MarketSpec spec in Profile.Markets) yield return Index(spec, StartPrice(spec), 0);
        for (int i = 1; i <= accounts; i++)
        {
            var maker = new Rate(Pick(-10_000, 20_000, 20_000));
            yield return For(i, new OpenAccount { MakerFee = maker, TakerFee = new Rate(50_000) });
            yield return For(i, new Deposit { Amount = Amount.FromWhole(Pick(100, 1_000, 5_000, 20_000)) });
            if (Chance(40) && Profile.Collateral.Enabled)
                yield return For(i, new Deposit { Asset = Profile.Collateral.Assets[0].Id, Amount = new Amount(Pick(1, 10, 100) * Amount.One) });
            if (Chance(25)) yield return For(i, new SetPositionMode { Hedge = true });
            foreach (MarketSpec spec in Profile.Markets)
            {
                if (Chance(30)) yield return For(i, new SetMarginMode { Market = spec.Id, Mode = MarginMode.Isolated });
                if (Chance(60)) yield return For(i, new SetLeverage { Market = spec.Id, Leverage = (int)Pick(1, 5, 20, 50, spec.Tiers[0].MaxLeverage) });
            }
        }
    }

    public Command Next()
    {
        _now += Pick(0, 0, 10, 200, 1_500);
        long kind = Below(1000);
        MarketSpec market = Profile.Markets[(int)Below(Profile.Markets.Count)];
        int account = 1 + (int)Below(accounts);
        AccountState? state = x.Find(new AccountId(account))?.State;
        if (kind < 140) return NextPrice(market);
        if (kind < 200) return NextTime();
        return NextOf(state, account, market, kind);
    }

    /// <summary>A command of an account, at a time that somebody else keeps. Some are for the market, from its operator.</summary>
    public Command NextOf(int account, Timestamp now)
    {
        _now = now.Milliseconds;
        MarketSpec market = Profile.Markets[(int)Below(Profile.Markets.Count)];
        return NextOf(x.Find(new AccountId(account))?.State, account, market, 200 + Below(800));
    }

    private Command NextOf(AccountState? state, int account, MarketSpec market, long kind)
    {
        if (state is null || state.Status == AccountStatus.None || (!state.IsOpen && Chance(50)))
            return For(account, new OpenAccount { TakerFee = new Rate(50_000) });
        return kind switch
        {
            < 640 => For(account, Place(state, market)),
            < 690 => Amend(state, market),
            < 760 => Cancel(state, market),
            < 775 => For(account, new CancelAllOrders { Market = Chance(50) ? market.Id : default, Scope = (CancelScope)Below(4) }),
            < 785 => For(account, new SetCountdown { Market = market.Id, Milliseconds = Pick(0, 1_000, 5_000) }),
            < 789 => For(account, new FreezeAccount { Frozen = !state.IsFrozen && Chance(40) }),
            < 791 => For(account, new CloseAccount()),
            < 805 => For(account, new SetLeverage { Market = market.Id, Leverage = (int)Pick(0, 1, 3, 10, 20, 50, 100, 125) }),
            < 825 => For(account, new SetMarginMode { Market = market.Id, Mode = (MarginMode)Below(3) }),
            < 835 => For(account, new SetPositionMode { Hedge = Chance(50) }),
            < 865 => For(account, new AdjustIsolatedMargin { Market = market.Id, PositionSide = AnyLeg(state), Amount = Money(state) }),
            < 895 => For(account, new MovePosition { Market = market.Id, PositionSide = AnyLeg(state), Mode = (MarginMode)Below(2) }),
            < 925 => For(account, new Deposit { Asset = AnyAsset(), Amount = new Amount(Pick(0, 1, 50, 500) * Amount.One) }),
            < 955 => For(account, new Withdraw { Asset = AnyAsset(), Amount = Money(state) }),
            < 963 => To(market, new SettleFunding { Market = market.Id, Rate = new Rate(Below(2_000_001) - 1_000_000) }),
            < 968 => To(market, new SetFundingRate { Market = market.Id, Rate = new Rate(Below(200_001) - 100_000) }),
            < 970 => To(market, Brackets(market)),
            < 973 => To(market, House(market)),
            < 978 => To(market, new SetMarketStatus { Market = market.Id, Status = Chance(10) ? MarketStatus.Halted : MarketStatus.Trading }),
            < 982 => Command.Of(Now, ActorId.Fund, default, new DepositToFund { Amount = new Amount(Pick(-5, 0, 100, 1_000) * Amount.One) }),
            _ => Nonsense(state, market),
        };
    }

    private Timestamp Now => new(_now);

    private static Price StartPrice(MarketSpec spec) => Parse(spec, spec.Id.Value switch { 1 => "100", 2 => "40", _ => "10" });

    private static Price Parse(MarketSpec spec, string text) =>
        spec.TryParsePrice(text, DecimalRounding.Down, out Price price) ? price : throw new ArgumentException(text);

    private Command NextPrice(MarketSpec spec)
    {
        Price last = x.View(spec.Id).Index;
        long permille = Pick(-3, -1, 1, 3, -10, 10, -40, 40, -100, 100, -150, 120);
        if (Chance(2)) permille = Pick(-350, 300);
        if (Chance(30)) permille = Math.Sign(StartPrice(spec).Units - last.Units) * 20; // it does not run away
        long units = Math.Max(spec.MinPrice.Units * 2, last.Units + (last.Units * permille / 1000) + Below(3) - 1);
        return Index(spec, new Price(units), Chance(50) ? 0 : Below(100_000));
    }

    private Command Index(MarketSpec spec, Price price, long volume) => Command.Index(Now, spec.Id, price, new Quantity(volume));

    private Command NextTime()
    {
        _now += Pick(100, 100, 1_000, 1_000, 6_000, 11_000, 30_000);
        if (Chance(3)) _now += Pick(61_000, 8 * 3_600_000);
        else if (Chance(3)) return Jump();
        return Command.AdvanceTo(Now);
    }

    private Command Jump()
    {
        _now += Pick(5_000, 40_000, 3_600_000, 30 * 3_600_000);
        return Command.JumpTo(Now);
    }

    private SetLeverageBrackets Brackets(MarketSpec spec)
    {
        var command = new SetLeverageBrackets { Market = spec.Id, Count = spec.Tiers.Count, Cap = spec.Tiers.Cap };
        if (Chance(40)) command.Cap = new Amount(Pick(-1, 0, 1, 20_000 * Amount.One, long.MaxValue));
        if (Chance(5)) command.Count = (int)Pick(-1, 0, 17, int.MaxValue);
        long share = Pick(10, 40, 100, 100, 100, 300);
        for (int i = 0; i < Math.Min(spec.Tiers.Count, TierLeverages.Capacity); i++)
            command.MaxLeverage[i] = (ushort)Math.Max(Chance(2) ? 0 : 1, spec.Tiers[i].MaxLeverage * share / 100);
        return command;
    }

    private SetHouse House(MarketSpec spec) => new()
    {
        Market = spec.Id,
        Enabled = Chance(75),
        Levels = (int)Pick(1, 3, 10, 100, Chance(10) ? 101 : 2),
        HalfSpread = new Rate(Pick(1, 50_000, 500_000, Chance(10) ? 0 : 20_000)),
        LevelStep = new Rate(Pick(1, 20_000, 100_000, Chance(10) ? long.MaxValue : 20_000)),
        LevelGrowth = new Rate(Pick(0, Rate.One / 2, 10 * Rate.One)),
        DepthNotional = new Amount(Pick(0, 500, 3_000, 20_000) * Amount.One),
        VolumeShare = new Rate(Pick(0, Rate.One / 100, Rate.One)),
        RefillMilliseconds = Pick(1, 1_000, 60_000, Chance(10) ? 0 : 5_000),
    };

    private PlaceOrder Place(AccountState state, MarketSpec spec)
    {
        Price mark = x.Prices.Mark(spec.Id);
        var order = new PlaceOrder
        {
            Market = spec.Id,
            Side = Chance(50) ? Side.Buy : Side.Sell,
            PositionSide = AnyLeg(state),
            TimeInForce = (TimeInForce)Pick(1, 1, 1, 1, 2, 3, 4, 5),
            SelfTradePrevention = (SelfTradePrevention)Below(4),
            Type = (OrderType)Pick(1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5, 6, 7),
            Quantity = Size(state, spec, mark),
        };
        if (Chance(15)) order.Flags |= OrderFlags.ReduceOnly;
        if (Chance(25)) Close(state, ref order);
        if (Chance(20)) order.ClientOrderId = ClientId();
        if (order.TimeInForce == TimeInForce.Gtd && order.Type != OrderType.Market) order.GoodTill = Now.AddMilliseconds(Pick(500, 5_000, 60_000));
        else if (order.Type == OrderType.Market) order.TimeInForce = (TimeInForce)Pick(1, 2, 3);
        if (!order.Type.IsMarketType()) order.Price = Near(spec, mark, Pick(1, 3, 12));
        if (!order.Type.IsConditional()) return order;
        order.TriggerSource = (TriggerSource)Below(2);
        if (Chance(10)) order.Flags |= OrderFlags.PriceProtect;
        if (Chance(30)) order.Flags |= OrderFlags.ClassicTrigger;
        if (order.Type == OrderType.TrailingStopMarket)
        {
            order.CallbackRate = new Rate(Pick(100_000, 1_000_000, 5_000_000));
            if (Chance(30)) order.ActivationPrice = Near(spec, mark, 30);
            return order;
        }

        order.TriggerPrice = Near(spec, mark, 40);
        bool closes = order.Type is OrderType.StopMarket or OrderType.TakeProfitMarket && Chance(40);
        if (closes) (order.Flags, order.Quantity) = (order.Flags & ~OrderFlags.ReduceOnly | OrderFlags.ClosePosition, Quantity.Zero);
        return order;
    }

    /// <summary>Makes it an order that could close what a leg of the account holds.</summary>
    private void Close(AccountState state, ref PlaceOrder order)
    {
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (leg.Market != order.Market || leg.Quantity.IsZero) continue;
            order.PositionSide = leg.Side;
            order.Side = leg.Quantity.Sign > 0 ? Side.Sell : Side.Buy;
            order.Quantity = new Quantity(Math.Max(1, leg.Quantity.Abs.Lots * Pick(3, 6, 10, 14) / 10));
            if (Chance(70)) order.Flags |= OrderFlags.ReduceOnly;
        }
    }

    private Command Amend(AccountState state, MarketSpec market)
    {
        int account = state.Id.Value;
        if (state.Orders.Count == 0)
            return For(account, new AmendOrder { Market = market.Id, Order = new OrderId(1), Quantity = new Quantity(1), Price = new Price(1) });
        OpenOrder order = state.Orders[(int)Below(state.Orders.Count)];
        MarketSpec spec = Profile[order.Market];
        return For(account, new AmendOrder
        {
            Market = order.Market,
            Order = order.Id,
            Side = order.Side,
            Quantity = Chance(40) ? order.Quantity : new Quantity(Math.Max(1, order.Quantity.Lots * Pick(20, 50, 90, 130, 200) / 100)),
            Price = Chance(40) ? order.Price : Near(spec, x.Prices.Mark(spec.Id), 12),
        });
    }

    private Command Cancel(AccountState state, MarketSpec market)
    {
        int account = state.Id.Value;
        if (Chance(25) && state.Triggers is { Count: > 0 } triggers)
        {
            OpenTrigger t = triggers[(int)Below(triggers.Count)];
            return For(account, new CancelTrigger { Market = t.Market, Algo = t.Id });
        }

        if (state.Orders.Count == 0) return For(account, new CancelOrder { Market = market.Id, ClientOrderId = ClientId() });
        OpenOrder order = state.Orders[(int)Below(state.Orders.Count)];
        return For(account, new CancelOrder { Market = order.Market, Order = order.Id });
    }

    /// <summary>Extreme values in every field of an order or a transfer: refused, never fatal.</summary>
    private Command Nonsense(AccountState state, MarketSpec spec)
    {
        int account = state.Id.Value;
        long extreme = Pick(long.MinValue, -1, 0, 1, long.MaxValue / 2, long.MaxValue);
        return Below(10) switch
        {
            0 => For(account, new Deposit { Asset = new AssetId((int)Below(4) + (Chance(20) ? -2 : 0)), Amount = new Amount(extreme) }),
            1 => For(account, new Withdraw { Asset = new AssetId((int)Below(4)), Amount = new Amount(extreme) }),
            2 => For(account, new AdjustIsolatedMargin
            {
                Market = new MarketId((int)Below(7) - 1),
                PositionSide = (PositionSide)Below(5),
                Amount = new Amount(extreme),
            }),
            3 => For(account, new SetCountdown { Market = spec.Id, Milliseconds = extreme }),
            4 => For(account, new AmendOrder
            {
                Market = spec.Id,
                Order = state.Orders.Count > 0 ? state.Orders[0].Id : default,
                Quantity = new Quantity(extreme),
                Price = new Price(Pick(1, extreme)),
            }),
            8 => To(spec, new SettleFunding { Market = spec.Id, Rate = new Rate(extreme) }),
            9 => To(spec, new SetFundingRate { Market = spec.Id, Rate = new Rate(extreme) }),
            5 => For(account, new OpenAccount { MakerFee = new Rate(extreme) }),
            _ => For(account, new PlaceOrder
            {
                Market = new MarketId((int)Below(7) - 1),
                Side = (Side)Below(4),
                Type = (OrderType)Below(9),
                TimeInForce = (TimeInForce)Below(7),
                PositionSide = (PositionSide)Below(4),
                Flags = (OrderFlags)Below(512),
                SelfTradePrevention = (SelfTradePrevention)Below(6),
                TriggerSource = (TriggerSource)Below(3),
                Quantity = new Quantity(Chance(50) ? 1000 : extreme),
                Price = new Price(Chance(50) ? 0 : extreme),
                TriggerPrice = new Price(Chance(50) ? 0 : extreme),
                ActivationPrice = new Price(Chance(80) ? 0 : extreme),
                CallbackRate = new Rate(Chance(80) ? 0 : extreme),
                GoodTill = new Timestamp(Chance(80) ? 0 : extreme),
            }),
        };
    }

    private Quantity Size(AccountState state, MarketSpec spec, Price mark)
    {
        if (mark.IsNone) return new Quantity(1);
        AccountFigures figures = AccountMargin.Figures(state, x.Prices);
        long leverage = state.Legs.LeverageOf(spec.Id);
        Int128 budget = (Int128)Math.Max(Amount.One, figures.Available.E8) * leverage * (1 + Below(60)) / 50;
        Int128 lots = budget / Math.Max(1, spec.Notional(mark, new Quantity(1)).E8);
        if (Chance(40) && state.Legs.Count > 0)
        {
            Leg leg = state.Legs[(int)Below(state.Legs.Count)];
            if (leg.Market == spec.Id && !leg.Quantity.IsZero) lots = leg.Quantity.Abs.Lots * Pick(1, 3, 10, 15) / 10;
        }

        return new Quantity((long)Int128.Clamp(lots, 1, spec.MaxQuantity.Lots + (Chance(5) ? 1 : 0)));
    }

    private Price Near(MarketSpec spec, Price mark, long permille)
    {
        if (mark.IsNone) return spec.MinPrice;
        long units = mark.Units + (mark.Units * (Below(2 * permille + 1) - permille) / 1000);
        Price tick = spec.TickDown(new Price(Math.Max(spec.TickUnits, units)));
        return Chance(1) ? new Price(tick.Units + 1) : tick;
    }

    private Amount Money(AccountState state)
    {
        long all = Math.Max(Amount.One, state.Wallet.E8);
        long part = all / 100 * Pick(1, 5, 30, 100) + Below(3);
        return new Amount(Chance(45) ? -part : part);
    }

    private PositionSide AnyLeg(AccountState state)
    {
        if (Chance(2)) return (PositionSide)Below(3);
        return state.IsHedge ? (PositionSide)(1 + Below(2)) : PositionSide.Both;
    }

    private AssetId AnyAsset() => Chance(75) || !Profile.Collateral.Enabled ? AssetId.Settlement : Profile.Collateral.Assets[0].Id;

    private ClientOrderId ClientId() => ClientOrderId.TryParse($"c{Below(5)}", out ClientOrderId id) ? id : default;

    private Command For<T>(int account, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Command.For(Now, new AccountId(account), new CommandId(++_id), body);

    private Command To<T>(MarketSpec market, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Command.Of(Now, ActorId.Of(market.Id), default, body);

    private long Below(long bound) => _random.Below(_draw++, bound);

    private bool Chance(int percent) => Below(100) < percent;

    private long Pick(params ReadOnlySpan<long> values) => values[(int)Below(values.Length)];
}
