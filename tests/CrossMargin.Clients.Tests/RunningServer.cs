using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace CrossMargin.Clients.Tests;

/// <summary>The server as a user starts it, on a free port, with nothing kept; and the clients' packages beside it.</summary>
public sealed partial class RunningServer : IDisposable
{
    private const string Token = "a-token-of-the-client-tests-only-0123456789";

    private readonly StringBuilder _said = new();
    private readonly Process? _process;

    public RunningServer()
    {
        Folder = FindFolder();
        if (Node.Missing is not null) return;
        Install();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string program = Path.Combine(AppContext.BaseDirectory, "CrossMargin.Server.dll");
        foreach (string argument in (string[])[program, "serve", "--port", "0", "--ephemeral", "--traders", "0", "--limits", "off", "--feed", "push"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CROSSMARGIN_ADMIN_TOKEN"] = Token;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = WaitForAddress();
    }

    /// <summary>The folder tests/clients of the checkout.</summary>
    public string Folder { get; }

    public string Address { get; } = "";

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["CROSSMARGIN_URL"] = Address,
        ["CROSSMARGIN_ADMIN_TOKEN"] = Token,
    };

    /// <summary>What the server printed so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    public void Dispose()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern { get; }

    private static string FindFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "tests", "clients");
            if (File.Exists(Path.Combine(folder, "package-lock.json"))) return folder;
        }

        throw new DirectoryNotFoundException("tests/clients is not above the test's own folder");
    }

    // Once for a lock file: npm leaves a copy of what it installed.
    private void Install()
    {
        string wanted = File.ReadAllText(Path.Combine(Folder, "package-lock.json"));
        string mark = Path.Combine(Folder, "node_modules", ".crossmargin-lock");
        if (File.Exists(mark) && File.ReadAllText(mark) == wanted) return;
        (int exit, string output) = ProcessRun.ToEnd(
            Folder, TimeSpan.FromMinutes(5), new Dictionary<string, string>(), "npm", "ci", "--no-audit", "--no-fund");
        if (exit != 0) throw new InvalidOperationException($"npm ci ended with {exit}: {output}");
        File.WriteAllText(mark, wanted);
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
            Monitor.PulseAll(_said);
        }
    }

    private string WaitForAddress()
    {
        DateTime end = DateTime.UtcNow.AddMinutes(1);
        lock (_said)
        {
            while (true)
            {
                Match found = AddressPattern.Match(_said.ToString());
                if (found.Success) return found.Value;
                if (_process!.HasExited || DateTime.UtcNow > end) throw new InvalidOperationException($"the server did not start: {_said}");
                Monitor.Wait(_said, TimeSpan.FromSeconds(1));
            }
        }
    }
}
