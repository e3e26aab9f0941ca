using System.Net;
using System.Runtime.CompilerServices;
using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Binance;

/// <summary>Whether an API key may do something, in Binance's order: format, known and not expired, address, scope. Thread-safe.</summary>
public sealed class KeyGate(IAccountDirectory directory, TimeProvider time)
{
    private const int LongestKey = 128;

    private readonly ConditionalWeakTable<ApiKeyRecord, AddressRules> _rules = [];

    /// <summary>Null when the key may; what it stands for is then in <paramref name="grant"/>.</summary>
    /// <param name="address">The client's address; null where the transport knows none: then only keys without an allow-list pass.</param>
    public BinanceError? Check(string? apiKey, IPAddress? address, KeyScopes scope, out KeyGrant? grant)
    {
        grant = null;
        if (!HasFormat(apiKey)) return BinanceError.KeyFormat;
        KeyGrant? known = directory.Grant(apiKey!);
        if (known is null || known.Account.Status == AccountRecordStatus.Closed) return BinanceError.KeyRejected;
        ApiKeyTerms terms = known.Key.Terms;
        if (terms.Expires is { } expires && time.GetUtcNow().ToUnixTimeMilliseconds() >= expires) return BinanceError.KeyRejected;
        if (terms.Addresses.Count > 0 && !Rules(known.Key).Allow(address)) return BinanceError.KeyRejected;
        if ((terms.Scopes & scope) != scope) return BinanceError.KeyRejected;
        grant = known;
        return null;
    }

    private static bool HasFormat(string? apiKey)
    {
        if (apiKey is null || apiKey.Length is 0 or > LongestKey) return false;
        foreach (char c in apiKey)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }

        return true;
    }

    private AddressRules Rules(ApiKeyRecord key) => _rules.GetValue(key, static k => new AddressRules(k.Terms.Addresses));

    /// <summary>Addresses and networks; a text that is neither allows nobody.</summary>
    private sealed class AddressRules(IReadOnlyList<string> texts)
    {
        private readonly List<IPNetwork> _networks = Read(texts);

        public bool Allow(IPAddress? address)
        {
            if (address is null) return false;
            IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            foreach (IPNetwork network in _networks)
            {
                if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain)) return true;
            }

            return false;
        }

        private static List<IPNetwork> Read(IReadOnlyList<string> texts)
        {
            var networks = new List<IPNetwork>();
            foreach (string text in texts)
            {
                if (IPNetwork.TryParse(text, out IPNetwork network)) networks.Add(network);
                else if (IPAddress.TryParse(text, out IPAddress? one)) networks.Add(new IPNetwork(one, one.GetAddressBytes().Length * 8));
            }

            return networks;
        }
    }
}
