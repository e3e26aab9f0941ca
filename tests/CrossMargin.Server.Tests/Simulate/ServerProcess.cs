using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Server.Tests.Simulate;

/// <summary>Runs the built program as a process of its own, and kills it.</summary>
public static class ServerProcess
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    /// <summary>The journal and what its writer has not yet folded into it.</summary>
    public static long JournalBytes(string folder) => Length(Path.Combine(folder, "exchange.journal")) + Length(Path.Combine(folder, "exchange.journal-wal"));

    /// <summary>
    /// Kills the process (SIGKILL) once its journal has so many bytes and committed commands; false when it was over before that.
    /// </summary>
    public static bool RunAndKill(string[] arguments, string folder, long bytes, long commands = 1)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        long begin = JournalBytes(folder);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Task<string> error = process.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        long goal = Math.Max(bytes, begin + 1);
        while (!process.HasExited && (JournalBytes(folder) < goal || Commands(folder) < commands))
        {
            if (watch.Elapsed > s_longest) break;
            Thread.Yield();
        }

        bool over = process.HasExited;
        if (!over) process.Kill();
        process.WaitForExit();
        if (over && process.ExitCode != 0) throw new InvalidOperationException($"exit code {process.ExitCode}: {error.Result}");
        return !over;
    }

    // Committed ones; 0 while there is no journal that could be read.
    private static long Commands(string folder)
    {
        string file = Path.Combine(folder, "exchange.journal");
        if (!File.Exists(file)) return 0;
        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT coalesce(max(first + count - 1), 0) FROM batches";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    private static long Length(string file)
    {
        try
        {
            return File.Exists(file) ? new FileInfo(file).Length : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
