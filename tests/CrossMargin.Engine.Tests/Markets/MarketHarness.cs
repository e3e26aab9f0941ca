using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Markets;

/// <summary>One market driven by hand: what it sends lands in <see cref="Sent"/>, what it emits in <see cref="Events"/>.</summary>
internal sealed class MarketHarness
{
    public static readonly AccountId Ann = new(1);
    public static readonly AccountId Bob = new(2);
    public static readonly AccountId Cleo = new(3);
    public static readonly AccountId Dan = new(4);

    private readonly StepContext _context;
    private readonly MessageQueue _outbox = new();
    private readonly EventBuffer _events = new();
    private readonly bool _pumpSelf;

    /// <param name="pumpSelf">Whether messages to the market itself are delivered at the end of each step.</param>
    public MarketHarness(VenueProfile? profile = null, bool pumpSelf = true)
    {
        Profile = profile ?? TestProfiles.Simple();
        Spec = Profile.Markets[0];
        Actor = new MarketActor(Spec, Profile);
        _pumpSelf = pumpSelf;
        var prices = new PriceTable(Profile.Markets.Count);
        _context = new StepContext(Profile, prices, new NoMonitor(), _outbox, _events) { Now = new Timestamp(1_000_000) };
    }

    public VenueProfile Profile { get; }
    public MarketSpec Spec { get; }
    public MarketActor Actor { get; private set; }
    public MarketView View => Actor.View;

    /// <summary>Messages of the last step (and of the self-messages that followed).</summary>
    public List<Message> Sent { get; } = [];

    /// <summary>Events of the last step.</summary>
    public List<Event> Events { get; } = [];
    public Timestamp Now => _context.Now;

    public Price P(string price) => Spec.TryParsePrice(price, DecimalRounding.Exact, out Price p) ? p : throw new ArgumentException(price);

    public Quantity Q(string quantity) =>
        Spec.TryParseQuantity(quantity, DecimalRounding.Exact, out Quantity q) ? q : throw new ArgumentException(quantity);

    public static Amount A(string amount) =>
        DecimalText.TryParseUnits(amount, 10_000_000_000, DecimalRounding.Exact, out long e8)
            ? new Amount(e8) : throw new ArgumentException(amount);

    /// <summary>One step: the message is handled, what came out replaces what came before.</summary>
    public void Step<T>(ActorId from, in T body, CommandId cause = default)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Sent.Clear();
        Events.Clear();
        Handle(Message.Of(from, Actor.Address, cause, body));
    }

    public void From<T>(AccountId account, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Step(ActorId.Of(account), body);

    public void Index(string price, string volume = "0") =>
        Step(ActorId.Client, new SetIndexPrice { Market = Spec.Id, Index = P(price), DepthVolume = volume == "0" ? default : Q(volume) });

    /// <summary>Exchange time goes on by this much, and the market is told.</summary>
    public void Advance(long milliseconds)
    {
        Skip(milliseconds);
        Step(ActorId.Client, new AdvanceTime { Now = Now });
    }

    /// <summary>Exchange time goes on, the market is not told.</summary>
    public void Skip(long milliseconds) => _context.Now = Now.AddMilliseconds(milliseconds);

    public void AdvanceTo(long milliseconds) => Advance(milliseconds - Now.Milliseconds);

    public SubmitOrder Order(long id, Side side, string quantity, string price, TimeInForce tif = TimeInForce.Gtc) => new()
    {
        Order = new OrderId(id),
        Price = P(price),
        Quantity = Q(quantity),
        MakerFee = Profile.MakerFee,
        TakerFee = Profile.TakerFee,
        Side = side,
        TimeInForce = tif,
    };

    public void Buy(AccountId who, long id, string quantity, string price, TimeInForce tif = TimeInForce.Gtc) =>
        From(who, Order(id, Side.Buy, quantity, price, tif));

    public void Sell(AccountId who, long id, string quantity, string price, TimeInForce tif = TimeInForce.Gtc) =>
        From(who, Order(id, Side.Sell, quantity, price, tif));

    public void ReduceOnly(AccountId who, long id, Side side, string quantity, string price, TimeInForce tif = TimeInForce.Gtc)
    {
        SubmitOrder order = Order(id, side, quantity, price, tif);
        order.Flags = OrderFlags.ReduceOnly;
        From(who, order);
    }

    /// <summary>A position out of nothing: the first buys from the second at a price.</summary>
    public void Trade(AccountId buyer, AccountId seller, string quantity, string price)
    {
        long id = 900_000_000 + View.OpenOrders + _tradeIds++;
        Sell(seller, id, quantity, price);
        Buy(buyer, id + 1, quantity, price, TimeInForce.Ioc);
        Assert.Equal(Q(quantity), To<Fill>(buyer).Aggregate(Quantity.Zero, (sum, f) => sum + f.Quantity));
    }

    public string Position(AccountId who, PositionSide side = PositionSide.Both) =>
        View.TryGetHolder(who, side, out Holding h) ? Spec.Format(h.Quantity) : "0";

    /// <summary>The bodies of one kind sent to an account in the last step, in order.</summary>
    public List<T> To<T>(AccountId account)
        where T : unmanaged, IPayload<T, MessageKind> =>
        [.. Sent.Where(m => m.To == ActorId.Of(account) && m.Kind == T.Kind).Select(m => m.Body<T>())];

    /// <summary>Kinds of everything sent to an account in the last step, in order.</summary>
    public List<MessageKind> KindsTo(AccountId account) => [.. Sent.Where(m => m.To == ActorId.Of(account)).Select(m => m.Kind)];

    public T Only<T>(AccountId account)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Assert.Single(To<T>(account));

    public List<T> Emitted<T>()
        where T : unmanaged, IPayload<T, EventKind> =>
        [.. Events.Where(e => e.Kind == T.Kind).Select(e => e.Body<T>())];

    public byte[] State()
    {
        var writer = new StateWriter();
        Actor.Write(writer);
        return writer.Written.ToArray();
    }

    /// <summary>The market is replaced by one read from its own state.</summary>
    public void Restart()
    {
        byte[] before = State();
        var reader = new StateReader(before);
        Actor = new MarketActor(Spec, Profile);
        Actor.Read(reader);
        reader.ExpectEnd();
        Assert.Equal(before, State());
    }

    private long _tradeIds;

    private void Handle(in Message message)
    {
        _context.Begin(Actor.Address, message);
        Actor.Receive(message, _context);
        var toSelf = new List<Message>();
        while (_outbox.Count > 0)
        {
            Message sent = _outbox.Take();
            Sent.Add(sent);
            if (sent.To == Actor.Address) toSelf.Add(sent);
        }

        foreach (Event e in _events.Events) Events.Add(e);
        _events.Clear();
        if (!_pumpSelf) return;
        foreach (Message m in toSelf) Handle(m);
    }

    private sealed class NoMonitor : IRiskMonitor
    {
        public void RequestJudge(PoolId pool) => throw new NotSupportedException();
        public void Watch(PoolId pool, in PoolView view) => throw new NotSupportedException();
        public void Unwatch(PoolId pool) => throw new NotSupportedException();
        public void WaitForResume(PoolId pool, MarketId market) => throw new NotSupportedException();
    }
}
