namespace CrossMargin.Server.Simulate;

/// <summary>Names in a run's first record; most are those of the options. They reach the disk: never rename one.</summary>
public static class SettingNames
{
    public const string Feed = "feed";
    public const string Seed = "seed";
    public const string Traders = "traders";

    /// <summary>The mix's YAML, whole; where it came from; its hash.</summary>
    public const string Mix = "mix";
    public const string MixName = "mix-name";
    public const string Profile = "profile";

    /// <summary>Of the venue's profile, before the run's own changes.</summary>
    public const string ProfileSha256 = "profile-sha256";

    /// <summary>Paths and hashes of the price files, one a line, in the order given.</summary>
    public const string Prices = "prices";
    public const string PricesSha256 = "prices-sha256";
    public const string TicksPerBar = "ticks-per-bar";
    public const string From = "from";
    public const string To = "to";
    public const string Symbols = "symbols";
    public const string Funding = "funding";
    public const string FundingSha256 = "funding-sha256";
    public const string Scenario = "scenario";
    public const string History = "history";

    public const string FeedSynthetic = "synthetic";
    public const string FeedCandles = "candles";
    public const string FeedScenario = "scenario";
}
