using System.Diagnostics;

namespace CrossMargin.Clients.Tests;

/// <summary>A test that needs Node 20 or later and npm; skipped, and said so, where they are not.</summary>
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Node.Missing;
}

internal static class Node
{
    private static readonly Lazy<string?> s_missing = new(Probe);

    /// <summary>Why the clients cannot run here, or null.</summary>
    public static string? Missing => s_missing.Value;

    private static string? Probe()
    {
        string? node = Version("node");
        if (node is null) return "REAL CLIENTS NOT TESTED: Node is not on the path (20 or later runs ccxt and binance against the server)";
        bool isNew = int.TryParse(node.TrimStart('v').Split('.')[0], out int major) && major >= 20;
        if (!isNew) return $"REAL CLIENTS NOT TESTED: Node {node} is older than 20";
        return Version("npm") is null ? "REAL CLIENTS NOT TESTED: npm is not on the path" : null;
    }

    private static string? Version(string program)
    {
        try
        {
            var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "cmd" : program) { RedirectStandardOutput = true };
            foreach (string argument in OperatingSystem.IsWindows() ? ["/c", program, "--version"] : (string[])["--version"])
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            string text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
