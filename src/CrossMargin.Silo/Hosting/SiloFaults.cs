using System.Data.Common;
using System.Net.Sockets;

namespace CrossMargin.Silo.Hosting;

/// <summary>What keeps a silo from starting and its operator can mend, in one line; everything else is told with its trace.</summary>
internal static class SiloFaults
{
    /// <summary>Null: not known here.</summary>
    public static string? Say(Exception fault)
    {
        if (fault is ArgumentException or OrleansConfigurationException) return Line(fault);
        for (Exception? e = fault; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
                return $"a port is taken ({Line(fault)}): see Orleans:Endpoints and --urls";
            if (e is DbException) return $"the storage cannot be used: {Line(e)}";
        }

        return fault is InvalidOperationException && fault.Message.StartsWith("Could not find", StringComparison.Ordinal)
            ? $"{Line(fault)} Provider packages that did not restore are left out of the build: see docs/cluster.md"
            : null;
    }

    private static string Line(Exception e) => string.Join(' ', e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
