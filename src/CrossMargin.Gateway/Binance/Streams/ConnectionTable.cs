using System.Net;
using CrossMargin.Gateway.Security;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>How many connections there are, in all and by address (IPv6: by network of 64 bits). Thread-safe; bounded by the connections themselves.</summary>
public sealed class ConnectionTable(StreamOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];

    /// <summary>Connections at the moment.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a place; null where there is none, with the reason.</summary>
    public IDisposable? TryEnter(IPAddress? address, out string refusal)
    {
        IPAddress key = ClientNetwork.Of(address);
        lock (_gate)
        {
            int own = _byAddress.GetValueOrDefault(key);
            refusal = Count >= options.MaxConnections
                ? $"Too many connections: {Count} of {options.MaxConnections}."
                : own >= options.MaxConnectionsPerAddress
                    ? $"Too many connections from this address: {own} of {options.MaxConnectionsPerAddress}."
                    : "";
            if (refusal.Length > 0) return null;
            _byAddress[key] = own + 1;
            Count++;
        }

        return new Place(this, key);
    }

    private void Leave(IPAddress address)
    {
        lock (_gate)
        {
            Count--;
            int own = _byAddress[address] - 1;
            if (own == 0) _byAddress.Remove(address);
            else _byAddress[address] = own;
        }
    }

    private sealed class Place(ConnectionTable table, IPAddress address) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) table.Leave(address);
        }
    }
}
