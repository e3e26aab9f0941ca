using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// An exchange in traders' words, for scenarios: names for accounts, symbols for markets, decimal text for money, prices and sizes. Each
/// call is one command, worked off to quiescence, with all invariants checked behind it.
/// </summary>
public sealed class TestExchange
{
    private readonly ExchangeEngine _engine;
    private readonly OutsideTotals _outside;
    private readonly OrderRules _rules;
    private readonly Dictionary<string, AccountId> _names = new(StringComparer.Ordinal);
    private long _now = 1_700_000_000_000;
    private long _commands;

    public TestExchange(VenueProfile? profile = null)
    {
        Profile = profile ?? TestProfiles.Simple();
        Actors = new EngineActors(Profile);
        _engine = new ExchangeEngine(Profile, Actors);
        _outside = new OutsideTotals(Profile);
        _rules = new OrderRules(Profile);
    }

    public VenueProfile Profile { get; }
    public EngineActors Actors { get; }
    public Timestamp Now => new(_now);

    /// <summary>The events of the last command.</summary>
    public List<Event> Events { get; } = [];

    /// <summary>All events since the last <see cref="Forget"/>.</summary>
    public List<Event> Story { get; } = [];

    /// <summary>The refusal of the last command, or none.</summary>
    public Refusal LastRefusal { get; private set; }

    public void Forget() => Story.Clear();

    public AccountId Id(string name)
    {
        if (!_names.TryGetValue(name, out AccountId id)) _names.Add(name, id = new AccountId(_names.Count + 1));
        return id;
    }

    public MarketSpec Spec(string symbol) =>
        Profile.TryFind(symbol, out MarketSpec spec) ? spec : throw new ArgumentException($"no market {symbol}");

    /// <summary>Opens an account, with the profile's fees unless told otherwise, and funds it.</summary>
    public void Account(string name, string deposit = "0", string? maker = null, string? taker = null, bool hedge = false)
    {
        AccountId id = Id(name);
        Rate makerFee = maker is null ? Profile.MakerFee : new Rate(Money(maker).E8);
        Rate takerFee = taker is null ? Profile.TakerFee : new Rate(Money(taker).E8);
        Do(id, new OpenAccount { MakerFee = makerFee, TakerFee = takerFee });
        if (deposit != "0") Do(id, new Deposit { Amount = Money(deposit) });
        if (hedge) Do(id, new SetPositionMode { Hedge = true });
    }

    /// <summary>Sets index prices: "AAAUSDT", "100". Without trades and basis the mark is the index.</summary>
    public void Price(string symbol, string price) =>
        Execute(Command.Index(Now, Spec(symbol).Id, P(symbol, price), default));

    /// <summary>Exchange time goes on and everybody is told.</summary>
    public void Wait(long milliseconds)
    {
        _now += milliseconds;
        Execute(Command.AdvanceTo(Now));
    }

    /// <summary>Exchange time jumps and everybody is told.</summary>
    public void Jump(long milliseconds)
    {
        _now += milliseconds;
        Execute(Command.JumpTo(Now));
    }

    /// <summary>Exchange time goes on; nobody is told.</summary>
    public void Skip(long milliseconds) => _now += milliseconds;

    public void Funding(string symbol, string rate) =>
        Execute(Command.Of(Now, ActorId.Of(Spec(symbol).Id), default, new SettleFunding { Market = Spec(symbol).Id, Rate = new Rate(Money(rate).E8) }));

    public void Do<T>(string name, in T command)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Do(Id(name), command);

    public void ToMarket<T>(string symbol, in T command)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Execute(Command.Of(Now, ActorId.Of(Spec(symbol).Id), default, command));

    public void ToFund<T>(in T command)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Execute(Command.Of(Now, ActorId.Fund, default, command));

    public OrderId Buy(string name, string symbol, string quantity, string price, TimeInForce tif = TimeInForce.Gtc, OrderFlags flags = default) =>
        Place(name, Limit(symbol, Side.Buy, quantity, price) with { TimeInForce = tif, Flags = flags });

    public OrderId Sell(string name, string symbol, string quantity, string price, TimeInForce tif = TimeInForce.Gtc, OrderFlags flags = default) =>
        Place(name, Limit(symbol, Side.Sell, quantity, price) with { TimeInForce = tif, Flags = flags });

    public OrderId BuyMarket(string name, string symbol, string quantity, OrderFlags flags = default) =>
        Place(name, Market(symbol, Side.Buy, quantity) with { Flags = flags });

    public OrderId SellMarket(string name, string symbol, string quantity, OrderFlags flags = default) =>
        Place(name, Market(symbol, Side.Sell, quantity) with { Flags = flags });

    public PlaceOrder Limit(string symbol, Side side, string quantity, string price) => new()
    {
        Market = Spec(symbol).Id,
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.Gtc,
        Quantity = Q(symbol, quantity),
        Price = P(symbol, price),
    };

    public PlaceOrder Market(string symbol, Side side, string quantity) => new()
    {
        Market = Spec(symbol).Id,
        Side = side,
        Type = OrderType.Market,
        TimeInForce = TimeInForce.Ioc,
        Quantity = Q(symbol, quantity),
    };

