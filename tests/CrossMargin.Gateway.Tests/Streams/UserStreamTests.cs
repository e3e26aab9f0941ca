using System.Globalization;
using System.Text.Json;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Streams;

public sealed class UserStreamTests
{
    private const int Accounts = 8;

    [Theory]
    [InlineData(41ul)]
    [InlineData(42ul)]
    [InlineData(43ul)]
    [InlineData(44ul)]
    public async Task UserStream_RandomFlow_ReplayedOntoTheSnapshotIsTheFinalSnapshot(ulong seed)
    {
        using var world = new StreamWorld(seed, Accounts);
        await world.StartAsync();
        await world.StepAsync(150);
        var clients = new List<UserClient>();
        for (int i = 1; i <= Accounts; i++)
        {
            AccountSnapshot first = (await world.Exchange.ReadAccountAsync(new AccountId(i)))!;
            clients.Add(new UserClient(world, i, await world.ListenAsync(world.OpenKey(i)), first));
        }

        for (int i = 0; i < 12; i++)
        {
            await world.StepAsync(100);
            await world.BeatAsync();
        }

        await world.SettleAsync();
        int events = 0;
        foreach (UserClient client in clients)
        {
            events += await client.PumpAsync();
            client.AssertEquals((await world.Exchange.ReadAccountAsync(client.Account))!);
        }

        Assert.True(events > 500, $"{events} events");
    }

    [Theory]
    [InlineData(51ul)]
    [InlineData(52ul)]
    [InlineData(53ul)]
    public async Task Mirror_RandomFlow_EqualsTheFinalSnapshotToTheLastUnit(ulong seed)
    {
        using var world = new StreamWorld(seed, Accounts);
        var batches = new List<EventBatch>();
        using IDisposable subscription = world.Exchange.Subscribe(batches.Add);
        await world.StartAsync();
        await world.StepAsync(100);
        var tellers = new List<AccountTeller>();
        var formats = new MarketFormats(world.Profile);
        for (int i = 1; i <= Accounts; i++)
        {
            var id = new AccountId(i);
            tellers.Add(new AccountTeller(id, (await world.Exchange.ReadAccountAsync(id))!, formats, new long[world.Profile.Markets.Count]));
            await world.StepAsync(60);
        }

        await world.StepAsync(900);
        await world.SettleAsync();
        for (int i = 0; i < Accounts; i++)
        {
            foreach (EventBatch batch in batches) tellers[i].Apply(batch, []);
            AssertSame((await world.Exchange.ReadAccountAsync(new AccountId(i + 1)))!, tellers[i].Account);
        }
    }

    [Fact]
    public async Task UserStream_KeyClosedOrAccountReplaced_IsToldAndCut()
    {
        using var world = new StreamWorld(61, Accounts);
        await world.StartAsync();
        StreamListener one = await world.ListenAsync(world.OpenKey(1));
        StreamListener two = await world.ListenAsync(world.OpenKey(2));
        string key = world.OpenKey(3);
        StreamListener three = await world.ListenAsync(key);
        ((StreamWorld.OwnerOnly)(object)world.Directory).Gone.Add(new AccountId(1));
        world.Keys.Close(new AccountRecord(2, new AccountId(2), "t", AccountRecordStatus.Active, 0));
        world.Streams.Users.Publish(3, "{\"e\":\"MARGIN_ALERT\",\"E\":1}"u8.ToArray());
        await world.BeatAsync(20);
        await StreamWorld.UntilAsync(() => one.Connection.IsEnding && two.Connection.IsEnding);
        Assert.False(three.Connection.IsEnding);
        (string stream, JsonElement alert) = Assert.Single(await three.TakeAsync());
        Assert.Equal((key, "MARGIN_ALERT"), (stream, alert.GetProperty("e").GetString()));
        Assert.Equal(1, world.Streams.Users.StreamCount);
        three.Session.End();
        await world.BeatAsync(20);
        Assert.Equal(0, world.Streams.Users.StreamCount);
        string? fault = await three.Session.SubscribeAsync(["NoSuchListenKeyNoSuchListenKey"]);
        Assert.Contains("NoSuchListenKey", fault);
    }

