using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace CrossMargin.Load.Server;

/// <summary>A server in a process of its own, started by its own command line; ends with this object.</summary>
internal sealed partial class ChildServer : IDisposable
{
    private readonly StringBuilder _said = new();
    private readonly string _name;

    private ChildServer(string name, Process process) => (_name, Process) = (name, process);

    public Process Process { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Runs an assembly that stands beside this one, and waits for the address that it prints.</summary>
    public static ChildServer Start(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        var server = new ChildServer(assembly, Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"));
        server.Process.OutputDataReceived += (_, line) => server.Hear(line.Data);
        server.Process.ErrorDataReceived += (_, line) => server.Hear(line.Data);
        server.Process.BeginOutputReadLine();
        server.Process.BeginErrorReadLine();
        try
        {
            server.Address = server.WaitForAddress();
        }
        catch
        {
            server.Dispose();
            throw;
        }

        return server;
    }

    /// <summary>Kills it: what it keeps is in a folder that is thrown away.</summary>
    public void Dispose()
    {
        Process.StandardInput.Close();
        if (!Process.HasExited) Process.Kill(entireProcessTree: true);
        Process.WaitForExit();
        Process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern { get; }

    private void Hear(string? line)
    {
        lock (_said)
        {
            // What a server logs later is not needed and may be much.
            if (_said.Length < 64 * 1024) _said.AppendLine(line);
            Monitor.PulseAll(_said);
        }
    }

    private Uri WaitForAddress()
    {
        long start = Stopwatch.GetTimestamp();
        lock (_said)
        {
            while (true)
            {
                Match found = AddressPattern.Match(_said.ToString());
                if (found.Success) return new Uri(found.Value);
                if (Process.HasExited || Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
                {
                    throw new InvalidOperationException($"{_name} did not start: {_said}");
                }

                Monitor.Wait(_said, TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
