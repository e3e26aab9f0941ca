using CrossMargin.Embedded.Runs;
using CrossMargin.Feeds;
using CrossMargin.Feeds.Candles;
using CrossMargin.Model;
using CrossMargin.Traders;

namespace CrossMargin.Server.Simulate;

/// <summary>
/// The options of a run, read and checked one by one, with the files they name: what was given, as settings. For a new run the rest is
/// filled in with defaults; a resumed run only compares it with its own settings.
/// </summary>
public sealed class RunRequest
{
    public const int DefaultTraders = 10_000;
    public const int MostTraders = 1_000_000;
    public const string DefaultProfile = "binance";

    private readonly SortedDictionary<string, string> _given = new(StringComparer.Ordinal);

    private RunRequest()
    {
    }

    /// <summary>Settings by name, only those given.</summary>
    public IReadOnlyDictionary<string, string> Given => _given;

    /// <summary>Null where no --profile was given.</summary>
    public VenueProfile? Profile { get; private set; }

    public IReadOnlyList<PriceFile>? Prices { get; private set; }

    public PriceFile? Funding { get; private set; }

    public static RunRequest Read(SimulateOptions options)
    {
        var request = new RunRequest();
        request.ReadNumbers(options);
        request.ReadPeriod(options);
        request.ReadFiles(options);
        request.CheckTogether(options);
        return request;
    }

    /// <summary>The settings of a new run: what was given, and defaults for the rest.</summary>
    public RunSettings Complete()
    {
        var all = new SortedDictionary<string, string>(_given, StringComparer.Ordinal);
        bool scenario = all.ContainsKey(SettingNames.Scenario);
        all.TryAdd(SettingNames.History, "all");
        if (scenario)
        {
            all[SettingNames.Feed] = SettingNames.FeedScenario;
            return new RunSettings(all);
        }

        bool candles = all.ContainsKey(SettingNames.Prices);
        all[SettingNames.Feed] = candles ? SettingNames.FeedCandles : SettingNames.FeedSynthetic;
        if (candles) all.TryAdd(SettingNames.TicksPerBar, OptionNumbers.Text(CandleReplayFeed.DefaultTicksPerBar));
        all.TryAdd(SettingNames.Seed, "1");
        all.TryAdd(SettingNames.Traders, OptionNumbers.Text(DefaultTraders));
        if (all.TryAdd(SettingNames.Mix, TraderMix.Default.Text)) all[SettingNames.MixName] = TraderMix.Default.Source;
        if (all.TryAdd(SettingNames.Profile, DefaultProfile)) all[SettingNames.ProfileSha256] = InputFiles.Sha256(VenueProfiles.Binance.Source);
        return new RunSettings(all);
    }

    private void ReadNumbers(SimulateOptions options)
    {
        if (options.Seed is { } seed) _given[SettingNames.Seed] = OptionNumbers.Text(OptionText.Seed("--seed", seed));
        if (options.Traders is { } traders) _given[SettingNames.Traders] = OptionNumbers.Text(OptionText.Whole("--traders", traders, 1, MostTraders));
        if (options.TicksPerBar is { } ticks)
        {
            long value = OptionText.Whole("--ticks-per-bar", ticks, IntrabarPath.FewestTicks, IntrabarPath.MostTicks);
            _given[SettingNames.TicksPerBar] = OptionNumbers.Text(value);
        }

        if (options.History is { } history) _given[SettingNames.History] = OptionText.OneOf("--history", history, "all", "trades", "none");
        if (options.Scenario is { } scenario) _given[SettingNames.Scenario] = Scenarios.ScenarioCatalog.Find("--scenario", scenario).Name;
    }

    private void ReadPeriod(SimulateOptions options)
    {
        Timestamp? from = options.From is { } f ? OptionText.Time("--from", f) : null;
        Timestamp? to = options.To is { } t ? OptionText.Time("--to", t) : null;
        if (from >= to) throw new BadInputException($"--to: '{options.To}' is not after --from '{options.From}'");
        if (from is not null) _given[SettingNames.From] = from.Value.ToString();
        if (to is not null) _given[SettingNames.To] = to.Value.ToString();
        if (options.Symbols is { } symbols) _given[SettingNames.Symbols] = string.Join(',', OptionText.Names("--symbols", symbols));
    }

    private void ReadFiles(SimulateOptions options)
    {
        if (options.Profile is { } profile)
        {
            Profile = RunProfile.Find("--profile", profile);
            _given[SettingNames.Profile] = profile;
            _given[SettingNames.ProfileSha256] = InputFiles.Sha256(Profile.Source);
        }

        if (options.Mix is { } mix)
        {
            string yaml = InputFiles.Read("--mix", mix);
            TraderMixResult result = TraderMixReader.Read(yaml, mix);
            if (result.Mix is null) throw new BadInputException(result.Error!);
            _given[SettingNames.Mix] = yaml;
            _given[SettingNames.MixName] = mix;
        }

        if (options.Prices is { Count: > 0 } prices)
        {
            Prices = [.. prices.Select(p => Load("--prices", p))];
            _given[SettingNames.Prices] = string.Join('\n', Prices.Select(p => Path.GetFullPath(p.Path)));
            _given[SettingNames.PricesSha256] = string.Join('\n', Prices.Select(p => p.Sha256));
        }

        if (options.Funding is { } funding)
        {
            Funding = Load("--funding", funding);
            _given[SettingNames.Funding] = Path.GetFullPath(funding);
            _given[SettingNames.FundingSha256] = Funding.Sha256;
        }
    }

    private void CheckTogether(SimulateOptions options)
    {
        if (options is { Ephemeral: true, Journal: not null }) throw new BadInputException("--ephemeral: not together with --journal");
        if (options.Scenario is not null)
        {
            string? other = FirstOf(
                (options.Prices is not null, "--prices"), (options.From is not null, "--from"), (options.To is not null, "--to"),
                (options.Symbols is not null, "--symbols"), (options.TicksPerBar is not null, "--ticks-per-bar"),
                (options.Traders is not null, "--traders"), (options.Mix is not null, "--mix"), (options.Seed is not null, "--seed"),
                (options.Profile is not null, "--profile"), (options.Funding is not null, "--funding"));
            if (other is not null) throw new BadInputException($"{other}: not together with --scenario, which is fixed to the last unit");
        }
        else if (options is { Prices: null, Journal: null } || (options.Prices is null && !JournalFolder.Exists(options.Journal)))
        {
            string? needs = FirstOf(
                (options.From is not null, "--from"), (options.To is not null, "--to"), (options.TicksPerBar is not null, "--ticks-per-bar"));
            if (needs is not null) throw new BadInputException($"{needs}: only together with --prices");
        }
    }

    private static string? FirstOf(params (bool Given, string Option)[] options)
    {
        foreach ((bool given, string option) in options)
        {
            if (given) return option;
        }

        return null;
    }

    /// <summary>Reads a file of prices or rates whole.</summary>
    public static PriceFile Load(string option, string path)
    {
        // An unknown option behind the file names looks like one more file.
        if (path.StartsWith("--", StringComparison.Ordinal) && !File.Exists(path)) throw new BadInputException($"unknown option '{path}'");
        InputFiles.RefuseDirectory(option, path);
        if (!PriceFile.TryLoad(path, out PriceFile? file, out FeedError? error)) throw new BadInputException($"{option}: {error}");
        return file;
    }
}
