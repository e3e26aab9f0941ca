using System.Net;
using CrossMargin.Load.Bare;
using CrossMargin.Load.Generator;
using CrossMargin.Load.Server;

namespace CrossMargin.Load.Parts;

/// <summary>The server and the bare endpoint, each in its process, with accounts and connections to load them.</summary>
internal sealed class TestBench : IDisposable
{
    private const string Token = "a-token-for-one-load-test-0123456789abcdef";
    private const string Deposit = "10000000";

    private readonly string _data;

    private TestBench(string data, ChildServer server, ChildServer bare, ApiKey bareKey)
    {
        (_data, Server, Bare, BareKey) = (data, server, bare, bareKey);
        Admin = new AdminClient(server.Address, Token);
        Public = new TradingClient(server.Address);
    }

    public ChildServer Server { get; }
    public ChildServer Bare { get; }
    public ApiKey BareKey { get; }
    public AdminClient Admin { get; }
    public TradingClient Public { get; }

    /// <summary>All markets, their prices held; the last one is kept for measuring fills and carries no load.</summary>
    public IReadOnlyList<MarketTerms> Markets { get; private set; } = [];

    public MarketTerms QuietMarket => Markets[^1];

    /// <summary>Starts both; the server keeps journal (FULL) and history in a folder of its own.</summary>
    public static async Task<TestBench> StartAsync(HttpOptions options)
    {
        var bareKey = new ApiKey(new string('k', 64), new string('s', 64));
        string data = Path.Combine(options.DataRoot ?? Path.GetTempPath(), "crossmargin-load-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(data);
        ChildServer bare = ChildServer.Start(
            "CrossMargin.Load.dll", ["bare"], new Dictionary<string, string> { [BareEndpoint.SecretVariable] = bareKey.Secret });
        ChildServer server;
        try
        {
            server = ChildServer.Start(
                "CrossMargin.Server.dll",
                ["serve", "--port", "0", "--data", data, "--traders", "0", "--house", "on", "--limits", "off"],
                new Dictionary<string, string> { ["CROSSMARGIN_ADMIN_TOKEN"] = Token });
        }
        catch
        {
            bare.Dispose();
            throw;
        }

        var bench = new TestBench(data, server, bare, bareKey);
        try
        {
            bench.Markets = await bench.HoldPricesAsync();
            return bench;
        }
        catch
        {
            bench.Dispose();
            throw;
        }
    }

    /// <summary>A generator for the server: an account, a key and a connection each, half of them makers, over all but the last market.</summary>
    public async Task<OrderGenerator> ServerGeneratorAsync(int connections)
    {
        var keys = new List<ApiKey>();
        for (int i = 0; i < connections; i++) keys.Add(await Admin.NewAccountAsync($"load {i + 1}", Deposit));
        return Generator(Server.Address, keys);
    }

    /// <summary>The same requests for the bare endpoint.</summary>
    public OrderGenerator BareGenerator(int connections) => Generator(Bare.Address, [.. Enumerable.Repeat(BareKey, connections)]);

    public Task<ApiKey> NewAccountAsync(string name) => Admin.NewAccountAsync(name, Deposit);

    public void Dispose()
    {
        Public.Dispose();
        Admin.Dispose();
        Bare.Dispose();
        Server.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<IReadOnlyList<MarketTerms>> HoldPricesAsync()
    {
        foreach (MarketTerms market in await MarketList.ReadAsync(Public)) await Admin.HoldAsync(market.Symbol, market.Middle);

        // The mark follows the index within a second or two.
        await Task.Delay(TimeSpan.FromSeconds(3));
        return await MarketList.ReadAsync(Public);
    }

    private OrderGenerator Generator(Uri address, IReadOnlyList<ApiKey> keys)
    {
        string run = Guid.NewGuid().ToString("N")[..4];
        var server = new IPEndPoint(IPAddress.Loopback, address.Port);
        var connections = new List<OrderConnection>();
        for (int i = 0; i < keys.Count; i++)
        {
            // Makers and takers in pairs on the same market.
            MarketTerms market = Markets[i / 2 % Math.Max(1, Markets.Count - 1)];
            var script = new OrderScript(address.Authority, keys[i], market, i % 2 == 0, $"{run}{i}x", TimeProvider.System);
            connections.Add(new OrderConnection(server, script));
        }

        return new OrderGenerator(connections);
    }
}
