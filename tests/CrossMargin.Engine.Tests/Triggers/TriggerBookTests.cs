using CrossMargin.Engine.Triggers;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Triggers;

public sealed class TriggerBookTests
{
    private readonly TriggerBook _book = new();
    private long _nextId;

    [Theory]
    [InlineData(OrderType.Stop, Side.Buy, true)]
    [InlineData(OrderType.StopMarket, Side.Buy, true)]
    [InlineData(OrderType.Stop, Side.Sell, false)]
    [InlineData(OrderType.StopMarket, Side.Sell, false)]
    [InlineData(OrderType.TakeProfit, Side.Buy, false)]
    [InlineData(OrderType.TakeProfitMarket, Side.Buy, false)]
    [InlineData(OrderType.TakeProfit, Side.Sell, true)]
    [InlineData(OrderType.TakeProfitMarket, Side.Sell, true)]
    public void Update_PriceAtTheTrigger_FiresInTheOrdersDirectionOnly(OrderType type, Side side, bool rising)
    {
        Place(type, side, trigger: 100);
        Assert.Empty(Fire(TriggerSource.Mark, rising ? 99 : 101));
        Assert.Equal([1], Fire(TriggerSource.Mark, 100));
        Assert.Equal(0, _book.Count);
    }

    [Theory]
    [InlineData(Side.Buy, 150)]
    [InlineData(Side.Sell, 50)]
    public void Update_GapThroughTheTrigger_StillFires(Side side, long gap)
    {
        Place(OrderType.StopMarket, side, trigger: 100);
        Assert.Equal([1], Fire(TriggerSource.Mark, gap));
    }

    [Fact]
    public void Update_OtherSource_DoesNotFire()
    {
        Place(OrderType.StopMarket, Side.Buy, trigger: 100, source: TriggerSource.Last);
        Assert.Empty(Fire(TriggerSource.Mark, 200));
        Assert.Equal([1], Fire(TriggerSource.Last, 200));
    }

    [Fact]
    public void Update_SeveralReached_FireInTheOrderOfPlacement()
    {
        Place(OrderType.StopMarket, Side.Buy, trigger: 110);
        Place(OrderType.TakeProfitMarket, Side.Sell, trigger: 105);
        Place(OrderType.StopMarket, Side.Buy, trigger: 101);
        Place(OrderType.StopMarket, Side.Buy, trigger: 121);
        Assert.Equal([1, 2, 3], Fire(TriggerSource.Mark, 120));
        Assert.Equal([4], Fire(TriggerSource.Mark, 121));
    }

    [Fact]
    public void Add_TriggerAlreadyPassed_IsDueAndFiresAtTheNextPrice()
    {
        Fire(TriggerSource.Mark, 100);
        ConditionalOrder order = Order(OrderType.StopMarket, Side.Buy, trigger: 90);
        Assert.True(_book.IsDue(in order));
        _book.Add(in order);
        Assert.Equal([1], Fire(TriggerSource.Mark, 100));
    }

    [Fact]
    public void Update_TrailingSell_FiresAtTheCallbackBelowTheHighestPrice()
    {
        Fire(TriggerSource.Mark, 1_000);
        Trail(Side.Sell, callback: 1_000_000);
        Assert.Empty(Fire(TriggerSource.Mark, 991));
        Assert.Empty(Fire(TriggerSource.Mark, 2_000));
        Assert.Empty(Fire(TriggerSource.Mark, 1_981));
        Assert.Equal([1], Fire(TriggerSource.Mark, 1_980));
    }

    [Fact]
    public void Update_TrailingBuy_FiresAtTheCallbackAboveTheLowestPrice()
    {
        Fire(TriggerSource.Mark, 1_000);
        Trail(Side.Buy, callback: 1_000_000);
        Assert.Empty(Fire(TriggerSource.Mark, 500));
        Assert.Empty(Fire(TriggerSource.Mark, 504));
        Assert.Equal([1], Fire(TriggerSource.Mark, 505));
    }

