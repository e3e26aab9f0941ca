using CrossMargin.Engine.Markets;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Markets;

public class MarketProperties
{
    private static readonly VenueProfile s_profile = TestProfiles.Simple(
        """{"markets":{"AAAUSDT":{"house":{"enabled":true,"depthNotional":"2000"},"funding":{"interval":"1h"}}}}""");

    [Fact]
    public void Prop_RandomStreams_BalanceToTheLastUnit()
    {
        for (int seed = 1; seed <= 40; seed++) new RandomMarket(s_profile, seed).Run(steps: 400, restarts: false);
    }

    [Fact]
    public void Prop_SameInputs_SameStateAndMessages_AlsoThroughRestarts()
    {
        for (int seed = 100; seed < 112; seed++)
        {
            (byte[] state, long messages) a = new RandomMarket(s_profile, seed).Run(steps: 300, restarts: false);
            (byte[] state, long messages) b = new RandomMarket(s_profile, seed).Run(steps: 300, restarts: true);
            Assert.Equal(a.messages, b.messages);
            Assert.Equal(a.state, b.state);
        }
    }

    /// <summary>One market, a handful of accounts who do anything allowed, and the bookkeeping of what they are told.</summary>
    private sealed class RandomMarket(VenueProfile profile, int seed)
    {
        private readonly MarketHarness _m = new(profile, pumpSelf: false);
        private readonly Random _random = new(seed);
        private readonly MirrorAccount[] _accounts =
            [.. Enumerable.Range(1, 7).Select(i => new MirrorAccount(i == 7 ? AccountId.Fund : new AccountId(i), profile.Markets[0]))];
        private readonly Queue<Message> _answers = new();
        private long _messages;

        public (byte[] State, long Messages) Run(int steps, bool restarts)
        {
            _m.Index("100");
            for (int i = 0; i < steps; i++)
            {
                Act();
                Deliver();
                if (restarts && i % 17 == 0) _m.Restart();
                Check();
            }

            return (_m.State(), _messages);
        }

        private void Act()
        {
            if (_answers.TryDequeue(out Message question) && _random.Next(4) > 0)
            {
                AnswerRound(question);
                return;
            }

            MirrorAccount account = _accounts[_random.Next(_accounts.Length)];
            switch (_random.Next(24))
            {
                case < 10:
                    Submit(account);
                    break;
                case < 12:
                    long order = Pick(account.Orders.Keys, account);
                    _m.From(account.Id, new RequestCancel { Order = new OrderId(order), Reason = CancelReason.ByClient });
                    break;
                case < 15:
                    Amend(account);
                    break;
                case 15:
                    SubmitTrigger(account);
                    break;
                case 16:
                    var algo = new AlgoId(Pick(account.Triggers, account));
                    _m.From(account.Id, new RequestCancelTrigger { Algo = algo, Reason = CancelReason.ByClient });
                    break;
                case 17:
                    _m.From(account.Id, new RequestCountdown { Milliseconds = _random.Next(3) * 5000 });
                    break;
                case 18:
                    StartRound(account);
                    break;
                case 19:
                    _m.Step(ActorId.Client, new SettleFunding { Market = _m.Spec.Id, Rate = new Rate(_random.Next(-100_000, 100_000)) });
                    break;
                case 20:
                    _m.Step(_m.Actor.Address, new ContinueFunding());
                    break;
                case 21:
                    _m.Skip(_random.Next(3) == 0 ? 1_000_000 : 3000);
                    _m.Step(ActorId.Client, new AdvanceTime { Now = _m.Now });
                    break;
                default:
                    long index = _random.Next(20) == 0 ? 13_000_000 : _random.NextInt64(9_900_000, 10_100_000);
                    var volume = new Quantity(_random.Next(2) * 100_000);
                    _m.Step(ActorId.Client, new SetIndexPrice { Market = _m.Spec.Id, Index = new Price(index), DepthVolume = volume });
                    break;
            }
        }

        private void Submit(MirrorAccount account)
        {
            PositionSide leg = LegOf(account);
            bool close = _random.Next(3) == 0;
            SubmitOrder order = _m.Order(++account.LastId, (Side)_random.Next(1, 3), "1", "100", (TimeInForce)_random.Next(1, 5));
            order.Quantity = new Quantity(_random.Next(1, 5_000));
            order.Price = new Price((1000 + _random.Next(-8, 9)) * _m.Spec.TickUnits);
            order.PositionSide = leg;
            order.SelfTradePrevention = (SelfTradePrevention)_random.Next(4);
            if (_random.Next(6) == 0)
                (order.TimeInForce, order.GoodTill) = (TimeInForce.Gtd, _m.Now.AddMilliseconds(_random.Next(0, 9000)));
            if (_random.Next(6) == 0) order.TakerFee = order.MakerFee = new Rate(_random.Next(-3, 3) * 7_777);
            if (close && leg == PositionSide.Both) order.Flags |= OrderFlags.ReduceOnly;
            bool closes = (order.Flags & OrderFlags.ReduceOnly) != 0
                || leg == (order.Side == Side.Sell ? PositionSide.Long : PositionSide.Short);
            account.Orders.Add(order.Order.Value, new MirrorOrder
            {
                Side = order.Side,
                PositionSide = leg,
                Price = order.Price,
                Leaves = order.Quantity,
                IsReduceOnly = closes,
                IsPostOnly = order.TimeInForce == TimeInForce.Gtx,
            });
            _m.From(account.Id, order);
        }

