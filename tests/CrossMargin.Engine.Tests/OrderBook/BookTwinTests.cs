using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;
using CrossMargin.TestKit.Twins;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Engine.Tests.OrderBook;

/// <summary>Random streams through the fast and the naive book: the same events, the same orders, step by step.</summary>
public sealed class BookTwinTests
{
    private const int Accounts = 6;

    [Fact]
    public void Prop_RandomStream_FastAndNaiveBookAgree() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll((int seed) => new Run(seed, spread: 8).Steps(300)));

    [Fact]
    public void Prop_RandomStreamOverFarPrices_FastAndNaiveBookAgree() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll((int seed) => new Run(seed, spread: 100_000_000).Steps(300)));

    private sealed class Run(int seed, long spread)
    {
        private const long TickUnits = 5;
        private readonly System.Random _random = new(seed);
        private readonly NaiveOrderBook _naive = new();
        private readonly long[] _nextId = new long[Accounts + 1];
        private readonly List<BookEvent> _fastEvents = [];
        private readonly List<BookEvent> _naiveEvents = [];
        private LimitOrderBook _fast = new(TickUnits);
        private HouseLadder _fastHouse = new();
        private HouseLadder _naiveHouse = new();
        private long _now;

        public void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Step();
                Assert.Equal(_naiveEvents, _fastEvents);
                _fastEvents.Clear();
                _naiveEvents.Clear();
                CompareBooks();
            }
        }

        private void Step()
        {
            switch (_random.Next(16))
            {
                case 0: Cancel(); break;
                case 1: CancelAll(); break;
                case 2: Reduce(); break;
                case 3: Requeue(); break;
                case 4: Expire(); break;
                case 5: RefreshHouse(); break;
                case 6: RoundTrip(); break;
                default: Place(); break;
            }
        }

        private void Place()
        {
            int account = _random.Next(Accounts) + 1;
            var tif = (TimeInForce)_random.Next(1, 6);
            var order = new RestingOrder
            {
                Account = account == Accounts ? AccountId.Fund : new AccountId(account),
                OrderId = new OrderId(++_nextId[account]),
                Side = (Side)_random.Next(1, 3),
                PositionSide = (PositionSide)_random.Next(3),
                Price = RandomPrice(),
                Quantity = new Quantity(_random.Next(1, 20)),
                Flags = _random.Next(3) == 0 ? OrderFlags.ReduceOnly : OrderFlags.None,
                GoodTill = new Timestamp(tif == TimeInForce.Gtd ? _now + _random.Next(1, 40) : 0),
                MakerFee = new Rate(_random.Next(-10, 10)),
            };
            order.Remaining = order.Quantity;
            var taker = new TakerOrder
            {
                Account = order.Account,
                Side = order.Side,
                Limit = order.Price,
                Remaining = order.Remaining,
                SelfTradePrevention = (SelfTradePrevention)_random.Next(4),
            };
            Match(ref order, taker, tif);
        }

        private void Match(ref RestingOrder order, TakerOrder taker, TimeInForce tif)
        {
            bool cuts = _random.Next(2) == 0;
            var fastSink = new RecordingSink(_fast, _fastEvents, _fastHouse, cuts);
            var naiveSink = new NaiveRecordingSink(_naive, _naiveEvents, _naiveHouse, cuts);
            Quantity fillable = _fast.FillableQuantity(in taker, ref fastSink);
            Assert.Equal(_naive.FillableQuantity(in taker, _naiveHouse.For(taker.Side)), fillable);
            if (tif == TimeInForce.Fok && fillable < taker.Remaining) return;
            _fastHouse.TryBest(taker.Side, out Price houseBest, out _);
            bool crosses = _fast.WouldCross(taker.Side, taker.Limit, houseBest);
            if (tif == TimeInForce.Gtx && crosses) return;

            TakerOrder naiveTaker = taker;
            MatchOutcome outcome = _fast.Match(ref taker, ref fastSink);
            Assert.Equal(_naive.Match(ref naiveTaker, ref naiveSink), outcome);
            Assert.Equal(naiveTaker.Remaining, taker.Remaining);
            if (!crosses) Assert.Empty(_fastEvents);
            if (tif == TimeInForce.Fok) Assert.Equal(MatchOutcome.Filled, outcome);
            if (outcome != MatchOutcome.LimitReached || tif is TimeInForce.Ioc or TimeInForce.Fok) return;
            order.Remaining = taker.Remaining;
            _fast.Add(in order);
            _naive.Add(in order);
        }

        private void Cancel()
        {
            if (RandomOrder() is not { } order) return;
            Assert.True(_fast.TryFind(order.Data.Account, order.Data.OrderId, out int node));
            Assert.Equal(order.Data, _fast.Remove(node));
            _naive.Remove(order);
        }

        private void CancelAll()
        {
            if (RandomOrder() is not { } order) return;
            foreach (int node in _fast.NewestFirst(order.Data.Account)) _fast.Remove(node);
            foreach (NaiveOrder each in _naive.OrdersOf(order.Data.Account)) _naive.Remove(each);
        }

        private void Reduce()
        {
            if (RandomOrder() is not { } order || order.Remaining.Lots == 1) return;
            var remaining = new Quantity(_random.NextInt64(1, order.Remaining.Lots + 1));
            Assert.True(_fast.TryFind(order.Data.Account, order.Data.OrderId, out int node));
            _fast.Reduce(node, remaining);
            _naive.Reduce(order, remaining);
        }

        private void Requeue()
        {
            if (RandomOrder() is not { } order) return;
            Assert.True(_fast.TryFind(order.Data.Account, order.Data.OrderId, out int node));
            RestingOrder again = _fast.Remove(node);
            _naive.Remove(order);
            Price price = RandomPrice();
            if (!_fast.WouldCross(again.Side, price, Price.None)) again.Price = price;
            _fast.Add(in again);
            _naive.Add(in again);
        }

        private void Expire()
        {
            _now += _random.Next(10);
            foreach (NaiveOrder order in _naive.Expired(new Timestamp(_now)))
            {
                Assert.True(_fast.TryNextExpired(new Timestamp(_now), out int node));
                Assert.Equal(order.Data, _fast.Remove(node));
                _naive.Remove(order);
            }

            Assert.False(_fast.TryNextExpired(new Timestamp(_now), out _));
        }

        private void RefreshHouse()
        {
            _fastHouse = new HouseLadder();
            long middle = RandomPrice().Units;
            for (int i = 1; i <= _random.Next(4); i++)
            {
                if (middle > i * TickUnits) _fastHouse.Bids.Add((new Price(middle - i * TickUnits), new Quantity(_random.Next(1, 9))));
                _fastHouse.Asks.Add((new Price(middle + i * TickUnits), new Quantity(_random.Next(1, 9))));
            }

            _naiveHouse = _fastHouse.Copy();
        }

        private void RoundTrip()
        {
            byte[] before = Bytes(_fast);
            var restored = new LimitOrderBook(TickUnits);
            var reader = new StateReader(before);
            restored.Read(reader);
            reader.ExpectEnd();
            Assert.Equal(before, Bytes(restored));
            _fast = restored;
        }

        private void CompareBooks()
        {
            Assert.Equal(_naive.Count, _fast.Count);
            foreach (Side side in (Side[])[Side.Buy, Side.Sell])
            {
                var orders = new List<RestingOrder>();
                foreach (int node in _fast.Orders(side)) orders.Add(_fast.Get(node));
                Assert.Equal(_naive.Orders(side).Select(o => o.Data), orders);
                var levels = new List<BookLevel>();
                foreach (BookLevel level in _fast.Levels(side)) levels.Add(level);
                Assert.Equal(_naive.Levels(side), levels);
                Assert.Equal(levels.Count > 0 ? levels[0].Price : Price.None, _fast.Best(side));
            }

            var account = new AccountId(_random.Next(Accounts) + 1);
            List<NaiveOrder> expected = _naive.OrdersOf(account);
            var own = new List<RestingOrder>();
            foreach (int node in _fast.OldestFirst(account)) own.Add(_fast.Get(node));
            Assert.Equal(expected.Select(o => o.Data), own);
            Assert.Equal(expected.Count(o => o.Data.Flags.HasFlag(OrderFlags.ReduceOnly)), _fast.ReduceOnlyCountOf(account));
        }

        private NaiveOrder? RandomOrder()
        {
            List<NaiveOrder> all = [.. _naive.All()];
            return all.Count == 0 ? null : all[_random.Next(all.Count)];
        }

        private Price RandomPrice() => new((1 + _random.NextInt64(2 * spread)) * TickUnits);

        private static byte[] Bytes(LimitOrderBook book)
        {
            var writer = new StateWriter();
            book.Write(writer);
            return writer.Written.ToArray();
        }
    }
}
