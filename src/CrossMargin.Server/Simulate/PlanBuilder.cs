using CrossMargin.Embedded.Runs;
using CrossMargin.Feeds;
using CrossMargin.Feeds.Candles;
using CrossMargin.Feeds.Funding;
using CrossMargin.Feeds.Synthetic;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Simulate.Scenarios;
using CrossMargin.Traders;

namespace CrossMargin.Server.Simulate;

/// <summary>Builds a run from its settings: new ones, or those in a journal. Whatever does not fit is a <see cref="BadInputException"/>.</summary>
public static class PlanBuilder
{
    /// <param name="settings">Complete: <see cref="RunRequest.Complete"/>, or a journal's first record.</param>
    /// <param name="venue">The rules; those of a journal are already the run's.</param>
    /// <param name="prices">The price files, loaded; null for none.</param>
    /// <param name="funding">The funding file, loaded; null for none.</param>
    public static RunPlan Build(RunSettings settings, VenueProfile venue, IReadOnlyList<PriceFile>? prices, PriceFile? funding)
    {
        string feed = Required(settings, SettingNames.Feed);
        if (feed == SettingNames.FeedScenario)
        {
            return ScenarioCatalog.Find("--scenario", Required(settings, SettingNames.Scenario)).Plan(settings);
        }

        ulong seed = OptionNumbers.Seed(Required(settings, SettingNames.Seed));
        (VenueProfile profile, IPriceFeed source, string name) = feed == SettingNames.FeedCandles
            ? Recorded(settings, venue, seed, prices ?? [], funding)
            : Synthetic(settings, venue, seed, funding);
        List<string> notes = [];
        if (profile.Liquidation.StaleMilliseconds == source.StepMilliseconds * RunProfile.StaleSteps)
        {
            notes.Add($"An index counts as stale after {profile.Liquidation.StaleMilliseconds / 1000} s: {RunProfile.StaleSteps} steps of this "
                + "run, since no price can arrive between two steps.");
        }

        return new RunPlan
        {
            Settings = settings,
            Profile = profile,
            Feed = source,
            Accounts = Population(settings, profile, seed),
            Source = name,
            Notes = notes,
        };
    }

    private static (VenueProfile, IPriceFeed, string) Recorded(
        RunSettings settings, VenueProfile venue, ulong seed, IReadOnlyList<PriceFile> files, PriceFile? fundingFile)
    {
        CandleSet all = Candles(files, Query(settings, venue, SymbolsOf(settings)));
        int ticks = OptionNumbers.Int(Required(settings, SettingNames.TicksPerBar));
        string[] symbols = [.. all.Series.Select(s => s.Market.Symbol)];
        VenueProfile profile = RunProfile.For(venue, symbols, all.BarMilliseconds / ticks);

        // Fewer markets have other ids and the same files, read once more for them.
        CandleSet set = profile.Markets.Count == venue.Markets.Count ? all : Candles(files, Query(settings, profile, symbols));
        List<FundingUpdate> funding = Rates(fundingFile, Query(settings, profile, symbols));
        if (!CandleReplayFeed.TryCreate(set, seed, ticks, funding, out CandleReplayFeed? feed, out FeedError? error))
        {
            throw new BadInputException($"--ticks-per-bar: {error}");
        }

        string name = $"recorded candles: {string.Join(", ", files.Select(f => Path.GetFileName(f.Path)))}, {set.Start} and {set.BarCount} bars of "
            + $"{set.BarMilliseconds / 1000} s, {ticks} ticks a bar";
        return (profile, feed, name);
    }

    private static (VenueProfile, IPriceFeed, string) Synthetic(RunSettings settings, VenueProfile venue, ulong seed, PriceFile? fundingFile)
    {
        string[] symbols = SymbolsOf(settings) ?? [.. venue.Markets.Select(m => m.Symbol)];
        foreach (string symbol in symbols)
        {
            if (venue.TryFind(symbol, out _)) continue;
            throw new BadInputException($"--symbols: '{OptionText.Shown(symbol)}' has no market in the profile {venue.Name}");
        }

        VenueProfile profile = RunProfile.For(venue, symbols, SyntheticSpec.DefaultStepMilliseconds);
        List<FundingUpdate> funding = Rates(fundingFile, new CandleQuery { Markets = profile.Markets, Symbols = symbols });
        var feed = new SyntheticFeed(SyntheticSpec.Crash(profile.Markets, seed), funding);
        return (profile, feed, $"generated crash of one day, seed {seed}");
    }

    private static List<RunAccount> Population(RunSettings settings, VenueProfile profile, ulong seed)
    {
        string source = settings[SettingNames.MixName] ?? SettingNames.Mix;
        TraderMixResult mix = TraderMixReader.Read(Required(settings, SettingNames.Mix), source);
        if (mix.Mix is null) throw new BadInputException(mix.Error!);
        try
        {
            int count = OptionNumbers.Int(Required(settings, SettingNames.Traders));
            IReadOnlyList<TraderPlan> plans = TraderPopulation.Create(mix.Mix, profile, seed, count);
            return [.. plans.Select(p => new RunAccount(p.Trader, p.Deposit, p.MakerFee, p.TakerFee))];
        }
        catch (TraderMixException e)
        {
            throw new BadInputException(e.Message);
        }
    }

    private static CandleSet Candles(IReadOnlyList<PriceFile> files, CandleQuery query)
    {
        if (CandleFiles.TryRead(files, query, out CandleSet? set, out FeedError? error)) return set;
        throw new BadInputException($"--prices: {error}");
    }

    private static List<FundingUpdate> Rates(PriceFile? file, CandleQuery query)
    {
        if (file is null) return [];
        if (FundingFile.TryRead(file, query, out List<FundingUpdate>? rates, out FeedError? error)) return rates;
        throw new BadInputException($"--funding: {error}");
    }

    private static CandleQuery Query(RunSettings settings, VenueProfile profile, IReadOnlyList<string>? symbols) => new()
    {
        Markets = profile.Markets,
        From = settings[SettingNames.From] is { } from ? OptionText.Time("--from", from) : null,
        To = settings[SettingNames.To] is { } to ? OptionText.Time("--to", to) : null,
        Symbols = symbols,
    };

    private static string[]? SymbolsOf(RunSettings settings) => settings[SettingNames.Symbols]?.Split(',');

    private static string Required(RunSettings settings, string name) =>
        settings[name] ?? throw new BadInputException($"the journal's first record has no '{name}'");
}
