using System.Net;
using CrossMargin.Gateway.Binance;

namespace CrossMargin.Gateway.Tests.Binance;

public class RequestLimiterTests
{
    private static readonly IPAddress s_address = IPAddress.Parse("10.1.2.3");
    private readonly ManualTime _time = new();

    [Fact]
    public void Charge_OverTheLimit_Is429UntilTheMinuteEnds()
    {
        var limiter = new RequestLimiter(new BinanceOptions { WeightPerMinute = 10 }, _time);
        Assert.Equal((null, 10), Of(limiter.Charge(s_address, 10, false)));
        LimitResult over = limiter.Charge(s_address, 1, false);
        Assert.Equal((-1003, 429), (over.Error!.Code, over.Error.Status));
        Assert.Equal(60 - RestRig.Start % 60_000 / 1_000, over.Error.RetryAfterSeconds);
        Assert.Null(limiter.Charge(IPAddress.Parse("10.1.2.4"), 1, false).Error);
        Assert.Null(limiter.Charge(s_address, 1, true).Error);
        _time.Now += over.Error.RetryAfterSeconds * 1_000;
        Assert.Equal((null, 1), Of(limiter.Charge(s_address, 1, false)));
    }

    [Fact]
    public void Charge_WithoutLimits_TakesNothingFromOthersOfTheAddress()
    {
        var limiter = new RequestLimiter(new BinanceOptions { WeightPerMinute = 10 }, _time);
        Assert.Equal((null, 4), Of(limiter.Charge(s_address, 4, false)));
        Assert.Equal((null, 1_004), Of(limiter.Charge(s_address, 1_000, true)));
        Assert.Equal((null, 10), Of(limiter.Charge(s_address, 6, false)));
        Assert.Equal(429, limiter.Charge(s_address, 1, false).Error!.Status);
        _time.Now += 60_000;
        Assert.Equal((null, 1), Of(limiter.Charge(s_address, 1, true)));
    }

    [Fact]
    public void Charge_GoingOnAfterRefusals_IsBannedTwiceAsLongEachTime()
    {
        var limiter = new RequestLimiter(new BinanceOptions { WeightPerMinute = 1, RefusalsBeforeBan = 3, LongestBan = TimeSpan.FromMinutes(5) }, _time);
        foreach (int minutes in (int[])[2, 4, 5, 5])
        {
            limiter.Charge(s_address, 1, false);
            for (int i = 0; i < 3; i++) Assert.Equal(429, limiter.Charge(s_address, 1, false).Error!.Status);
            BinanceError banned = limiter.Charge(s_address, 1, false).Error!;
            Assert.Equal((418, minutes * 60), (banned.Status, banned.RetryAfterSeconds));
            _time.Now += minutes * 60_000 - 1;
            Assert.Equal(418, limiter.Charge(s_address, 1, false).Error!.Status);
            _time.Now += 60_001;
        }
    }

    [Fact]
    public void ChargeOrders_BothWindows_AreKept()
    {
        var limiter = new RequestLimiter(new BinanceOptions { OrdersPer10Seconds = 3, OrdersPerMinute = 2 }, _time);
        Assert.Equal((3, 1), Orders(limiter.ChargeOrders(7, 3, false)));
        Assert.Equal((-1015, 429), Code(limiter.ChargeOrders(7, 1, false)));
        Assert.Null(limiter.ChargeOrders(8, 3, false).Error);
        _time.Now += 10_000;
        Assert.Equal((2, 2), Orders(limiter.ChargeOrders(7, 2, false)));
        _time.Now += 10_000;
        Assert.Equal((-1015, 429), Code(limiter.ChargeOrders(7, 1, false)));
        Assert.Null(limiter.ChargeOrders(7, 1, true).Error);
        _time.Now += 60_000;
        Assert.Equal(1, limiter.ChargeOrders(7, 1, false).OrdersMinute);
    }

    [Fact]
    public void Charge_ManyAddresses_MemoryIsBoundedAndBansStay()
    {
        var limiter = new RequestLimiter(new BinanceOptions { TrackedAddresses = 100, WeightPerMinute = 1, RefusalsBeforeBan = 0 }, _time);
        limiter.Charge(s_address, 2, false);
        for (int i = 0; i < 10_000; i++) limiter.Charge(new IPAddress(0x0A000000 + i * 7L), 1, false);
        Assert.InRange(limiter.AddressCount, 1, 100);
        Assert.Equal(418, limiter.Charge(s_address, 1, false).Error!.Status);
        for (int i = 0; i < 1_000; i++) limiter.Charge(IPAddress.Parse($"2001:db8::{i:x}"), 1, false);
        Assert.Equal(418, limiter.Charge(IPAddress.Parse("2001:db8::ffff"), 1, false).Error!.Status);
    }

    [Fact]
    public void Off_NobodyIsRefused()
    {
        var limiter = new RequestLimiter(new BinanceOptions { LimitsEnabled = false, WeightPerMinute = 1 }, _time);
        for (int i = 0; i < 100; i++) Assert.Null(limiter.Charge(s_address, 100, false).Error);
    }

    [Fact]
    public void Rest_OverTheLimit_AnswersHeadersAndRetryAfter()
    {
        using var rig = new RestRig(o => (o.WeightPerMinute, o.OrdersPer10Seconds) = (45, 2));
        TestKey key = rig.Account(1);
        RestAnswer first = rig.Call(key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01").Ok();
        Assert.Equal("0", first.Headers["X-MBX-USED-WEIGHT-1M"].ToString());
        foreach (string name in (string[])["X-MBX-ORDER-COUNT-10S", "X-MBX-ORDER-COUNT-1M"]) Assert.Equal("1", first.Headers[name].ToString());
        rig.Call(key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01").Ok();
        RestAnswer tooMany = rig.Call(key, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01");
        tooMany.Refused(-1015, 429);
        Assert.NotEqual("", tooMany.Headers.RetryAfter.ToString());
        rig.Call(key, "GET", "/fapi/v1/openOrders").Ok();
        rig.Call(key, "GET", "/fapi/v1/openOrders").Refused(-1003, 429);
    }

    [Fact]
    public void Rest_KeyThatIsNoGood_WeighsOneEvenWhereOrdersWeighNothing()
    {
        using var rig = new RestRig();
        for (int i = 1; i <= 3; i++)
        {
            RestAnswer guess = rig.Send("POST", "/fapi/v1/order", "symbol=BTCUSDT", "", new string('k', 64));
            guess.Refused(-2015, 401);
            Assert.Equal(i.ToString(System.Globalization.CultureInfo.InvariantCulture), guess.Headers["X-MBX-USED-WEIGHT-1M"].ToString());
        }
    }

    private static (int Tens, int Minute) Orders(LimitResult result) => (result.Orders10Seconds, result.OrdersMinute);

    private static (BinanceError? Error, int Weight) Of(LimitResult result) => (result.Error, result.UsedWeight);

    private static (int Code, int Status) Code(LimitResult result) => (result.Error!.Code, result.Error.Status);
}
