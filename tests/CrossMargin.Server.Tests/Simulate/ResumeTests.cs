using CrossMargin.Embedded.Journal;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Server.Tests.Simulate;

/// <summary>A run that was stopped goes on as if it had not been, and only with what it was started with.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_KilledAtSeveralPoints_EndsWithTheSameHashAndReport()
    {
        string[] options = ["--prices", _folder.Write("p.csv", Calls.Crash(180)), "--traders", "150", "--seed", "5"];
        Said whole = Calls.Run(["simulate", .. options, "--journal", _folder["whole"]]);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        long size = ServerProcess.JournalBytes(_folder["whole"]);
        var random = new Random(20210519);
        string killed = _folder["killed"];
        int kills = 0;
        for (int tries = 0; kills < 3 && tries < 12; tries++)
        {
            long at = random.NextInt64(size / 8, size * (kills + 1) / 4);
            string[] call = kills == 0 ? ["simulate", .. options, "--journal", killed] : ["simulate", "--journal", killed];
            if (ServerProcess.RunAndKill(call, killed, at) && !IsFinished(killed))
            {
                kills++;
                continue;
            }

            // It was over before it could be killed: a finished run cannot be resumed, so begin anew.
            Directory.Delete(killed, recursive: true);
            kills = 0;
        }

        Assert.True(kills > 0, "no run was killed half-way");
        Said resumed = Calls.Run("simulate", "--journal", killed);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("resumed", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(whole.StateHash, resumed.StateHash);
        Assert.Equal(WithoutRun(_folder["whole"]), WithoutRun(killed));
        Assert.Equal(RowCounts(_folder["whole"]), RowCounts(killed));

        Said again = Calls.Run("simulate", "--journal", killed);
        Assert.Equal(2, again.Code);
        Assert.Contains("finished", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ResumedWithOtherOptions_NamesTheDifference()
    {
        string prices = _folder.Write("p.csv", Calls.Crash(60));
        string other = _folder.Write("other.csv", Calls.Crash(61));
        string run = _folder["run"];
        string[] options = ["simulate", "--prices", prices, "--traders", "60", "--seed", "5", "--journal", run];
        Assert.True(ServerProcess.RunAndKill(options, run, 0, commands: 500), "the run was not killed half-way");
        string[] before = [.. _folder.Content().Where(NotOfSqlite)];
        Refused("--seed", "--seed", "6");
        Refused("--traders", "--traders", "61");
        Refused("--scenario", "--scenario", "adl");
        Refused(other, "--prices", other);
        Refused("--profile", "--profile", "simple");
        Refused("--mix", "--mix", _folder.Write("mix.yaml", Traders.TraderMix.DefaultText() + "\n# changed\n"));
        File.Delete(_folder["mix.yaml"]);
        Assert.Equal(before, _folder.Content().Where(NotOfSqlite));

        File.AppendAllText(prices, "\n");
        Refused(prices);
        File.WriteAllText(prices, Calls.Crash(60));
        Assert.Equal(0, Calls.Run("simulate", "--journal", run, "--seed", "5", "--prices", prices).Code);

        void Refused(string named, params string[] more)
        {
            Said said = Calls.Run(["simulate", "--journal", run, .. more]);
            Assert.Equal((2, ""), (said.Code, said.Output));
            Assert.Contains(named, Assert.Single(said.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_ResumedWithoutItsHistory_MakesItAgain()
    {
        string[] options = ["--prices", _folder.Write("p.csv", Calls.Crash(90)), "--traders", "40", "--seed", "5"];
        Assert.Equal(0, Calls.Run(["simulate", .. options, "--journal", _folder["whole"]]).Code);
        string killed = _folder["killed"];
        long size = ServerProcess.JournalBytes(_folder["whole"]);
        bool any = ServerProcess.RunAndKill(["simulate", .. options, "--journal", killed], killed, size / 2);
        Assert.True(any, "the run was not killed half-way");
        foreach (string suffix in (string[])["", "-wal", "-shm"]) File.Delete(Path.Combine(killed, "exchange.db" + suffix));
        Said resumed = Calls.Run("simulate", "--journal", killed);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));

        // Points of equity curves come from no command: those from before the snapshot are not made again.
        Assert.Equal(RowCounts(_folder["whole"]).Where(NotEquity), RowCounts(killed).Where(NotEquity));

        static bool NotEquity(string table) => !table.StartsWith("equity", StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ResumedButDoesSomethingElse_IsAFaultOfTheProgram()
    {
        string run = _folder["run"];
        string[] options = ["simulate", "--prices", _folder.Write("p.csv", Calls.Crash(600)), "--traders", "60", "--seed", "5", "--journal", run];

        // Enough that traders have drawn from the seed, of a run so long that it is not over by then on any machine.
        Assert.True(ServerProcess.RunAndKill(options, run, 0, commands: 2_000), "the run was not killed half-way");
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(run, "exchange.journal")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                UPDATE meta SET value = replace(value, '"seed":"5"', '"seed":"6"') WHERE key = 'settings';
                DELETE FROM snapshots
                """;
            Assert.NotEqual(0, command.ExecuteNonQuery());
        }

        Said said = Calls.Run("simulate", "--journal", run);
        Assert.Equal(1, said.Code);
        Assert.Matches("^simulate: the run does not do again what its journal holds: step [0-9]+, ", Assert.Single(said.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public void Run_KilledWhileTheJournalWasMade_BeginsAnew()
    {
        string prices = _folder.Write("p.csv", Calls.Crash(20));
        Directory.CreateDirectory(_folder["run"]);
        _folder.Write("run/exchange.journal", "");
        Said said = Calls.Run("simulate", "--prices", prices, "--traders", "20", "--journal", _folder["run"]);
        Assert.Equal((0, ""), (said.Code, said.Error));
    }

    [Fact]
    public void Run_SameSettingsTwice_SameHash()
    {
        string[] options = ["simulate", "--prices", _folder.Write("p.csv", Calls.Crash(30)), "--traders", "40", "--ephemeral"];
        string first = Calls.Run([.. options, "--report", _folder["a"]]).StateHash;
        Assert.Equal(first, Calls.Run([.. options, "--report", _folder["b"]]).StateHash);
        Assert.NotEqual(first, Calls.Run([.. options, "--report", _folder["c"], "--seed", "2"]).StateHash);
        Assert.Equal(WithoutRun(_folder["a"]), WithoutRun(_folder["b"]));
    }

    private static bool IsFinished(string folder)
    {
        using ExchangeJournal? journal = ExchangeJournal.Open(folder).Journal;
        return journal?.Finished is not null;
    }

    private static string[] RowCounts(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "exchange.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        string[] tables = Ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
        Assert.NotEmpty(tables);
        return [.. tables.Select(t => $"{t} {Ask($"SELECT count(*) FROM \"{t}\"")[0]}")];

        string[] Ask(string sql)
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            using SqliteDataReader rows = command.ExecuteReader();
            var found = new List<string>();
            while (rows.Read()) found.Add(rows.GetString(0));
            return [.. found];
        }
    }

    // Everything but how long it took and where it lies.
    private static string WithoutRun(string folder)
    {
        string text = File.ReadAllText(Path.Combine(folder, "report.json"));
        int from = text.IndexOf("\"run\": {", StringComparison.Ordinal);
        return text.Remove(from, text.IndexOf("\"totals\"", StringComparison.Ordinal) - from);
    }

    private static bool NotOfSqlite(string entry) => !entry.Contains("exchange.", StringComparison.Ordinal);
}
