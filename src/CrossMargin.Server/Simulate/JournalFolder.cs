using System.Globalization;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Feeds;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate;

/// <summary>Where runs keep their journals: finds the one to resume, makes the folder of a new one.</summary>
public static class JournalFolder
{
    /// <summary>Commands gathered before they are written: nobody waits for them here, and a resumed run does the rest again.</summary>
    private static readonly JournalOptions s_options = new() { GatherBytes = 128 * 1024 };

    /// <summary>Whether a folder holds a journal; one whose process was killed while it made the file holds none.</summary>
    public static bool Exists(string? folder) => folder is not null && ExchangeJournal.Exists(folder);

    /// <summary>A name that is free: ./runs/ and the moment in UTC and the seed.</summary>
    public static string NewName(DateTimeOffset now, string seed)
    {
        string name = Path.Combine("runs", now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-" + seed);
        string free = name;
        for (int i = 2; Path.Exists(free); i++) free = $"{name}-{i}";
        return free;
    }

    public static ExchangeJournal Create(string folder, VenueProfile profile, RunSettings settings)
    {
        JournalResult result = ExchangeJournal.Create(folder, profile.Source, settings.ToJson(), s_options);
        return result.Journal ?? throw new BadInputException($"--journal: {result.Error}");
    }

    /// <summary>Opens the journal of an unfinished run; its settings are in the first record.</summary>
    public static ExchangeJournal Open(string folder, out RunSettings settings)
    {
        JournalResult result = ExchangeJournal.Open(folder, s_options);
        ExchangeJournal journal = result.Journal ?? throw new BadInputException($"--journal: {result.Error}");
        settings = RunSettings.FromJson(journal.Settings)!;
        string? problem = journal.Finished is { } hash ? $"the run is finished, its state hash is {hash}"
            : settings?[SettingNames.Feed] is null ? "the first record is not that of a run"
            : null;
        if (problem is null) return journal;
        journal.Dispose();
        throw new BadInputException($"--journal: {journal.Path}: {problem}");
    }

    /// <summary>Refuses options and files that are not those of the run that is resumed.</summary>
    public static void Compare(RunSettings settings, RunRequest request)
    {
        foreach ((string name, string value) in request.Given)
        {
            string? own = settings[name];
            switch (name)
            {
                case SettingNames.Prices or SettingNames.Funding or SettingNames.MixName or SettingNames.Profile:
                    if (own is null) throw new BadInputException($"--{name}: the run was started without it");
                    continue; // what counts is the content
                case SettingNames.PricesSha256:
                    CompareFiles("--prices", settings[SettingNames.Prices]!, own ?? "", request.Prices!);
                    continue;
                case SettingNames.FundingSha256:
                    CompareFiles("--funding", settings[SettingNames.Funding]!, own ?? "", [request.Funding!]);
                    continue;
                case SettingNames.Mix when own != value:
                    throw new BadInputException($"--mix: {request.Given[SettingNames.MixName]} is not the mix that the run was started with");
                case SettingNames.ProfileSha256 when own != value:
                    string given = request.Given[SettingNames.Profile];
                    throw new BadInputException($"--profile: {given} is not the profile that the run was started with ({settings[SettingNames.Profile]})");
            }

            RunError? error = settings.Check([new(name, value)]);
            if (error is not null) throw new BadInputException($"--{error.Message}");
        }
    }

    /// <summary>The files of the run that is resumed, from where they were, which must still be what they were.</summary>
    public static IReadOnlyList<PriceFile>? Reload(string option, string? paths, string? hashes)
    {
        if (paths is null || hashes is null) return null;
        PriceFile[] files = [.. paths.Split('\n').Select(p => RunRequest.Load(option, p))];
        CompareFiles(option, paths, hashes, files);
        return files;
    }

    private static void CompareFiles(string option, string paths, string hashes, IReadOnlyList<PriceFile> files)
    {
        string[] names = paths.Split('\n');
        string[] expected = hashes.Split('\n');
        for (int i = 0; i < Math.Max(files.Count, expected.Length); i++)
        {
            if (i >= files.Count) throw new BadInputException($"{option}: the run was started with {names[i]} too");
            if (i >= expected.Length) throw new BadInputException($"{option}: {files[i].Path}: the run was started without it");
            if (files[i].Sha256 == expected[i]) continue;
            throw new BadInputException($"{option}: {files[i].Path}: SHA-256 {files[i].Sha256} is not that of the run's {names[i]}, {expected[i]}");
        }
    }
}
