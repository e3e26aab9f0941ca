using System.Text;
using CrossMargin.Feeds.Candles;
using CrossMargin.Model;
using static CrossMargin.Feeds.Tests.Recorded;

namespace CrossMargin.Feeds.Tests.Candles;

public sealed class CandleRefusalTests
{
    private const string Good = "BTCUSDT,10,12,9,11,5";

    [Theory]
    [InlineData("BTCUSDT,10,12,9,11", "row 3: 6 columns, not 7: '1621382460000,BTCUSDT,10,12,9,11'")]
    [InlineData("BTCUSDT,10,12,9,11,5,6", "row 3: 8 columns, not 7: '1621382460000,BTCUSDT,10,12,9,11,5,6'")]
    [InlineData("BTCUSDT,1O,12,9,11,5", "row 3: open '1O' is no decimal number")]
    [InlineData("BTCUSDT,10,,9,11,5", "row 3: high '' is no decimal number")]
    [InlineData("BTCUSDT,10,12,NaN,11,5", "row 3: low 'NaN' is no decimal number")]
    [InlineData("BTCUSDT,10,12,9,1\t1,5", "row 3: close '1?1' is no decimal number")]
    [InlineData("BTCUSDT,10,12,9,11,\"5\"", "row 3: volume '\"5\"' is no decimal number")]
    [InlineData("BTCUSDT,10,12,9,11,-0.0000001", "row 3: volume '-0.0000001' is negative")]
    [InlineData("BTCUSDT,10,12,-9,11,5", "row 3: low '-9' is negative")]
    [InlineData("BTCUSDT,10,12,0,11,5", "row 3: low '0' is zero in the price units of BTCUSDT")]
    [InlineData("BTCUSDT,10,12,0.000001,11,5", "row 3: low '0.000001' is zero in the price units of BTCUSDT")]
    [InlineData("BTCUSDT,10,1000000.1,9,11,5", "row 3: high '1000000.1' is above the highest price of BTCUSDT, 1000000")]
    [InlineData("BTCUSDT,10,12,10.5,11,5", "row 3: low 10.5 is above open 10")]
    [InlineData("BTCUSDT,12,12,11.5,11,5", "row 3: low 11.5 is above close 11")]
    [InlineData("BTCUSDT,13,12,9,11,5", "row 3: high 12 is below open 13")]
    [InlineData("BTCUSDT,10,12,9,12.5,5", "row 3: high 12 is below close 12.5")]
    [InlineData("NOUSDT,10,12,9,11,5", "row 3: symbol 'NOUSDT' has no market")]
    public void TryRead_BrokenRow_NamesFileRowAndValue(string rest, string expected) =>
        Assert.Equal("p.csv: " + expected, Refusal(Query(Markets.Two), File("p.csv", Header, Bar(0, Good), Bar(1, rest), Bar(2, Good))));

    [Theory]
    [InlineData("-5", "row 3: time '-5' is no whole number")]
    [InlineData("1621382460.5", "row 3: time '1621382460.5' is no whole number")]
    [InlineData("1621382460", "row 3: time '1621382460' is not in milliseconds or microseconds of the years 2000 to 2099")]
    [InlineData("99999999999999999999", "row 3: time '99999999999999999999' is no whole number")]
    [InlineData("1621382399999",
        "row 3: time 1621382399999 (2021-05-18T23:59:59.999Z) goes back behind 1621382400000 (2021-05-19T00:00:00.000Z)")]
    [InlineData("1621382400000", "row 3: time 1621382400000 (2021-05-19T00:00:00.000Z) is there twice for BTCUSDT")]
    [InlineData("1621382430000", "row 3: time 1621382430000 (2021-05-19T00:00:30.000Z) lies between two bars of 60000 ms")]
    public void TryRead_BrokenTime_NamesFileRowAndValue(string time, string expected) =>
        Assert.Equal("p.csv: " + expected, Refusal(
            Query(Markets.Two),
            File("p.csv", Header, Bar(0, Good), $"{time},{Good}", Bar(2, Good), Bar(3, Good), Bar(4, Good), Bar(5, Good))));

    [Theory]
    [InlineData("time,symbol,open,high,low,close,amount", "unknown column 'amount'; known are time,symbol,open,high,low,close,volume")]
    [InlineData("time,symbol,open,high,low,close", "column 'volume' is missing")]
    [InlineData("time,symbol,open,high,low,close,close", "column 'close' is there twice")]
    [InlineData("open_time,open,high,low,close,volume,close_time,wow", "unknown column 'wow' at place 8")]
    [InlineData("open_time,open,high,low,close,volume,close_time", "column 'quote_volume' is missing")]
    [InlineData("1621382400000,BTCUSDT,10,12,9,11,5", "no header, and 7 columns where Binance's klines have 12")]
    public void TryRead_UnknownHeader_NamesTheColumn(string header, string expected) =>
        Assert.Equal("BTCUSDT.csv: row 1: " + expected, Refusal(Query(Markets.Two), File("BTCUSDT.csv", header, Bar(0, Good))));