    /// <summary>A conditional order; quantity "0" closes the position.</summary>
    public PlaceOrder Trigger(
        string symbol, OrderType type, Side side, string quantity, string trigger, string? price = null, TriggerSource source = TriggerSource.Mark) => new()
        {
            Market = Spec(symbol).Id,
            Side = side,
            Type = type,
            TimeInForce = TimeInForce.Gtc,
            Quantity = Q(symbol, quantity),
            Flags = quantity == "0" ? OrderFlags.ClosePosition : default,
            TriggerPrice = P(symbol, trigger),
            Price = price is null ? default : P(symbol, price),
            TriggerSource = source,
        };

    /// <summary>Places an order and returns its id; none when it was refused or is conditional.</summary>
    public OrderId Place(string name, in PlaceOrder order)
    {
        Do(Id(name), order);
        foreach (Event e in Events)
        {
            if (e.Kind == EventKind.OrderAccepted && e.Account == Id(name)) return e.Body<OrderAccepted>().Order;
        }

        return OrderId.None;
    }

    /// <summary>Two accounts trade with each other at a price: the buyer rests, the seller takes.</summary>
    public void Trade(string buyer, string seller, string symbol, string quantity, string price)
    {
        Buy(buyer, symbol, quantity, price);
        Accepted();
        Sell(seller, symbol, quantity, price, TimeInForce.Ioc);
        Accepted();
    }

    public void Leverage(string name, string symbol, int leverage)
    {
        Do(Id(name), new SetLeverage { Market = Spec(symbol).Id, Leverage = leverage });
        Accepted();
    }

    public void Isolated(string name, string symbol)
    {
        Do(Id(name), new SetMarginMode { Market = Spec(symbol).Id, Mode = MarginMode.Isolated });
        Accepted();
    }

    /// <summary>Throws if the last command was refused.</summary>
    public void Accepted()
    {
        if (!LastRefusal.IsNone) throw new InvalidOperationException($"refused: {LastRefusal}");
    }

    public AccountState State(string name) => Actors[Id(name)];

    public string Wallet(string name) => State(name).Wallet.ToString();

    public string CrossWallet(string name) => State(name).CrossWallet.ToString();

    public string Available(string name) => AccountMargin.Figures(State(name), Actors.Prices).Available.ToString();

    public string Equity(string name) => AccountMargin.Figures(State(name), Actors.Prices).Equity.ToString();

    /// <summary>The signed position, "0" without one.</summary>
    public string Position(string name, string symbol, PositionSide side = PositionSide.Both)
    {
        LegTable legs = State(name).Legs;
        int i = legs.Find(Spec(symbol).Id, side);
        return Spec(symbol).Format(i < 0 ? Quantity.Zero : legs[i].Quantity);
    }

    public Leg Leg(string name, string symbol, PositionSide side = PositionSide.Both)
    {
        LegTable legs = State(name).Legs;
        int i = legs.Find(Spec(symbol).Id, side);
        return i < 0 ? default : legs[i];
    }

    public string FundWallet => Actors.Fund.State.Wallet.ToString();

    public string Deficit => Actors.Fund.State.Deficit.ToString();

    public string FundPosition(string symbol) => Spec(symbol).Format(Actors.Fund.State.Position(Spec(symbol).Id).Quantity);

    public string Fees(string symbol) => Actors.View(Spec(symbol).Id).Fees.ToString();

    /// <summary>The bodies of one kind of event in the story, of one account if named.</summary>
    public List<T> Of<T>(string? name = null)
        where T : unmanaged, IPayload<T, EventKind>
    {
        var found = new List<T>();
        foreach (Event e in Story)
        {
            if (e.Kind == T.Kind && (name is null || e.Account == Id(name))) found.Add(e.Body<T>());
        }

        return found;
    }

    public Price P(string symbol, string text) => Spec(symbol).TryParsePrice(text, DecimalRounding.Exact, out Price price)
        ? price
        : throw new ArgumentException($"no price of {symbol}: {text}");

    public Quantity Q(string symbol, string text) => Spec(symbol).TryParseQuantity(text, DecimalRounding.Exact, out Quantity quantity)
        ? quantity
        : throw new ArgumentException($"no quantity of {symbol}: {text}");

    public static Amount Money(string text) => DecimalText.TryParse(text, 8, out long e8) ? new Amount(e8) : throw new ArgumentException(text);

    private void Do<T>(AccountId account, in T command)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Execute(Command.For(Now, account, new CommandId(++_commands), command));

    private void Execute(in Command command)
    {
        _rules.Before(Actors.Prices);
        _engine.Execute(command);
        Events.Clear();
        LastRefusal = Refusal.None;
        foreach (Event e in _engine.Events)
        {
            Events.Add(e);
            Story.Add(e);
            _rules.See(e);
            if (e.Kind == EventKind.CommandRefused) LastRefusal = e.Body<CommandRefused>().Refusal;
            else if (e.Kind == EventKind.OrderEnded && e.Cause == command.Message.Cause && e.Cause != default) LastRefusal = e.Body<OrderEnded>().Refusal;
        }

        _outside.Count(_engine.Events);
        ExchangeAudit.CheckAtRest(Actors, _outside);
    }
}
