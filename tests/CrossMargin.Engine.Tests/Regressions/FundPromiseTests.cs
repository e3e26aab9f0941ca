using CrossMargin.Engine.Actors;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Regressions;

/// <summary>
/// A fund of 100 that may hold a hundred times its equity, asked for longs at 98 while the mark is 90: each unit costs it 8 at once and
/// adds 90 to what it holds.
/// </summary>
public sealed class FundPromiseTests
{
    private static readonly AccountId s_alice = new(1);
    private static readonly MarketId s_market = new(1);

    private readonly VenueProfile _profile = TestProfiles.Simple("""{"fund":{"initialBalance":"100","inventoryLimit":"100"}}""");
    private readonly MessageQueue _outbox = new();
    private readonly StepContext _context;
    private readonly InsuranceFundActor _fund;

    public FundPromiseTests()
    {
        var prices = new PriceTable(_profile.Markets.Count);
        _fund = new InsuranceFundActor(_profile);
        _context = new StepContext(_profile, prices, new RiskMonitor(_profile, prices), _outbox, new EventBuffer());
        prices.TryApply(new PriceTick { Market = s_market, Mark = P("90"), Index = P("90"), Last = P("90"), Sequence = 1 });
    }

    /// <summary>
    /// 11.235 leave 10.12, enough for 1,012 against 1,011.15; 11.236 leave 1,011.2 against 1,011.24; 12.5 leave 0, 13 less.
    /// </summary>
    [Theory]
    [InlineData("11.235", true)]
    [InlineData("11.236", false)]
    [InlineData("12.5", false)]
    [InlineData("13", false)]
    public void Takeover_WhoseInstantLossLeavesNothing_IsRefused(string quantity, bool accepted) =>
        Assert.Equal(accepted ? MessageKind.TakeOver : MessageKind.TakeoverRefused, Ask(quantity));

    /// <summary>
    /// 10 promised cost 80 before they arrive. 1.236 beside them leave 10.112, enough for 1,011.2 against 1,011.24. A promise that lapses
    /// makes room again.
    /// </summary>
    [Fact]
    public void Takeover_CountsWhatIsPromised()
    {
        Assert.Equal(MessageKind.TakeOver, Ask("10"));
        Assert.Equal(MessageKind.TakeoverRefused, Ask("2.5"));
        Assert.Equal(MessageKind.TakeoverRefused, Ask("1.236"));
        Receive(ActorId.Of(s_market), new TakeoverLapsed { Account = s_alice, Quantity = Q("10"), Price = P("98"), Market = s_market });
        Assert.Equal(MessageKind.TakeOver, Ask("2.5"));
    }

    /// <summary>The same once they have arrived, at whatever size the market gave: nothing is counted twice.</summary>
    [Fact]
    public void Takeover_CountsWhatHasArrived_Once()
    {
        Assert.Equal(MessageKind.TakeOver, Ask("10"));
        Receive(ActorId.Of(s_market), new Fill
        {
            Type = FillKind.Takeover,
            Side = Side.Buy,
            Quantity = Q("6"),
            Price = P("98"),
            Market = s_market,
            Counterparty = s_alice,
        });
        Receive(ActorId.Of(s_market), new TakeoverLapsed { Account = s_alice, Quantity = Q("4"), Price = P("98"), Market = s_market });
        FundPosition position = _fund.State.Position(s_market);
        Assert.Equal((Quantity.Zero, Amount.Zero), (position.Promised, position.PromisedCost));
        Assert.Equal(MessageKind.TakeoverRefused, Ask("5.236")); // 100 × (52 − 41.888) against 1,011.24
        Assert.Equal(MessageKind.TakeOver, Ask("5.235"));
    }

    [Fact]
    public void Takeover_Forced_IsTakenAllTheSame()
    {
        Assert.Equal(MessageKind.TakeOver, Ask("20", forced: true));
        Assert.Equal(MessageKind.TakeoverRefused, Ask("0.001"));
    }

    private MessageKind Ask(string quantity, bool forced = false)
    {
        Receive(ActorId.Of(s_alice), new RequestTakeover
        {
            Liquidation = new LiquidationId(8),
            Quantity = Q(quantity),
            Price = P("98"),
            Mark = P("90"),
            Market = s_market,
            Forced = forced,
        });
        Assert.Equal(1, _outbox.Count);
        return _outbox.First.Kind;
    }

    private void Receive<T>(ActorId from, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        _outbox.Clear();
        Message message = Message.Of(from, ActorId.Fund, CommandId.None, body);
        _context.Begin(ActorId.Fund, message);
        _fund.Receive(message, _context);
    }

    private Price P(string text) =>
        _profile.Markets[0].TryParsePrice(text, DecimalRounding.Exact, out Price p) ? p : throw new ArgumentException(text);

    private Quantity Q(string text) =>
        _profile.Markets[0].TryParseQuantity(text, DecimalRounding.Exact, out Quantity q) ? q : throw new ArgumentException(text);
}
