using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Directory;
using CrossMargin.TestKit.Cluster;

namespace CrossMargin.Nodes.Tests.Directory;

/// <summary>Two gateways, each with settings of its own over one store: what one does, the other knows, and nothing is lost or given twice.</summary>
public sealed class SharedDirectoryTests : IAsyncLifetime
{
    private static readonly ClusterSettingsOptions s_never = new() { AskAgain = TimeSpan.FromHours(1) };
    private readonly MemoryActorStore _store = new();
    private Silo _one = null!;
    private Silo _two = null!;

    public async Task InitializeAsync()
    {
        var shards = new LocalDirectory(_store);
        _one = await Silo.StartAsync(shards);
        _two = await Silo.StartAsync(shards);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Grant_OfAKeyMadeElsewhere_IsKnownAtOnce()
    {
        AccountRecord owner = await _one.Directory.AddAsync(new AccountId(7), "Ada");
        NewApiKey key = await _one.Directory.AddKeyAsync(owner.Number, new ApiKeyTerms("k", KeyScopes.Trade, null, [], false));
        KeyGrant? grant = _two.Directory.Grant(key.Record.ApiKey);
        Assert.Equal(key.Secret, grant is null ? null : System.Text.Encoding.UTF8.GetString(grant.Secret.Span));
        Assert.True(await _two.Directory.RemoveKeyAsync(owner.Number, key.Record.ApiKey));
        await _one.Settings.RefreshAsync();
        Assert.Null(_one.Directory.Grant(key.Record.ApiKey));
    }

    [Fact]
    public async Task Numbers_OfBoth_AreGivenOnce()
    {
        AccountRecord[] made = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            SettingsDirectory directory = i % 2 == 0 ? _one.Directory : _two.Directory;
            return await directory.AddAsync(await directory.TakeAccountIdAsync(), "x");
        })));
        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), made.Select(a => a.Number).Order());
        Assert.Equal(40, made.Select(a => a.Account).Distinct().Count());
        Assert.NotNull(await _one.Directory.FindAsync(made[^1].Number));
    }

    [Fact]
    public async Task Numbers_OfTwoActivationsOfEachShard_AreGivenOnce()
    {
        await using Silo other = await Silo.StartAsync(new LocalDirectory(_store));
        AccountId[] taken = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            Task.Run(() => (i % 2 == 0 ? _one : other).Directory.TakeAccountIdAsync())));
        Assert.Equal(30, taken.Distinct().Count());
    }

    [Fact]
    public async Task Changes_OfBoth_LoseNothing()
    {
        AccountRecord owner = await _one.Directory.AddAsync(new AccountId(7), "");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            (i % 2 == 0 ? _one : _two).Directory.ChangeAsync(owner.Number, a => a with { Name = a.Name + "x" }))));
        await _two.Settings.RefreshAsync();
        Assert.Equal(new string('x', 20), (await _two.Directory.FindAsync(owner.Number))?.Name);
    }

    [Fact]
    public async Task ListenKeys_AreValidEverywhere()
    {
        var one = new ListenKeyTable(new BinanceOptions(), TimeProvider.System, _one.Settings);
        var two = new ListenKeyTable(new BinanceOptions(), TimeProvider.System, _two.Settings);
        AccountRecord owner = await _one.Directory.AddAsync(new AccountId(7), "Ada");
        ListenKey key = one.Open(owner);
        Assert.Equal(owner.Account, two.Find(key.Text)?.Account.Account);
        Assert.Equal(key.Text, two.Open(owner).Text);
        Assert.NotNull(two.Extend(owner));
        Assert.True(two.Close(owner));
        await _one.Settings.RefreshAsync();
        Assert.Null(one.Find(key.Text));
        Assert.Null(one.Find("x" + key.Text[1..]));
    }

    [Fact]
    public async Task Settings_SurviveTheirShards_AndTellOfChanges()
    {
        var seen = new List<string>();
        using IDisposable watching = _two.Settings.Watch((key, text) => seen.Add($"{key}={text}"));
        _one.Settings.Set("a/1", "x");
        _one.Settings.Set("a/2", "y");
        _one.Settings.Remove("a/1");
        Assert.False(_two.Settings.TryChange("a/2", null, "z"));
        Assert.Equal("y", _two.Settings.Get("a/2"));
        Assert.True(_two.Settings.TryChange("a/2", "y", "z"));
        await _two.Settings.RefreshAsync();
        Assert.Contains("a/2=z", seen);
        Assert.DoesNotContain("a/1=x", seen); // it had come and gone before anybody looked
        await using Silo third = await Silo.StartAsync(new LocalDirectory(_store));
        Assert.Equal([KeyValuePair.Create("a/2", "z")], third.Settings.List("a/"));
    }

    [Fact]
    public async Task Write_ThatFails_IsTriedAgain()
    {
        await using Silo flaky = await Silo.StartAsync(new LocalDirectory(new FlakyStore(_store)));
        for (int i = 0; i < 30; i++) flaky.Settings.Set($"f/{i}", $"{i}");
        await using Silo reader = await Silo.StartAsync(new LocalDirectory(_store));
        Assert.Equal(30, reader.Settings.List("f/").Count);
    }

    private sealed class Silo(ClusterSettings settings, SettingsDirectory directory) : IAsyncDisposable
    {
        public ClusterSettings Settings => settings;
        public SettingsDirectory Directory => directory;

        public static async Task<Silo> StartAsync(IDirectoryCalls shards)
        {
            var settings = new ClusterSettings(shards, s_never);
            await settings.StartAsync();
            SecretProtection secrets = SecretProtection.Over(new SettingsXmlRepository(settings));
            return new Silo(settings, new SettingsDirectory(settings, secrets, TimeProvider.System));
        }

        public ValueTask DisposeAsync()
        {
            directory.Dispose();
            return settings.DisposeAsync();
        }
    }

    /// <summary>Each third write has an unclear end; half of those have happened.</summary>
    private sealed class FlakyStore(IActorStore inner) : IActorStore
    {
        private int _writes;

        public Task<StoredRecord> ReadAsync(ActorId actor, string key) => inner.ReadAsync(actor, key);

        public async Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write)
        {
            int n = Interlocked.Increment(ref _writes);
            if (n % 6 == 3) return new StoreResult(StoreOutcome.Unknown, null);
            StoreResult result = await inner.WriteAsync(actor, write);
            return n % 6 == 0 ? new StoreResult(StoreOutcome.Unknown, null) : result;
        }
    }
}
