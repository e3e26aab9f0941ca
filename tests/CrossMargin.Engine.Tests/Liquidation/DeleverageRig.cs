using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Liquidation;

/// <summary>What became of a request.</summary>
internal sealed class RigRound(AccountId bankrupt, LiquidationId liquidation, Quantity size)
{
    public AccountId Bankrupt => bankrupt;
    public LiquidationId Liquidation => liquidation;
    public Quantity Size => size;
    public List<(AccountId Account, PositionSide Side, Quantity Quantity, Price Price, Int128 Score, int Rank)> Closed { get; } = [];
    public Quantity Leaves { get; set; }
}

/// <summary>
/// Real accounts, fund and markets, first in, first out, in which no pool is ever judged: a book of random holders stands still while
/// requests of the first market are served. Whoever has a request declines, as an account in liquidation does, and is not told the end.
/// </summary>
internal sealed class DeleverageRig
{
    private const int Accounts = 40;

    private readonly VenueProfile _profile;
    private readonly int _mostGathered;
    private readonly CounterRandom _random;
    private readonly StepContext _context;
    private readonly MessageQueue _queue = new();
    private readonly EventBuffer _events = new();
    private readonly RiskMonitor _node;
    private readonly SortedDictionary<int, AccountActor> _accounts = [];
    private readonly MarketActor[] _markets;
    private readonly IActor _fund;
    private readonly HashSet<AccountId> _bankrupt = [];
    private readonly Dictionary<long, RigRound> _byNumber = [];
    private readonly Dictionary<(AccountId, LiquidationId), RigRound> _byRequest = [];
    private ulong _draw;
    private long _id;

    public DeleverageRig(VenueProfile profile, ulong seed, int mostGathered)
    {
        _profile = profile;
        _mostGathered = mostGathered;
        _random = new CounterRandom(seed, 0xAD1);
        var prices = new PriceTable(profile.Markets.Count);
        _node = new RiskMonitor(profile, prices);
        _context = new StepContext(profile, prices, _node, _queue, _events) { Now = new Timestamp(1_700_000_000_000) };
        var actors = new ExchangeActors(profile);
        _fund = actors.NewFund();
        _markets = [.. profile.Markets.Select(spec => new MarketActor(spec, profile, mostGathered))];
    }

    private MarketSpec Spec => _profile.Markets[0];
    private MarketView View => _markets[0].View;

    /// <summary>Rounds in the order in which they were started.</summary>
    public List<RigRound> Rounds { get; } = [];

    public int Queries { get; private set; }

    /// <summary>After every so many messages the market is replaced by one read from its state; 0 is never.</summary>
    public int RestartEvery { get; set; }

    /// <summary>Fills a book: one-way and hedged, cross and isolated, in two markets, and prices that moved behind it.</summary>
    public void Fill()
    {
        SetIndex(0, 1000);
        SetIndex(1, 1000);
        for (int i = 1; i <= Accounts; i++) Open(i);
        for (int i = 0; i < 6 * Accounts; i++) Trade(Chance(75) ? 0 : 1);
        long permille = Pick(-120, -60, -20, 20, 60, 120);
        SetIndex(0, 1000 + permille);
        SetIndex(1, 1000 + Pick(-50, 0, 50));
    }

