using System.CommandLine;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Model;
using CrossMargin.Server.Simulate;
using Command = System.CommandLine.Command;

namespace CrossMargin.Server.Serve;

/// <summary>What is done with a data folder: <c>backup</c> (also while it is served), <c>upgrade</c>, <c>history rebuild</c>.</summary>
public static class DataCommands
{
    private static readonly Option<string> s_data = new("--data") { HelpName = "DIR", Description = $"The data folder ({ServeOptions.DefaultFolder})." };
    private static readonly Argument<string> s_file = new("FILE") { Description = "A file that does not exist." };

    public static void AddTo(RootCommand root)
    {
        var backup = new Command("backup", "Copies the journal of a data folder, also while it is served. The copy is all that is needed, but for its keys.");
        backup.Arguments.Add(s_file);
        Add(root, backup, (folder, parsed) => Backup(folder, parsed.GetValue(s_file)!));
        Add(root, new Command("upgrade", "Brings a data folder that nobody serves to a state from which the next release goes on."),
            (folder, _) => DataFolders.Upgrade(folder, new DataFolderOptions { History = ModeOf(folder) }));
        var history = new Command("history", "The history beside a journal.");
        root.Subcommands.Add(history);
        Add(history, new Command("rebuild", "Makes the history anew of what the journal still holds; nobody serves meanwhile."), (folder,
            _) => Rebuild(folder));
    }

    private static void Add(Command parent, Command command, Func<string, ParseResult, string?> work)
    {
        command.Options.Add(s_data);
        parent.Subcommands.Add(command);
        command.SetAction(parsed =>
        {
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            string? problem = Try(() => work(parsed.GetValue(s_data) ?? ServeOptions.DefaultFolder, parsed));
            if (problem is null) return ExitCode.Done;
            streams.Error.WriteLine($"{command.Name}: {problem.ReplaceLineEndings(" ")}");
            return ExitCode.BadInput;
        });
    }

    private static string? Try(Func<string?> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or JournalException or HistoryException or EngineStoppedException or BadInputException)
        {
            return e.Message;
        }
    }

    // As it was served.
    private static HistoryMode ModeOf(string folder) => ExchangeHistory.ModeOf(folder) ?? HistoryMode.All;

    private static string? Backup(string folder, string file) => ExchangeJournal.BackupDirectory(folder, file)?.Message;

    private static string? Rebuild(string folder)
    {
        JournalResult opened = ExchangeJournal.Open(folder);
        if (opened.Journal is not { } journal) return opened.Error!.Message;
        using (journal)
        {
            VenueProfile profile = RunProfile.Read(journal.Profile, journal.Path);
            HistoryResult result = ExchangeHistory.Open(folder, profile, new HistoryOptions { RunId = journal.RunId, Mode = ModeOf(folder) });
            if (result.History is not { } history) return result.Error!.Message;
            using (history)
            {
                return HistoryRebuild.Rebuild(history, journal, () => new ExchangeEngine(profile))?.Message;
            }
        }
    }
}
