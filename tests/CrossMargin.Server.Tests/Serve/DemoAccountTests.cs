using CrossMargin.AspNetCore;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Serve;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Server.Tests.Serve;

public sealed class DemoAccountTests
{
    private const int MostWrites = 20;

    [Fact]
    public async Task Open_CutOffAtEachWrite_TheNextStartMakesOneAccountWithOneKey()
    {
        int failed = 0;
        for (int writes = 0; ; writes++)
        {
            await using var world = new World();
            world.Store.WritesLeft = writes;
            if (await world.StartAsync() is not null) break;
            failed++;
            Assert.True(failed < MostWrites);
            world.Store.WritesLeft = int.MaxValue;
            DemoAccount? demo = await world.StartAsync();
            Assert.NotNull(demo);
            AccountRecord account = Assert.Single(await world.Directory.AccountsAsync());
            Assert.Equal((demo.Number, "demo"), (account.Number, account.Name));
            Assert.Equal(demo.ApiKey, Assert.Single(await world.Directory.KeysAsync(account.Number)).ApiKey);
            AccountSnapshot? opened = await world.Service<IExchangeGateway>().ReadAccountAsync(account.Account);
            Assert.Equal(Amount.FromWhole(100_000), opened!.CrossWallet);
            Assert.Equal(demo, await world.StartAsync());
        }

        Assert.True(failed >= 5, $"{failed} writes were cut off");
    }

    [Fact]
    public async Task Open_KeyTakenAway_ShowsNone()
    {
        await using var world = new World();
        DemoAccount demo = (await world.StartAsync())!;
        Assert.True(await world.Directory.RemoveKeyAsync(demo.Number, demo.ApiKey));
        Assert.Null(await world.StartAsync());
    }

    /// <summary>An exchange in memory that goes on, and settings from which each start reads its directory anew.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        public World()
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddCrossMargin(options => (options.Profile, options.TraderCount) = (VenueProfiles.Simple, 0));
            _services = services.BuildServiceProvider();
        }

        public ScarceStore Store { get; } = new();

        public SettingsDirectory Directory { get; private set; } = null!;

        public T Service<T>()
            where T : notnull => _services.GetRequiredService<T>();

        /// <summary>Null when it was cut off.</summary>
        public async Task<DemoAccount?> StartAsync()
        {
            var start = new ServiceCollection();
            Directory = new SettingsDirectory(Store, Service<SecretProtection>(), TimeProvider.System);
            start.AddSingleton<IAccountDirectory>(Directory);
            start.AddSingleton<ISettingsStore>(Store);
            start.AddSingleton(Service<IExchangeGateway>());
            start.AddSingleton(ActivatorUtilities.CreateInstance<AccountLifecycle>(_services, Directory));
            await using ServiceProvider services = start.BuildServiceProvider();
            try
            {
                return await DemoAccount.OpenAsync(services);
            }
            catch (IOException)
            {
                return null;
            }
        }

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }

    /// <summary>Takes so many writes more, then fails as a process that ends does.</summary>
    private sealed class ScarceStore : ISettingsStore
    {
        private readonly Embedded.Serving.MemorySettings _kept = new();

        public int WritesLeft { get; set; } = int.MaxValue;

        public string? Get(string key) => _kept.Get(key);

        public IReadOnlyList<KeyValuePair<string, string>> List(string prefix) => _kept.List(prefix);

        public void Set(string key, string value)
        {
            Take();
            _kept.Set(key, value);
        }

        public void Remove(string key)
        {
            Take();
            _kept.Remove(key);
        }

        private void Take()
        {
            if (WritesLeft-- <= 0) throw new IOException("cut off");
        }
    }
}