    [Fact]
    public void TryRead_NothingInTheFile_SaysSo()
    {
        Assert.Equal("p.csv: the file is empty", Refusal(Query(Markets.Two), new PriceFile("p.csv", [])));
        Assert.Equal("p.csv: row 1: no rows follow the header", Refusal(Query(Markets.Two), File("p.csv", Header)));
        Assert.Equal("p.csv: row 3: the row is empty", Refusal(Query(Markets.Two), File("p.csv", Header, Bar(0, Good), "", Bar(1, Good))));
        Assert.Equal("p.csv: row 2: the length of a bar cannot be told from single bars",
            Refusal(Query(Markets.Two), File("p.csv", Header, Bar(0, Good))));
        CandleQuery tomorrow = Query(Markets.Two) with { From = new Timestamp(Day + 86_400_000) };
        Assert.Equal("no bar of the price files lies in the time asked for", Refusal(tomorrow, File("p.csv", Header, Bar(0, Good))));
    }

    [Fact]
    public void TryRead_FilesThatDoNotFit_NamesBoth()
    {
        PriceFile minutes = File("a.csv", Header, Bar(0, Good), Bar(1, Good), Bar(2, Good));
        PriceFile fives = File("b.csv", Header, Bar(5, Good), Bar(10, Good));
        PriceFile again = File("c.csv", Header, Bar(2, Good), Bar(3, Good));
        Assert.Equal("b.csv: bars of 300000 ms, but a.csv has bars of 60000 ms", Refusal(Query(Markets.Two), minutes, fives));
        Assert.Equal("c.csv: row 2: BTCUSDT at 1621382520000 (2021-05-19T00:02:00.000Z) overlaps with a.csv, "
            + "which ends at 1621382520000 (2021-05-19T00:02:00.000Z)", Refusal(Query(Markets.Two), again, minutes));
    }

    [Fact]
    public void TryRead_SymbolsThatAreNotThere_SaysWhich()
    {
        PriceFile file = File("p.csv", Header, Bar(0, Good), Bar(1, Good));
        Assert.Equal("no price file has a bar of 'ETHUSDT' in the time asked for",
            Refusal(Query(Markets.Two) with { Symbols = ["BTCUSDT", "ETHUSDT"] }, file));
        Assert.Equal("symbol 'WOWUSDT' has no market", Refusal(Query(Markets.Two) with { Symbols = ["WOWUSDT"] }, file));
        Assert.Equal("d/WOW-5m.csv: symbol 'WOW' (the file's name up to its first '-') has no market",
            Refusal(Query(Markets.Two), File("d/WOW-5m.csv", $"{Day},1,1,1,1,1,1,1,1,1,1,1")));
    }

    [Fact]
    public void TryRead_MissingFileOrFolder_NamesIt()
    {
        string missing = Path.Combine(Path.GetTempPath(), "no-such-folder", "p.csv");
        Assert.False(CandleFiles.TryRead([missing], Query(Markets.Two), out _, out FeedError? error));
        Assert.Equal($"{missing}: no such file", error.ToString());
        Assert.False(CandleFiles.TryRead([Path.GetTempPath()], Query(Markets.Two), out _, out error));
        Assert.StartsWith($"{Path.GetTempPath()}: cannot be read: ", error.ToString());
    }

    [Fact]
    public void TryRead_DamagedArchives_AreRefusedAtEveryCut()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', [Header, .. Enumerable.Range(0, 500).Select(i => Bar(i, Good))]) + "\n");
        byte[] gzip = Gzip(text);
        for (int length = 3; length < gzip.Length; length += 7)
        {
            Assert.StartsWith("p.csv.gz: ", Refusal(Query(Markets.Two), new PriceFile("p.csv.gz", gzip[..length])));
        }

        byte[] two = Zip(("a", text), ("b", text));
        Assert.Equal("p.zip: the zip archive holds 2 files, not one", Refusal(Query(Markets.Two), new PriceFile("p.zip", two)));
        Assert.StartsWith("p.zip: ", Refusal(Query(Markets.Two), new PriceFile("p.zip", two[..(two.Length / 2)])));
    }
}
