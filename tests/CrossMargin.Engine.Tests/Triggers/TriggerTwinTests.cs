using CrossMargin.Engine.Triggers;
using CrossMargin.Model;
using CrossMargin.TestKit.Twins;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Engine.Tests.Triggers;

/// <summary>Random prices and orders through the fast and the naive trigger book: the same orders fire, in the same order.</summary>
public sealed class TriggerTwinTests
{
    [Fact]
    public void Prop_RandomWalk_FastAndNaiveTriggersAgree() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll((int seed) => new Run(seed, step: 12).Steps(600)));

    [Fact]
    public void Prop_JumpingPrice_FastAndNaiveTriggersAgree() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll((int seed) => new Run(seed, step: 400).Steps(600)));

    private sealed class Run(int seed, int step)
    {
        private const int Accounts = 5;
        private readonly System.Random _random = new(seed);
        private readonly NaiveTriggerBook _naive = new();
        private readonly long[] _prices = [2_000, 2_000];
        private TriggerBook _fast = new();
        private long _nextId;
        private long _now;

        public void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                switch (_random.Next(12))
                {
                    case < 5: Tick(); break;
                    case < 9: Place(); break;
                    case 9: Cancel(); break;
                    case 10: Expire(); break;
                    default: RoundTrip(); break;
                }

                Compare();
            }
        }

        private void Tick()
        {
            var source = (TriggerSource)_random.Next(2);
            ref long price = ref _prices[(int)source];
            price = Math.Max(1, price + _random.Next(-step, step + 1));
            var fired = new List<ConditionalOrder>();
            _fast.Update(source, new Price(price), fired);
            Assert.Equal(_naive.Update(source, new Price(price)), fired);
        }

        private void Place()
        {
            var source = (TriggerSource)_random.Next(2);
            long near = _prices[(int)source];
            var type = (OrderType)_random.Next((int)OrderType.Stop, (int)OrderType.TrailingStopMarket + 3);
            var order = new ConditionalOrder
            {
                Account = new AccountId(1 + _random.Next(Accounts)),
                AlgoId = new AlgoId(++_nextId),
                Type = type > OrderType.TrailingStopMarket ? OrderType.TrailingStopMarket : type,
                Side = (Side)_random.Next(1, 3),
                PositionSide = (PositionSide)_random.Next(3),
                Source = source,
                TriggerPrice = new Price(Math.Max(1, near + _random.Next(-80, 80))),
                ActivationPrice = new Price(_random.Next(2) == 0 ? 0 : Math.Max(1, near + _random.Next(-60, 60))),
                CallbackRate = new Rate(100_000L * _random.Next(1, 60)),
                GoodTill = new Timestamp(_random.Next(4) == 0 ? _now + _random.Next(1, 50) : 0),
                Quantity = new Quantity(_random.Next(1, 9)),
                Flags = OrderFlags.ReduceOnly,
                TimeInForce = TimeInForce.Gtc,
            };
            _fast.Add(in order);
            _naive.Add(in order);
        }

        private void Cancel()
        {
            List<ConditionalOrder> all = [.. _naive.Orders];
            if (all.Count == 0) return;
            ConditionalOrder order = all[_random.Next(all.Count)];
            Assert.True(_fast.TryFind(order.Account, order.AlgoId, out int number));
            Assert.Equal(order, _fast.Remove(number));
            Assert.True(_naive.Remove(order.Account, order.AlgoId));
        }

        private void Expire()
        {
            _now += _random.Next(15);
            foreach (ConditionalOrder order in _naive.Expired(new Timestamp(_now)))
            {
                Assert.True(_fast.TryNextExpired(new Timestamp(_now), out int number));
                Assert.Equal(order, _fast.Remove(number));
                Assert.True(_naive.Remove(order.Account, order.AlgoId));
            }

            Assert.False(_fast.TryNextExpired(new Timestamp(_now), out _));
        }

        private void RoundTrip()
        {
            byte[] before = Bytes(_fast);
            var restored = new TriggerBook();
            var reader = new StateReader(before);
            restored.Read(reader);
            reader.ExpectEnd();
            Assert.Equal(before, Bytes(restored));
            _fast = restored;
        }

        private void Compare()
        {
            Assert.Equal(_naive.Count, _fast.Count);
            var account = new AccountId(1 + _random.Next(Accounts));
            var own = new List<ConditionalOrder>();
            foreach (int number in _fast.OldestFirst(account)) own.Add(_fast[number]);
            Assert.Equal(_naive.OrdersOf(account), own);
            Assert.Equal(own.Count, _fast.CountOf(account));
        }

        private static byte[] Bytes(TriggerBook book)
        {
            var writer = new StateWriter();
            book.Write(writer);
            return writer.Written.ToArray();
        }
    }
}