    private static void AssertSame(AccountSnapshot expected, AccountMirror actual)
    {
        Assert.Equal(expected.Balances.ToDictionary(b => b.Asset.Value, b => b.Wallet).Where(b => !b.Value.IsZero), actual.Wallets.Where(b =>
            !b.Value.IsZero));
        Assert.Equal(expected.CrossWallet, actual.CrossWallet(AssetId.Settlement));
        Assert.Equal(
            expected.Legs.Where(l => !l.Quantity.IsZero || !l.IsolatedWallet.IsZero)
                .Select(l => ((l.Market.Value, l.Side), l.Quantity, l.OpenCost, l.IsolatedWallet, l.Mode)),
            actual.Legs.Where(l => !l.Value.Quantity.IsZero || !l.Value.IsolatedWallet.IsZero)
                .Select(l => (l.Key, l.Value.Quantity, l.Value.OpenCost, l.Value.IsolatedWallet, l.Value.Mode)));
        Assert.Equal(
            expected.Orders.Select(o => (o.Id, o.Price, o.Quantity, o.Filled, o.FilledQuote, o.UpdatedAt, o.ClientOrderId)),
            actual.Orders.Values.OrderBy(o => o.Id)
                .Select(o => (o.Id, o.Image.Price, o.Image.Quantity, o.Image.Filled, o.Image.FilledQuote, o.Image.Updated, o.Image.ClientId)));
        Assert.Equal(expected.Triggers.Select(t => t.Id), actual.Triggers.Keys.Order());
        Assert.Equal(expected.Markets.Select(m => m.Leverage), expected.Markets.Select(m => actual.Leverage(m.Market)));
        if (expected.IsHedge) return; // there each leg has its own mode
        Assert.Equal(expected.Markets.Select(m => m.Mode), expected.Markets.Select(m => actual.Mode(m.Market)));
    }

    /// <summary>What a client knows that believes its first snapshot and the JSON of its stream.</summary>
    private sealed class UserClient
    {
        private readonly StreamListener _listener;
        private readonly StreamWorld _world;
        private readonly decimal _takerFee;
        private readonly Dictionary<long, (string Status, decimal Quantity, decimal Filled)> _orders = [];
        private readonly HashSet<long> _algos = [];
        private JsonElement _before;
        private readonly Dictionary<(string, string), (decimal Quantity, decimal Isolated)> _legs = [];
        private readonly Dictionary<string, (decimal Wallet, decimal Cross)> _wallets = [];

        public UserClient(StreamWorld world, int account, StreamListener listener, AccountSnapshot first)
        {
            (_world, _listener, Account) = (world, listener, new AccountId(account));
            _takerFee = first.TakerFee.E8 / 100_000_000m;
            Take(first, _orders, _algos, _legs, _wallets);
        }

        public AccountId Account { get; }

        public async Task<int> PumpAsync()
        {
            int count = 0;
            foreach ((_, JsonElement e) in await _listener.TakeAsync())
            {
                count++;
                Assert.Equal(e.GetProperty("E").GetInt64(), e.GetProperty("T").GetInt64());
                foreach (string key in (string[])["status", "error", "id", "event", "data", "stream"]) Assert.False(e.TryGetProperty(key, out _));
                switch (e.GetProperty("e").GetString())
                {
                    case "ORDER_TRADE_UPDATE":
                        OnOrder(e.GetProperty("o"));
                        if (e.GetProperty("o").GetProperty("x").GetString() is "TRADE" or "CALCULATED") AssertAccountWasTold(e);
                        break;
                    case "ALGO_UPDATE":
                        OnAlgo(e.GetProperty("o"));
                        break;
                    case "ACCOUNT_UPDATE":
                        OnAccount(e.GetProperty("a"));
                        break;
                }

                _before = e;
            }

            return count;
        }

        public void AssertEquals(AccountSnapshot last)
        {
            Dictionary<long, (string, decimal, decimal)> orders = [];
            HashSet<long> algos = [];
            Dictionary<(string, string), (decimal, decimal)> legs = [];
            Dictionary<string, (decimal, decimal)> wallets = [];
            Take(last, orders, algos, legs, wallets);
            Assert.Equal(orders.OrderBy(o => o.Key), _orders.OrderBy(o => o.Key));
            Assert.Equal(algos.Order(), _algos.Order());
            Assert.Equal(legs.OrderBy(l => l.Key), _legs.OrderBy(l => l.Key));
            Assert.Equal(
                wallets.Where(w => w.Value.Item1 != 0).OrderBy(w => w.Key, StringComparer.Ordinal),
                _wallets.Where(w => w.Value.Wallet != 0).OrderBy(w => w.Key, StringComparer.Ordinal));
        }

