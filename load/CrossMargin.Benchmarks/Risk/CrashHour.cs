using System.Text.Json;
using System.Text.Json.Nodes;
using CrossMargin.Feeds;
using CrossMargin.Feeds.Candles;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Benchmarks.Risk;

/// <summary>
/// Twenty markets and their prices from 12:05 to 13:15 UTC on 2021-05-19, twenty ticks a five-minute bar: the twelve recorded symbols, the
/// first eight once more under other names. Without the recording each market falls by half in a straight line with a saw on it.
/// </summary>
internal sealed class CrashHour
{
    private const int Markets = 20;
    private const int TicksPerBar = 20;
    private const int Bars = 14;

    private CrashHour(VenueProfile profile, long[][] prices, bool recorded)
    {
        Profile = profile;
        Prices = prices;
        IsRecorded = recorded;
    }

    public VenueProfile Profile { get; }

    /// <summary>Per market, in price units, one a step.</summary>
    public long[][] Prices { get; }

    public bool IsRecorded { get; }

    public int Steps => Prices[0].Length;

    public static CrashHour Load()
    {
        VenueProfile twelve = TestProfiles.Binance();
        VenueProfile profile = Twenty();
        var prices = new long[Markets][];
        CandleSet? set = Read(twelve);
        for (int m = 0; m < Markets; m++)
        {
            int source = m % twelve.Markets.Count;
            prices[m] = set is null ? Synthetic(profile.Markets[m]) : Path(set.Series[source], new MarketId(m + 1));
        }

        return new CrashHour(profile, prices, set is not null);
    }

    private static CandleSet? Read(VenueProfile profile)
    {
        string? path = RecordedData.Find("spot_5m_2021-05-08_2021-05-29.csv.gz");
        if (path is null) return null;
        var from = new Timestamp(1_621_425_900_000);
        var query = new CandleQuery { Markets = profile.Markets, From = from, To = from.AddMilliseconds(Bars * 300_000) };
        return CandleFiles.TryRead([path], query, out CandleSet? set, out FeedError? error)
            ? set
            : throw new InvalidOperationException(error?.ToString());
    }

    private static long[] Path(CandleSeries series, MarketId market)
    {
        var path = new long[series.Bars.Length * TicksPerBar];
        for (int b = 0; b < series.Bars.Length; b++)
        {
            IntrabarPath.Fill(1, market, series.Bars[b], path.AsSpan(b * TicksPerBar, TicksPerBar));
        }

        return path;
    }

    private static long[] Synthetic(MarketSpec spec)
    {
        var path = new long[Bars * TicksPerBar];
        long start = 100_000 * spec.TickUnits;
        for (int i = 0; i < path.Length; i++) path[i] = start - start / 2 * i / path.Length + start / 200 * (i % 7);
        return path;
    }

    private static VenueProfile Twenty()
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        JsonNode root = JsonNode.Parse(TestProfiles.Text("binance"), documentOptions: options)!;
        JsonArray markets = root["markets"]!.AsArray();
        int twelve = markets.Count;
        for (int i = 0; markets.Count < Markets; i++)
        {
            JsonNode copy = markets[i % twelve]!.DeepClone();
            copy["base"] = (string)copy["base"]! + "2";
            copy["symbol"] = (string)copy["base"]! + "USDT";
            markets.Add(copy);
        }

        ProfileReadResult result = VenueProfileReader.Read(root.ToJsonString(), "twenty");
        return result.Profile ?? throw new InvalidOperationException(string.Join(Environment.NewLine, result.Errors));
    }
}