    /// <summary>A list of requests: of both sides, at prices around the mark, larger than what is held, of accounts that hold nothing.</summary>
    public List<(AccountId Account, StartDeleverage Request)> Requests()
    {
        var requests = new List<(AccountId, StartDeleverage)>();
        Holding[] holders = [];
        int count = View.CopyHolders(ref holders);
        long share = Pick(10, 30, 60);
        for (int i = 0; i < count; i++)
        {
            if (!Chance(share)) continue;
            long lots = holders[i].Quantity.Lots;
            long part = Pick(100, 100, 100, 60, 250);
            var quantity = new Quantity(part == 100 ? lots : (lots * part / 100) + Math.Sign(lots));
            long units = Math.Max(1, View.Mark.Units + (View.Mark.Units * (Below(201) - 100) / 1000));
            requests.Add((holders[i].Account, new StartDeleverage
            {
                Liquidation = new LiquidationId(1_000_000 + i),
                Quantity = Chance(5) ? -quantity : quantity,
                Price = new Price(units),
                PositionSide = holders[i].Side,
            }));
        }

        // In an order of their own.
        for (int i = requests.Count - 1; i > 0; i--)
        {
            int j = (int)Below(i + 1);
            (requests[i], requests[j]) = (requests[j], requests[i]);
        }

        return requests;
    }

    public void Serve(IEnumerable<(AccountId Account, StartDeleverage Request)> requests)
    {
        foreach ((AccountId account, _) in requests) _bankrupt.Add(account);
        foreach ((AccountId account, StartDeleverage request) in requests)
            Enqueue(Message.Of(ActorId.Of(account), ActorId.Of(Spec.Id), default, request));
        Run();
    }

    /// <summary>Everything that a round may change, in words: the accounts and the market's holders and house.</summary>
    public string State()
    {
        var writer = new StateWriter();
        foreach (AccountActor account in _accounts.Values)
        {
            if (account.State.HeldByRound != 0) throw new InvalidOperationException($"{account.Id} is held");
            account.Write(writer);
        }

        Holding[] holders = [];
        int count = View.CopyHolders(ref holders);
        string held = string.Join('\n', holders.Take(count).Select(h => $"{h.Account} {h.Side} {h.Quantity} {h.OpenCost}"));
        return $"{Convert.ToHexString(writer.Written)}\n{held}\n{View.HouseQuantity} {View.HouseWallet} {View.PendingDeleverages}";
    }

    private void Open(int account)
    {
        To(account, new OpenAccount { TakerFee = new Rate(50_000) });
        To(account, new Deposit { Amount = Amount.FromWhole(Pick(200, 500, 2_000)) });
        if (_profile.Collateral.Enabled && Chance(30))
            To(account, new Deposit { Asset = _profile.Collateral.Assets[0].Id, Amount = Amount.FromWhole(Pick(1, 5)) });
        if (Chance(25)) To(account, new SetPositionMode { Hedge = true });
        foreach (MarketSpec spec in _profile.Markets.Take(2))
        {
            if (Chance(40)) To(account, new SetMarginMode { Market = spec.Id, Mode = MarginMode.Isolated });
            To(account, new SetLeverage { Market = spec.Id, Leverage = (int)Pick(3, 10, 20, 50) });
        }
    }

    private void Trade(int market)
    {
        MarketSpec spec = _profile.Markets[market];
        Price mark = _markets[market].View.Mark;
        long ticks = mark.Units / spec.TickUnits * (1000 + Below(41) - 20) / 1000;
        var price = new Price(ticks * spec.TickUnits);
        var lots = new Quantity((10 + Below(300)) * Amount.One / spec.Notional(mark, new Quantity(1)).E8);
        int buyer = 1 + (int)Below(Accounts);
        int seller = 1 + (int)Below(Accounts);
        Place(buyer, spec, Side.Buy, lots, price, TimeInForce.Gtc);
        Place(seller, spec, Side.Sell, lots, price, TimeInForce.Ioc);
        if (Chance(80)) To(buyer, new CancelAllOrders { Market = spec.Id });
    }

