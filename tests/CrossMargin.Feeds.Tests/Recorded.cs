using System.IO.Compression;
using System.Text;
using CrossMargin.Feeds.Candles;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Tests;

/// <summary>What a feed gave in one step.</summary>
internal sealed record FeedStep(long Step, List<IndexUpdate> Updates, List<FundingUpdate> Funding);

/// <summary>Price files from text, and feeds run to their end.</summary>
internal static class Recorded
{
    public const string Header = "time,symbol,open,high,low,close,volume";

    /// <summary>2021-05-19 00:00 UTC.</summary>
    public const long Day = 1_621_382_400_000;

    public static PriceFile File(string name, params string[] lines) => new(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public static CandleQuery Query(params MarketSpec[] markets) => new() { Markets = markets };

    public static string Bar(int minute, string rest) => $"{Day + minute * 60_000L},{rest}";

    public static CandleSet Read(CandleQuery query, params PriceFile[] files)
    {
        Assert.True(CandleFiles.TryRead(files, query, out CandleSet? set, out FeedError? error), error?.ToString());
        return set!;
    }

    public static string Refusal(CandleQuery query, params PriceFile[] files)
    {
        Assert.False(CandleFiles.TryRead(files, query, out _, out FeedError? error));
        string line = error!.ToString();
        Assert.DoesNotContain('\n', line);
        return line;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    /// <summary>Every step's prices and rates from <paramref name="first"/> on.</summary>
    public static List<FeedStep> Run(IPriceFeed feed, long first = 0, long? end = null)
    {
        var steps = new List<FeedStep>();
        for (long step = first; step < (end ?? feed.StepCount); step++)
        {
            var updates = new List<IndexUpdate>();
            var funding = new List<FundingUpdate>();
            feed.Step(step, updates, funding);
            steps.Add(new FeedStep(step, updates, funding));
        }

        return steps;
    }

    /// <summary>Runs a feed to its end, and a second one from a snapshot of the first taken half-way: both then agree.</summary>
    public static void AssertResumes(Func<IPriceFeed> create)
    {
        IPriceFeed whole = create();
        long half = whole.StepCount / 2;
        Run(whole, 0, half);
        var writer = new StateWriter();
        whole.Write(writer);
        IPriceFeed resumed = create();
        var reader = new StateReader(writer.WrittenMemory);
        resumed.Read(reader);
        reader.ExpectEnd();
        Assert.Equal(Lines(Run(whole, half)), Lines(Run(resumed, half)));
    }

    public static string[] Lines(List<FeedStep> steps) =>
        [.. steps.Select(s => $"{s.Step} {string.Join(' ', s.Updates)} {string.Join(' ', s.Funding)}")];
}
