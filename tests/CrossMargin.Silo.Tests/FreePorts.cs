using System.Net;
using System.Net.Sockets;

namespace CrossMargin.Silo.Tests;

internal static class FreePorts
{
    /// <summary>The first of two neighbours that nobody listens on.</summary>
    public static int Pair()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            int port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has the neighbour.
            }
        }
    }
}
