using System.Text;
using CrossMargin.Feeds.Candles;
using CrossMargin.Model;
using static CrossMargin.Feeds.Tests.Recorded;

namespace CrossMargin.Feeds.Tests.Candles;

public sealed class CandleFilesTests
{
    private static readonly PriceFile TwoSymbols = File(
        "two.csv", Header,
        Bar(0, "BTCUSDT,100.5,101,99.25,100,12.3456"), Bar(0, "ETHUSDT,10,11,9,10.5,7"),
        Bar(5, "BTCUSDT,100,100,90,95,0"), Bar(5, "ETHUSDT,10.5,10.5,10.5,10.5,3600362.2799999998"),
        Bar(10, "BTCUSDT,95,97,94,96,1e-3"));

    [Fact]
    public void TryRead_OwnForm_GivesExactBars()
    {
        CandleSet set = Read(Query(Markets.Two), TwoSymbols);
        Assert.Equal(300_000, set.BarMilliseconds);
        Assert.Equal(new Timestamp(Day), set.Start);
        Assert.Equal(3, set.BarCount);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], set.Series.Select(s => s.Market.Symbol));
        MarketSpec btc = Markets.Two[0];
        Candle first = set.Series[0].Bars[0];
        Assert.Equal(
            ["100.5", "101", "99.25", "100"], new[] { first.Open, first.High, first.Low, first.Close }.Select(btc.Format));
        Assert.Equal("12.345", btc.Format(first.Volume));
        Assert.Equal("3600362.279", Markets.Two[1].Format(set.Series[1].Bars[1].Volume));
        Assert.Equal(new Quantity(1), set.Series[0].Bars[2].Volume);
        Assert.Equal(2, set.Series[1].Bars.Length);
    }

    [Fact]
    public void TryRead_PriceBetweenUnits_RoundsHalfToEven()
    {
        // The unit of this market is 0.00001.
        CandleSet set = Read(Query(Markets.Two), File(
            "a.csv", Header, Bar(0, "BTCUSDT,1.000005,1.000015,1.000005,1.000015,0"), Bar(1, "BTCUSDT,1.0000149,1.00001500001,1,1,0")));
        Candle[] bars = set.Series[0].Bars;
        Assert.Equal((100_000, 100_002), (bars[0].Open.Units, bars[0].High.Units));
        Assert.Equal((100_000, 100_002), (bars[0].Low.Units, bars[0].Close.Units));
        Assert.Equal([100_001L, 100_002], new[] { bars[1].Open, bars[1].High }.Select(p => p.Units));
    }

    [Fact]
    public void TryRead_ColumnsInAnotherOrder_ReadsByName()
    {
        CandleSet set = Read(Query(Markets.Two), File(
            "a.csv", "symbol,close,low,high,open,volume,time", $"BTCUSDT,2,1,4,3,5,{Day}", $"BTCUSDT,2,2,2,2,5,{Day + 60_000}"));
        Candle bar = set.Series[0].Bars[0];
        Assert.Equal(["3", "4", "1", "2"], new[] { bar.Open, bar.High, bar.Low, bar.Close }.Select(Markets.Two[0].Format));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 1_000)]
    [InlineData(true, 1_000)]
    public void TryRead_BinanceKlines_SameBarsWithAndWithoutHeaderInMillisecondsAndMicroseconds(bool header, long scale)
    {
        string[] names =
        [
            "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore",
        ];
        string[] rows = [.. Enumerable.Range(0, 3).Select(i =>
            $"{(Day + i * 300_000L) * scale},10{i},110,90.5,105,3.25,{(Day + (i + 1) * 300_000L) * scale - 1},1,2,3,4,0")];
        CandleSet set = Read(Query(Markets.Two), File("data/ETHUSDT-5m-2021-05-19.csv", [.. header ? names : [], .. rows]));
        Assert.Equal("ETHUSDT", Assert.Single(set.Series).Market.Symbol);
        Assert.Equal(300_000, set.BarMilliseconds);
        Assert.Equal([Day, Day + 300_000, Day + 600_000], set.Series[0].Bars.Select(b => b.OpenTime.Milliseconds));
        Assert.Equal("102", Markets.Two[1].Format(set.Series[0].Bars[2].Open));
        Assert.Equal("3.25", Markets.Two[1].Format(set.Series[0].Bars[2].Volume));
    }

    [Fact]
    public void TryRead_SingleBinanceRow_TakesTheLengthFromItsCloseTime()
    {
        CandleSet set = Read(Query(Markets.Two), File("BTCUSDT-1m-2021-05-19.csv", $"{Day},1,1,1,1,1,{Day + 59_999},1,2,3,4,0"));
        Assert.Equal(60_000, set.BarMilliseconds);
        Assert.Equal(1, set.BarCount);
    }

    [Fact]
    public void TryRead_ConsecutiveFilesInAnyOrder_JoinsThem()
    {
        PriceFile early = File("1.csv", Header, Bar(0, "BTCUSDT,1,1,1,1,1"), Bar(1, "BTCUSDT,2,2,2,2,1"));
        PriceFile late = File("2.csv", Header, Bar(4, "BTCUSDT,3,3,3,3,1"), Bar(5, "BTCUSDT,4,4,4,4,1"));
        CandleSet set = Read(Query(Markets.Two), late, early);
        Assert.Equal([0L, 1, 4, 5], set.Series[0].Bars.Select(b => (b.OpenTime - set.Start) / 60_000));
        Assert.Equal(6, set.BarCount);
        Assert.Equal(["2.csv", "1.csv"], set.Files.Select(f => f.Path));
    }

    [Fact]
    public void TryRead_FromAndTo_KeepsTheHalfOpenRange()
    {
        CandleQuery query = Query(Markets.Two) with { From = new Timestamp(Day + 1), To = new Timestamp(Day + 600_000) };
        CandleSet set = Read(query, TwoSymbols);
        Assert.Equal(new Timestamp(Day + 300_000), set.Start);
        Assert.Equal(1, set.BarCount);
    }

    [Fact]
    public void TryRead_Symbols_LeavesTheOthersOutEvenWithoutMarket()
    {
        PriceFile file = File("a.csv", Header, Bar(0, "BTCUSDT,1,1,1,1,1"), Bar(0, "XYZ,not,read,at,all,!"), Bar(1, "BTCUSDT,1,1,1,1,1"));
        CandleSet set = Read(Query(Markets.Two) with { Symbols = ["BTCUSDT"] }, file, File("XYZ-1m.csv", $"{Day},1,1,1,1,1,1,1,1,1,1,1"));
        Assert.Equal("BTCUSDT", Assert.Single(set.Series).Market.Symbol);
    }

    [Theory]
    [InlineData("plain.csv")]
    [InlineData("misnamed.gz")]
    public void TryRead_Packed_IsToldByContentNotByName(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes($"\uFEFF{Header}\r\n{Bar(0, "BTCUSDT,1,1,1,1,1")}\r\n{Bar(1, "BTCUSDT,2,2,2,2,1")}\r\n\r\n");
        byte[][] forms = [text, Gzip(text), Zip(("x.csv", text))];
        foreach (byte[] form in forms) Assert.Equal(2, Read(Query(Markets.Two), new PriceFile(name, form)).BarCount);
    }

    [Fact]
    public void Sha256_OfAFile_IsThatOfItsBytes() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", new PriceFile("x", "abc"u8.ToArray()).Sha256);
}