        private void OnOrder(JsonElement o)
        {
            Assert.False(o.TryGetProperty("C", out _));
            Assert.True(o.TryGetProperty("ps", out _));
            long id = o.GetProperty("i").GetInt64();
            string status = o.GetProperty("X").GetString()!;
            if (id == 0) return; // a takeover or deleveraging
            if (status is "NEW" or "PARTIALLY_FILLED") _orders[id] = (status, Number(o, "q"), Number(o, "z"));
            else _orders.Remove(id);
            bool trades = o.GetProperty("x").GetString() is "TRADE" or "CALCULATED";
            Assert.Equal(trades, Number(o, "l") > 0);
            Assert.Equal("USDT", o.GetProperty("N").GetString());
            if (!trades) Assert.Equal("0", o.GetProperty("n").GetString());
        }

        // As at Binance: what a fill changed comes right before the order's event of it, a fill at a time.
        private void AssertAccountWasTold(JsonElement e)
        {
            JsonElement o = e.GetProperty("o");
            Assert.Equal("ACCOUNT_UPDATE", _before.GetProperty("e").GetString());
            Assert.Equal(e.GetProperty("T").GetInt64(), _before.GetProperty("T").GetInt64());
            Assert.Equal("ORDER", _before.GetProperty("a").GetProperty("m").GetString());
            JsonElement leg = Assert.Single(_before.GetProperty("a").GetProperty("P").EnumerateArray());
            Assert.Equal((o.GetProperty("s").GetString(), o.GetProperty("ps").GetString()), (leg.GetProperty("s").GetString(),
                leg.GetProperty("ps").GetString()));
        }

        private void OnAlgo(JsonElement o)
        {
            long id = o.GetProperty("aid").GetInt64();
            if (o.GetProperty("X").GetString() == "NEW") Assert.True(_algos.Add(id));
            else _algos.Remove(id);
        }

        private void OnAccount(JsonElement a)
        {
            foreach (JsonElement b in a.GetProperty("B").EnumerateArray()) _wallets[b.GetProperty("a").GetString()!] = (Number(b, "wb"),
                Number(b, "cw"));
            foreach (JsonElement p in a.GetProperty("P").EnumerateArray())
            {
                var key = (p.GetProperty("s").GetString()!, p.GetProperty("ps").GetString()!);
                (decimal Quantity, decimal Isolated) leg = (Number(p, "pa"), Number(p, "iw"));
                if (leg == (0m, 0m)) _legs.Remove(key);
                else _legs[key] = leg;

                // As REST has it: the price at which closing as a taker pays for its own fee.
                decimal even = leg.Quantity == 0m ? 0m : Number(p, "ep") / (1m - (Math.Sign(leg.Quantity) * _takerFee));
                Assert.InRange(Number(p, "bep") - even, -0.000001m, 0.000001m);
            }
        }

        private static decimal Number(JsonElement e, string name) => decimal.Parse(e.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

        private void Take(
            AccountSnapshot s, Dictionary<long, (string, decimal, decimal)> orders, HashSet<long> algos,
            Dictionary<(string, string), (decimal, decimal)> legs, Dictionary<string, (decimal, decimal)> wallets)
        {
            var formats = new MarketFormats(_world.Profile);
            foreach (OpenOrderSnapshot o in s.Orders)
            {
                MarketSpec m = _world.Profile[o.Market];
                bool classic = (o.Flags & OrderFlags.ClassicTrigger) != 0 && !o.Algo.IsNone;
                orders[classic ? o.Algo.Value : o.Id.Value] = (o.Filled.IsZero ? "NEW" : "PARTIALLY_FILLED", Parse(m.Format(o.Quantity)),
                    Parse(m.Format(o.Filled)));
            }

            foreach (OpenTriggerSnapshot t in s.Triggers)
            {
                if ((t.Flags & OrderFlags.ClassicTrigger) != 0) orders[t.Id.Value] = ("NEW", Parse(_world.Profile[t.Market].Format(t.Quantity)), 0);
                else algos.Add(t.Id.Value);
            }

            foreach (LegSnapshot l in s.Legs.Where(l => !l.Quantity.IsZero || !l.IsolatedWallet.IsZero))
                legs[(_world.Profile[l.Market].Symbol, l.Side.ToString().ToUpperInvariant())] =
                    (Parse(_world.Profile[l.Market].Format(l.Quantity)), Parse(l.IsolatedWallet.ToString()));
            foreach (AssetBalance b in s.Balances)
                wallets[formats.AssetName(b.Asset)] = (Parse(b.Wallet.ToString()), Parse((b.Asset == AssetId.Settlement
                    ? s.CrossWallet : b.Wallet).ToString()));
        }

        private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
