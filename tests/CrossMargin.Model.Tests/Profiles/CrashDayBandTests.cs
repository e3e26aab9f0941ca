using System.IO.Compression;
using CrossMargin.TestKit;

namespace CrossMargin.Model.Tests.Profiles;

/// <summary>The shipped bands let the recorded crash of May 2021 through, so that a replay is never paused by its own prices.</summary>
public sealed class CrashDayBandTests
{
    private const string Recorded = "spot_5m_2021-05-08_2021-05-29.csv.gz";

    // 20 ticks a bar on three legs: no leg has fewer than 6 steps.
    private const int StepsPerLeg = 6;

    [RecordedFact(Recorded)]
    public void JumpBand_RecordedCrash_IsOneAndAHalfTimesTheLargestStep()
    {
        var closes = new Dictionary<string, decimal>();
        foreach ((string symbol, decimal open, decimal high, decimal low, decimal close) in Bars())
        {
            Assert.True(VenueProfiles.Binance.TryFind(symbol, out MarketSpec market), symbol);
            decimal band = (decimal)market.JumpBand.E8 / Rate.One;
            decimal step = (high - low) / StepsPerLeg / low;
            if (closes.TryGetValue(symbol, out decimal before)) step = Math.Max(step, Math.Abs(open - before) / before);
            Assert.True(step * 1.5m < band, $"{symbol}: a step of {step:P2} against a band of {band:P2}");
            closes[symbol] = close;
        }

        Assert.Equal(12, closes.Count);
    }

    [RecordedFact(Recorded)]
    public void PriceFilters_RecordedCrash_HoldEveryPrice()
    {
        foreach ((string symbol, _, decimal high, decimal low, _) in Bars())
        {
            Assert.True(VenueProfiles.Binance.TryFind(symbol, out MarketSpec market), symbol);
            Assert.True(market.TryParsePrice(Text(high * 1.05m), DecimalRounding.Up, out Price top) && top < market.MaxPrice, symbol);
            Assert.True(market.TryParsePrice(Text(low * 0.95m), DecimalRounding.Down, out Price bottom), symbol);
            Assert.True(bottom > market.MinPrice, symbol);
            Assert.True(market.Notional(bottom, market.MinQuantity) < Amount.FromWhole(100), $"{symbol}: the smallest order is too large");
        }
    }

    private static string Text(decimal value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<(string Symbol, decimal Open, decimal High, decimal Low, decimal Close)> Bars()
    {
        using FileStream file = File.OpenRead(RecordedData.Find(Recorded)!);
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            yield return (cells[1], Number(cells[2]), Number(cells[3]), Number(cells[4]), Number(cells[5]));
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A fact that needs a recorded file; without it the run lists the test as skipped and says which file is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RecordedFactAttribute : FactAttribute
{
    public RecordedFactAttribute(string fileName)
    {
        if (RecordedData.Find(fileName) is null) Skip = $"needs ../shared/data/{fileName} beside the checkout";
    }
}
