using System.Net;
using System.Net.Sockets;

namespace CrossMargin.Gateway.Security;

/// <summary>Who counts as one client where clients are counted by address.</summary>
internal static class ClientNetwork
{
    private const int OwnBytes = 8;

    /// <summary>An IPv6 client owns its network of 64 bits: all of it is one client. IPv4 in IPv6 is IPv4; none known: one client.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(OwnBytes).Clear();
        return new IPAddress(bytes);
    }
}
