using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace CrossMargin.Gateway.Alerts;

/// <summary>
/// Where webhooks may go: http and https; and, unless an option allows it, to no address of this machine or of a private network, so that
/// nobody reaches through the server what he cannot reach himself. The address is checked when the connection is made, not the name.
/// </summary>
public static class WebhookAddress
{
    public const int MaxLength = 2_000;

    private static readonly IPNetwork[] s_inner =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/127", "64:ff9b::/96", "64:ff9b:1::/48",
            "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Null, or what is wrong with the text as an address to post to.</summary>
    public static string? Objection(string text)
    {
        if (text.Length > MaxLength) return $"must have at most {MaxLength} characters";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)) return "must be an absolute address";
        if (uri.Scheme is not ("http" or "https")) return "must begin with http:// or https://";
        return uri.UserInfo.Length > 0 ? "must not hold a user or password" : null;
    }

    /// <summary>Whether an address belongs to this machine, a private network or a range that leads nowhere.</summary>
    public static bool IsInner(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (IPNetwork network in s_inner)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)) return true;
        }

        return false;
    }

    /// <summary>Whether an address is one of this machine's own, a public one too: from here its closed doors are open.</summary>
    public static bool IsOwn(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (NetworkInterface card in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation own in card.GetIPProperties().UnicastAddresses)
            {
                if (own.Address.Equals(address)) return true;
            }
        }

        return false;
    }

    /// <summary>Connects to the first allowed address of a host. Throws <see cref="ForbiddenAddressException"/> where there is none.</summary>
    internal static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowInner, CancellationToken stop)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(target.Host, stop).ConfigureAwait(false);
        Exception? last = null;
        foreach (IPAddress address in addresses)
        {
            if (!allowInner && (IsInner(address) || IsOwn(address))) continue;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), stop).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new ForbiddenAddressException();
    }
}

/// <summary>All addresses of a host are such as nobody may post to.</summary>
internal sealed class ForbiddenAddressException() : IOException("the address is of this machine or a private network, which is not allowed");
