using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CrossMargin.Wire.Tests.Server;

/// <summary>The server as a process of its own, as a user starts it: it can be killed at any moment. Keeps all that it said.</summary>
public sealed partial class ServerProcess : IDisposable
{
    public const string Token = "a-token-of-the-wire-tests-only-0123456789";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly StringBuilder _said = new();
    private readonly Process _process;

    private ServerProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            Address = WaitForAddress();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it printed so far, both outputs.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Memory in the machine's RAM, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="folder">The data folder.</param>
    /// <param name="port">0: a free one.</param>
    public static ServerProcess Start(string folder, int port, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CrossMargin.Server.dll"));
        foreach (string word in (string[])["serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", folder, .. options])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["CROSSMARGIN_ADMIN_TOKEN"] = Token;
        return new ServerProcess(start);
    }

    /// <summary>SIGKILL: nothing of the process runs any more. Safe from several threads.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: false);
        }
        catch (InvalidOperationException)
        {
            // over already
        }
    }

    public void WaitForEnd()
    {
        if (!_process.WaitForExit(s_patience)) throw new TimeoutException($"the server did not end: {Said}");
        _process.WaitForExit();
    }

    /// <summary>Ctrl-C, and the exit code.</summary>
    public int Stop()
    {
        string id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using (Process signal = Process.Start("sh", ["-c", $"kill -INT {id}"])) signal.WaitForExit();
        WaitForEnd();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern { get; }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
            Monitor.PulseAll(_said);
        }
    }

    private Uri WaitForAddress()
    {
        long started = Stopwatch.GetTimestamp();
        lock (_said)
        {
            while (true)
            {
                Match found = AddressPattern.Match(_said.ToString());
                if (found.Success) return new Uri(found.Value);
                bool isOver = _process.HasExited || Stopwatch.GetElapsedTime(started) > s_patience;
                if (isOver) throw new InvalidOperationException($"the server did not start: {_said}");
                Monitor.Wait(_said, TimeSpan.FromSeconds(1));
            }
        }
    }
}