        private void Amend(MirrorAccount account)
        {
            long id = Pick(account.Orders.Keys, account);
            Quantity leaves = account.Orders.TryGetValue(id, out MirrorOrder? order) ? order.Leaves : new Quantity(5);
            Price price = order?.Price ?? _m.P("100");
            if (_random.Next(2) == 0) price = new Price((1000 + _random.Next(-8, 9)) * _m.Spec.TickUnits);
            var quantity = new Quantity(Math.Max(1, leaves.Lots + _random.Next(-500, 200)));
            _m.From(account.Id, new RequestAmend
            {
                Order = new OrderId(id),
                Quantity = quantity,
                Price = price,
                TakerFee = profile.TakerFee,
            });
        }

        private void SubmitTrigger(MirrorAccount account) => _m.From(account.Id, new SubmitTrigger
        {
            Algo = new AlgoId(++account.LastId),
            Quantity = new Quantity(100),
            TriggerPrice = new Price((1000 + _random.Next(-8, 9)) * _m.Spec.TickUnits),
            CallbackRate = new Rate(500_000),
            Side = (Side)_random.Next(1, 3),
            PositionSide = LegOf(account),
            Type = _random.Next(3) switch { 0 => OrderType.StopMarket, 1 => OrderType.TakeProfitMarket, _ => OrderType.TrailingStopMarket },
            TriggerSource = (TriggerSource)_random.Next(2),
            TimeInForce = TimeInForce.Ioc,
        });

        private void StartRound(MirrorAccount account)
        {
            PositionSide leg = LegOf(account);
            Quantity held = account.QuantityOf(leg);
            if (held.IsZero) return;
            var price = new Price(_random.NextInt64(9_500_000, 10_500_000));
            var id = new LiquidationId(1);
            if (_random.Next(2) == 0 || account.Id == AccountId.Fund)
                _m.From(account.Id, new StartDeleverage { Liquidation = id, Quantity = held, Price = price, PositionSide = leg });
            else
            {
                _m.From(AccountId.Fund, new TakeOver
                {
                    Account = account.Id,
                    Liquidation = id,
                    Quantity = held,
                    Price = price,
                    PositionSide = leg,
                });
            }
        }

        private void AnswerRound(in Message question)
        {
            ref readonly DeleverageQuery query = ref question.Body<DeleverageQuery>();
            _m.Step(question.To, new DeleverageAnswer
            {
                Round = query.Round,
                PositionSide = query.PositionSide,
                Wallet = MarketHarness.A("1000"),
                Equity = new Amount(_random.NextInt64(-1_000_000_000, 100_000_000_000)),
                Maintenance = MarketHarness.A("5"),
                Declined = _random.Next(5) == 0,
            });
        }

        private void Deliver()
        {
            _messages = unchecked(_messages * 31 + _m.Sent.Count);
            foreach (Message message in _m.Sent)
            {
                if (message.To.Kind is not (ActorKind.Account or ActorKind.Fund)) continue;
                if (message.Kind == MessageKind.DeleverageQuery) _answers.Enqueue(message);
                AccountOf(message.To).Take(message);
                foreach (byte b in message.BodyBytes) _messages = unchecked(_messages * 31 + b);
            }

            _m.Sent.Clear();
        }

        private void Check()
        {
            Int128 sum = (Int128)_m.View.HouseWallet.E8 - _m.View.HouseOpenCost.E8 + _m.View.Fees.E8 + _m.View.Dust.E8;
            sum += _m.View.UnsentFunding;
            long lots = _m.View.HouseQuantity.Lots;
            foreach (MirrorAccount account in _accounts)
            {
                sum += account.WalletLessCost;
                Assert.Equal(account.Triggers.Count, _m.View.TriggerCount(account.Id));
                for (PositionSide side = PositionSide.Both; side <= PositionSide.Short; side++)
                {
                    bool holds = _m.View.TryGetHolder(account.Id, side, out Holding holding);
                    (Quantity, Amount) told = (account.QuantityOf(side), account.OpenCostOf(side));
                    Assert.Equal(told, holds ? (holding.Quantity, holding.OpenCost) : default);
                    lots += account.QuantityOf(side).Lots;
                    CheckReduceOnly(account, side);
                }

                Assert.Equal(account.Orders.Count, _m.View.OrderCount(account.Id));
                foreach ((long id, MirrorOrder order) in account.Orders)
                {
                    Assert.True(order.IsResting);
                    Assert.True(_m.View.TryGetOrder(account.Id, new OrderId(id), out Quantity open));
                    Assert.Equal(order.Leaves, open);
                }
            }

            Assert.Equal(Int128.Zero, sum);
            Assert.Equal(0, lots);
            (Price bid, Price ask) = (_m.View.BestBid.Price, _m.View.BestAsk.Price);
            Assert.True(bid.IsNone || ask.IsNone || bid < ask, "the published depth crosses");
        }

        private static void CheckReduceOnly(MirrorAccount account, PositionSide leg)
        {
            foreach (Side side in new[] { Side.Buy, Side.Sell })
            {
                long closing = account.Orders.Values
                    .Where(o => o.IsReduceOnly && o.PositionSide == leg && o.Side == side).Sum(o => o.Leaves.Lots);
                long held = account.QuantityOf(leg).Lots;
                Assert.True(closing <= Math.Max(0, side == Side.Sell ? held : -held));
            }
        }

        private MirrorAccount AccountOf(ActorId actor) => _accounts.Single(a => ActorId.Of(a.Id) == actor);

        /// <summary>Accounts 5 and 6 are in hedge mode.</summary>
        private PositionSide LegOf(MirrorAccount account) =>
            account.Id.Value is 5 or 6 ? (PositionSide)_random.Next(1, 3) : PositionSide.Both;

        private long Pick(ICollection<long> ids, MirrorAccount account) =>
            ids.Count == 0 || _random.Next(10) == 0 ? account.LastId + 1_000_000 : ids.ElementAt(_random.Next(ids.Count));
    }
}
