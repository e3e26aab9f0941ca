using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Accounts;

/// <summary>One account alone, in any state that is wanted, also those that an exchange at rest never shows; marks are 100, nobody answers.</summary>
internal sealed class AccountBench
{
    public const string Patch = """
        {"defaults":{"maxOpenOrders":1,"maxOpenTriggers":1,"minNotional":"5"},"markets":{"AAAUSDT":{"minQuantity":"0.01"}}}
        """;

    private readonly AccountActor _actor;
    private readonly PriceTable _prices;
    private readonly StepContext _context;
    private readonly EventBuffer _events = new();
    private long _ticks;

    public AccountBench(string patch = Patch)
    {
        Profile = TestProfiles.Simple(patch);
        _actor = new AccountActor(new AccountId(1), Profile);
        _prices = new PriceTable(Profile.Markets.Count);
        Outbox = new MessageQueue();
        _context = new StepContext(Profile, _prices, new RiskMonitor(Profile, _prices), Outbox, _events) { Now = new Timestamp(1_000_000) };
        Do(new OpenAccount { MakerFee = Profile.MakerFee, TakerFee = Profile.TakerFee });
        Fund("1000");
        Tick(PauseReason.None);
    }

    public VenueProfile Profile { get; }
    public MarketSpec Spec => Profile.Markets[0];
    public AccountState State => _actor.State;
    public MessageQueue Outbox { get; }
    public PriceTable Prices => _prices;

    public static MarketId Market => new(1);

    public Price P(string text) => Spec.TryParsePrice(text, DecimalRounding.Exact, out Price price) ? price : throw new ArgumentException(text);

    public Quantity Q(string text) => Spec.TryParseQuantity(text, DecimalRounding.Exact, out Quantity q) ? q : throw new ArgumentException(text);

    public void Tick(PauseReason pause) => _prices.TryApply(new PriceTick
    {
        Market = Market,
        Mark = P("100"),
        Index = P("100"),
        Last = P("100"),
        Sequence = ++_ticks,
        Pause = pause,
    });

    /// <summary>Sets the settlement wallet.</summary>
    public void Fund(string wallet) => State.AddToBalance(AssetId.Settlement, TestExchange.Money(wallet) - State.Wallet, _context.Now);

    /// <summary>Gives the leg a position entered at 100.</summary>
    public void Hold(string quantity, PositionSide side = PositionSide.Both, MarginMode mode = MarginMode.Cross, string isolated = "0")
    {
        int i = State.Legs.FindOrAdd(Market, side);
        ref Leg leg = ref State.Legs[i];
        leg.Quantity = Q(quantity);
        leg.OpenCost = Spec.Notional(P("100"), leg.Quantity);
        leg.Mode = mode;
        leg.IsolatedWallet = TestExchange.Money(isolated);
    }

    public void InLiquidation() => State.Liquidations = [new LiquidationCase(new LiquidationId(99), MarketId.None, PositionSide.Both)];

    public void Held()
    {
        State.HeldByRound = 7;
        State.HeldByMarket = Market;
    }

    /// <summary>One command; its refusal, or none.</summary>
    public Refusal Do<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Receive(ActorId.Client, body, new CommandId(1));
        foreach (ref readonly Event e in _events.Events)
        {
            if (e.Kind == EventKind.CommandRefused) return e.Body<CommandRefused>().Refusal;
        }

        return Refusal.None;
    }

    /// <summary>One message of anybody; what it sends is in <see cref="Outbox"/>.</summary>
    public void Receive<T>(ActorId from, in T body, CommandId cause = default)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        _events.Clear();
        Outbox.Clear();
        Message message = Message.Of(from, _actor.Address, cause, body);
        _context.Begin(_actor.Address, message);
        _actor.Receive(message, _context);
    }
}