    private void Place(int account, MarketSpec spec, Side side, Quantity lots, Price price, TimeInForce tif)
    {
        bool hedge = _accounts[account].State.IsHedge;
        To(account, new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = tif,
            Quantity = lots,
            Price = price,
            PositionSide = !hedge ? PositionSide.Both : (side == Side.Buy) ^ Chance(20) ? PositionSide.Long : PositionSide.Short,
        });
    }

    private void SetIndex(int market, long permille)
    {
        MarketSpec spec = _profile.Markets[market];
        if (!spec.TryParsePrice(market == 0 ? "100" : "40", DecimalRounding.Exact, out Price start)) throw new InvalidOperationException();
        Enqueue(Command.Index(_context.Now, spec.Id, new Price(start.Units * permille / 1000), default).Message);
        Run();
    }

    private void To<T>(int account, in T command)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Enqueue(Command.For(_context.Now, new AccountId(account), new CommandId(++_id), command).Message);
        Run();
    }

    private void Enqueue(in Message message) => _queue.Add() = message;

    private void Run()
    {
        for (int n = 1; _queue.Count > 0; n++)
        {
            Message message = _queue.Take();
            _events.Clear();
            Deliver(message);
            foreach (Event e in _events.Events) See(e);
            if (RestartEvery > 0 && n % RestartEvery == 0) Restart();
        }
    }

    private void Deliver(in Message message)
    {
        switch (message.To.Kind)
        {
            case ActorKind.Account:
                DeliverToAccount(message);
                break;
            case ActorKind.Market:
                Handle(_markets[message.To.Number - 1], message);
                break;
            case ActorKind.Fund:
                Handle(_fund, message);
                break;
            default:
                if (message.Kind == MessageKind.PriceTick) _node.Receive(message.Body<PriceTick>());
                else _context.Prices.Inform(message);
                break;
        }
    }

    private void DeliverToAccount(in Message message)
    {
        var id = new AccountId(message.To.Number);
        if (message.Kind == MessageKind.DeleverageDone)
        {
            ref readonly DeleverageDone done = ref message.Body<DeleverageDone>();
            _byRequest[(id, done.Liquidation)].Leaves = done.Leaves;
            return;
        }

        if (message.Kind == MessageKind.DeleverageQuery)
        {
            Queries++;
            if (_bankrupt.Contains(id))
            {
                ref readonly DeleverageQuery query = ref message.Body<DeleverageQuery>();
                Enqueue(Message.Of(message.To, message.From, default, new DeleverageAnswer
                {
                    Round = query.Round,
                    PositionSide = query.PositionSide,
                    Declined = true,
                }));
                return;
            }
        }

        if (!_accounts.TryGetValue(id.Value, out AccountActor? account)) _accounts.Add(id.Value, account = new AccountActor(id, _profile));
        Handle(account, message);
    }

    private void Handle(IActor actor, in Message message)
    {
        _context.Begin(actor.Address, message);
        actor.Receive(message, _context);
    }

    private void See(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.DeleverageRoundStarted:
                ref readonly DeleverageRoundStarted started = ref e.Body<DeleverageRoundStarted>();
                var round = new RigRound(started.Bankrupt, started.Liquidation, started.Quantity);
                Rounds.Add(round);
                _byNumber.Add(started.Round, round);
                _byRequest.Add((started.Bankrupt, started.Liquidation), round);
                break;
            case EventKind.Deleveraged:
                ref readonly Deleveraged d = ref e.Body<Deleveraged>();
                _byNumber[d.Round].Closed.Add((e.Account, d.PositionSide, d.Quantity, d.Price, d.Score, d.Rank));
                break;
            case EventKind.DeleverageRoundEnded:
                _byNumber.Remove(e.Body<DeleverageRoundEnded>().Round);
                break;
        }
    }

    private void Restart()
    {
        var writer = new StateWriter();
        _markets[0].Write(writer);
        var reader = new StateReader(writer.Written.ToArray());
        _markets[0] = new MarketActor(Spec, _profile, _mostGathered);
        _markets[0].Read(reader);
        reader.ExpectEnd();
    }

    private long Below(long bound) => _random.Below(_draw++, bound);

    private bool Chance(long percent) => Below(100) < percent;

    private long Pick(params ReadOnlySpan<long> of) => of[(int)Below(of.Length)];
}
