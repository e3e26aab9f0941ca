using System.Net;
using System.Net.Sockets;

namespace CrossMargin.Hosting;

/// <summary>IP addresses and CIDR ranges from which a key may be used. Immutable, thread-safe. Empty: from anywhere.</summary>
public sealed class AddressList
{
    /// <summary>So many at most in one list.</summary>
    public const int MaxEntries = 100;

    public static readonly AddressList Anywhere = new([]);

    private readonly IPNetwork[] _networks;

    private AddressList(IPNetwork[] networks) => _networks = networks;

    /// <summary>False, with a sentence for people, if an entry is neither an address nor a range whose host bits are zero.</summary>
    public static bool TryParse(IReadOnlyList<string> entries, out AddressList list, out string? problem)
    {
        (list, problem) = (Anywhere, null);
        if (entries.Count > MaxEntries) problem = $"{entries.Count} addresses are given, at most {MaxEntries} are allowed";
        var networks = new List<IPNetwork>();
        foreach (string entry in entries)
        {
            if (problem is not null) return false;
            if (entry is not null && TryNetwork(entry, out IPNetwork network)) networks.Add(network);
            else problem = $"'{entry}' is neither an IP address nor a range such as 10.1.0.0/16 (host bits zero)";
        }

        if (problem is not null) return false;
        list = networks.Count == 0 ? Anywhere : new AddressList([.. networks]);
        return true;
    }

    /// <summary>An address that is not known is in no list but the empty one. IPv4 in IPv6 counts as IPv4.</summary>
    public bool Contains(IPAddress? address)
    {
        if (_networks.Length == 0) return true;
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (IPNetwork network in _networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)) return true;
        }

        return false;
    }

    private static bool TryNetwork(string entry, out IPNetwork network)
    {
        network = default;
        int slash = entry.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            // Host bits that are set would be dropped without a word: whoever wrote them meant something else.
            return IPNetwork.TryParse(entry, out network) && IPAddress.TryParse(entry.AsSpan(0, slash), out IPAddress? first)
                && first.Equals(network.BaseAddress);
        }

        if (!IPAddress.TryParse(entry, out IPAddress? address)) return false;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }
}
