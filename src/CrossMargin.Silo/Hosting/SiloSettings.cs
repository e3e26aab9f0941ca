using CrossMargin.Grains.Nodes;
using CrossMargin.Model;
using Microsoft.Extensions.Configuration;

namespace CrossMargin.Silo.Hosting;

/// <summary>The section "CrossMargin" of the configuration: what the exchange is, the same for all silos of a cluster.</summary>
public sealed class SiloSettings
{
    /// <summary>A shipped profile's name, or a JSON file.</summary>
    public string Profile { get; set; } = "binance";

    /// <summary>synthetic, or push: prices only come from outside.</summary>
    public string Feed { get; set; } = "synthetic";

    /// <summary>Of the synthetic feed.</summary>
    public ulong Seed { get; set; } = 1;

    public int FeedMilliseconds { get; set; } = 1_000;

    public int LogKeys { get; set; } = 64;

    /// <summary>Orleans' own dashboard at /dashboard. It shows everything of the cluster to whoever can reach it.</summary>
    public bool Dashboard { get; set; }

    /// <summary>Throws <see cref="ArgumentException"/> with a text for people.</summary>
    public static SiloSettings Of(IConfiguration configuration)
    {
        SiloSettings settings = configuration.GetSection("CrossMargin").Get<SiloSettings>() ?? new SiloSettings();
        if (settings.Feed is not ("synthetic" or "push")) throw new ArgumentException($"CrossMargin:Feed is \"{settings.Feed}\"; it is synthetic or push");
        if (settings.FeedMilliseconds is < 100 or > 60_000) throw new ArgumentException("CrossMargin:FeedMilliseconds is 100 to 60000");
        return settings;
    }

    public void ApplyTo(CrossMarginSiloOptions options)
    {
        options.Profile = ReadProfile();
        options.FeedMilliseconds = FeedMilliseconds;
        options.LogKeys = LogKeys;
    }

    private VenueProfile ReadProfile()
    {
        if (VenueProfiles.TryShipped(Profile, out VenueProfile shipped)) return shipped;
        if (!File.Exists(Profile))
            throw new ArgumentException($"CrossMargin:Profile is \"{Profile}\"; it is one of {string.Join(", ", VenueProfiles.ShippedNames)}, or a file");
        ProfileReadResult result = VenueProfileReader.Read(File.ReadAllText(Profile), Profile);
        return result.Profile ?? throw new ArgumentException(string.Join(Environment.NewLine, result.Errors));
    }
}