    [Theory]
    [InlineData(Side.Sell, 999, 989, 988)]
    [InlineData(Side.Buy, 999, 1_009, 1_010)]
    public void Update_TrailingCallbackBetweenTwoUnits_IsNeverEarly(Side side, long start, long early, long due)
    {
        Fire(TriggerSource.Mark, start);
        Trail(side, callback: 1_010_000);
        Assert.Empty(Fire(TriggerSource.Mark, early));
        Assert.Equal([1], Fire(TriggerSource.Mark, due));
    }

    [Fact]
    public void Update_TrailingWithActivation_IgnoresWhatCameBefore()
    {
        Fire(TriggerSource.Mark, 1_000);
        Trail(Side.Sell, callback: 10_000_000, activation: 1_100);
        Assert.Empty(Fire(TriggerSource.Mark, 1_099));
        Assert.Empty(Fire(TriggerSource.Mark, 500));
        Assert.Empty(Fire(TriggerSource.Mark, 1_150));
        Assert.Empty(Fire(TriggerSource.Mark, 1_036));
        Assert.Equal([1], Fire(TriggerSource.Mark, 1_035));
    }

    [Fact]
    public void Add_TrailingBeforeAnyPrice_StartsAtTheFirst()
    {
        Trail(Side.Buy, callback: 10_000_000);
        Assert.Empty(Fire(TriggerSource.Mark, 1_000));
        Assert.Equal([1], Fire(TriggerSource.Mark, 1_100));
    }

    [Fact]
    public void Remove_ByAlgoId_NeverFires()
    {
        Place(OrderType.StopMarket, Side.Buy, trigger: 100);
        Place(OrderType.StopMarket, Side.Buy, trigger: 100);
        Assert.True(_book.TryFind(new AccountId(7), new AlgoId(1), out int number));
        Assert.Equal(1, _book.Remove(number).AlgoId.Value);
        Assert.False(_book.TryFind(new AccountId(7), new AlgoId(1), out _));
        Assert.Equal([2], Fire(TriggerSource.Mark, 100));
    }

    [Fact]
    public void OldestFirst_RemovingEachInHand_CancelsAll()
    {
        Place(OrderType.StopMarket, Side.Buy, trigger: 100);
        Trail(Side.Sell, callback: 1_000_000);
        Fire(TriggerSource.Mark, 50);
        Trail(Side.Sell, callback: 2_000_000);
        var seen = new List<long>();
        foreach (int number in _book.OldestFirst(new AccountId(7))) seen.Add(_book.Remove(number).AlgoId.Value);
        Assert.Equal([1, 2, 3], seen);
        Assert.Equal(0, _book.CountOf(new AccountId(7)));
        Assert.Empty(Fire(TriggerSource.Mark, 1));
    }

    [Fact]
    public void Add_SameIdTwice_Throws()
    {
        ConditionalOrder order = Order(OrderType.Stop, Side.Buy, trigger: 100);
        _book.Add(in order);
        Assert.Throws<InvariantViolation>(() => _book.Add(in order));
    }

    [Theory]
    [InlineData(OrderType.Limit)]
    [InlineData(OrderType.Market)]
    public void Add_TypeThatIsNotConditional_Throws(OrderType type) =>
        Assert.Throws<InvariantViolation>(() => Place(type, Side.Buy, trigger: 100));

    private ConditionalOrder Order(OrderType type, Side side, long trigger, TriggerSource source = TriggerSource.Mark) => new()
    {
        Account = new AccountId(7),
        AlgoId = new AlgoId(++_nextId),
        Type = type,
        Side = side,
        TriggerPrice = new Price(trigger),
        Source = source,
        Quantity = new Quantity(1),
    };

    private void Place(OrderType type, Side side, long trigger, TriggerSource source = TriggerSource.Mark) =>
        _book.Add(Order(type, side, trigger, source));

    private void Trail(Side side, long callback, long activation = 0)
    {
        ConditionalOrder order = Order(OrderType.TrailingStopMarket, side, 0);
        order.CallbackRate = new Rate(callback);
        order.ActivationPrice = new Price(activation);
        _book.Add(in order);
    }

    private List<long> Fire(TriggerSource source, long price)
    {
        var fired = new List<ConditionalOrder>();
        _book.Update(source, new Price(price), fired);
        return [.. fired.Select(o => o.AlgoId.Value)];
    }
}
