using System.Diagnostics;
using System.Text;

namespace CrossMargin.Clients.Tests;

/// <summary>Runs a program to its end, bounded in time, and keeps what it said.</summary>
internal static class ProcessRun
{
    public static (int ExitCode, string Output) ToEnd(
        string directory, TimeSpan limit, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        bool isWindows = OperatingSystem.IsWindows();
        var start = new ProcessStartInfo(isWindows ? "cmd" : program)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (isWindows) start.ArgumentList.Add("/c");
        if (isWindows) start.ArgumentList.Add(program);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        var output = new StringBuilder();
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (-1, $"not done after {limit.TotalSeconds} s{Environment.NewLine}{output}");
        }

        process.WaitForExit();
        lock (output) return (process.ExitCode, output.ToString());
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output) output.AppendLine(line);
    }
}
