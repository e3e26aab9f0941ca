using CrossMargin.Feeds.Candles;
using CrossMargin.Feeds.Funding;
using CrossMargin.Hosting;
using CrossMargin.Model;
using static CrossMargin.Feeds.Tests.Recorded;

namespace CrossMargin.Feeds.Tests.Funding;

public sealed class FundingFileTests
{
    private const string Columns = "time,symbol,funding_rate";
    private const string Recording = "funding_2025-03_2025-06.csv";

    private static string Refused(params string[] lines)
    {
        Assert.False(FundingFile.TryRead(File("f.csv", lines), Query(Markets.Two), out _, out FeedError? error));
        return error!.ToString();
    }

    [Fact]
    public void TryRead_TimesWithJitter_AreRoundedToTheMinuteAndSortedByMarket()
    {
        PriceFile file = File(
            "f.csv", Columns, $"{Day + 3},ETHUSDT,-0.00017064", $"{Day + 11},BTCUSDT,0.0001", $"{Day + 28_799_998},BTCUSDT,0.000100005");
        Assert.True(FundingFile.TryRead(file, Query(Markets.Two), out List<FundingUpdate>? rates, out _));
        Assert.Equal(
            [
                new(new MarketId(1), new Timestamp(Day), new Rate(10_000)), new(new MarketId(2), new Timestamp(Day), new Rate(-17_064)),
                new(new MarketId(1), new Timestamp(Day + 28_800_000), new Rate(10_000)),
            ],
            rates!);
    }

    [Fact]
    public void TryRead_FromToAndSymbols_LeaveRowsOut()
    {
        PriceFile file = File(
            "f.csv", Columns, $"{Day},BTCUSDT,1e-4", $"{Day + 60_000},BTCUSDT,2e-4", $"{Day + 60_000},XYZ,?",
            $"{Day + 120_000},BTCUSDT,3e-4");
        CandleQuery query = Query(Markets.Two) with { Symbols = ["BTCUSDT"], From = new(Day + 1), To = new(Day + 120_000) };
        Assert.True(FundingFile.TryRead(file, query, out List<FundingUpdate>? rates, out _));
        Assert.Equal(20_000, Assert.Single(rates!).Rate.E8);
    }

    [Fact]
    public void TryRead_BrokenRows_NameFileRowAndValue()
    {
        string good = $"{Day},BTCUSDT,0.0001";
        Assert.Equal("f.csv: row 1: the header is 'time,symbol,rate', not 'time,symbol,funding_rate'", Refused("time,symbol,rate", good));
        Assert.Equal("f.csv: row 2: 2 columns, not 3: '1,BTCUSDT'", Refused(Columns, "1,BTCUSDT"));
        Assert.Equal("f.csv: row 2: time 'x' is no whole number", Refused(Columns, "x,BTCUSDT,0.1"));
        Assert.Equal("f.csv: row 2: symbol 'NOPE' has no market", Refused(Columns, $"{Day},NOPE,0.1"));
        Assert.Equal("f.csv: row 2: funding rate '1%' is no decimal number", Refused(Columns, $"{Day},BTCUSDT,1%"));
        Assert.Equal("f.csv: row 2: funding rate '-1' is not between -1 and 1", Refused(Columns, $"{Day},BTCUSDT,-1"));
        Assert.Equal(
            $"f.csv: row 3: time {Day + 5} (2021-05-19T00:00:00.005Z) is there twice for BTCUSDT",
            Refused(Columns, good, $"{Day + 5},BTCUSDT,0"));
        Assert.StartsWith(
            "f.csv: row 3: time 1621296000000 (2021-05-18T00:00:00.000Z) goes back behind",
            Refused(Columns, good, $"{Day - 86_400_000},BTCUSDT,0"));
    }

    [RecordedDataFact(Recording)]
    public void TryRead_RecordedRates_AllOfThem()
    {
        Assert.True(PriceFile.TryLoad(SharedData.Find(Recording)!, out PriceFile? file, out _));
        CandleQuery query = Query(Markets.Twelve) with { Symbols = ["BTCUSDT", "ETHUSDT", "ADAUSDT"] };
        Assert.True(FundingFile.TryRead(file!, query, out List<FundingUpdate>? rates, out FeedError? error), error?.ToString());
        Assert.All(rates!, r => Assert.Equal(0, r.At.Milliseconds % 3_600_000));
        Assert.Equal(new FundingUpdate(new MarketId(1), new Timestamp(1_741_276_800_000), new Rate(6_818)), rates![0]);
    }
}
