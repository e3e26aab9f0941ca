using CrossMargin.Hosting;

namespace CrossMargin.Conformance;

// Who the accounts are for people, and small texts that outlive the process.
public abstract partial class ExchangeConformance
{
    [Fact]
    public async Task Directory_KeysAreGrantedAndTakenBack()
    {
        if (_host.Directory is not { } directory) return;
        AccountRecord owner = await directory.AddAsync(_host.TakeAccount(), "Ada");
        NewApiKey key = await directory.AddKeyAsync(owner.Number, Terms());
        KeyGrant? grant = directory.Grant(key.Record.ApiKey);
        Assert.Equal((owner.Number, key.Secret), (grant?.Account.Number, System.Text.Encoding.UTF8.GetString(grant!.Secret.Span)));
        Assert.Equal(owner, directory.Owner(owner.Account));
        Assert.NotNull(await directory.UpdateKeyAsync(owner.Number, key.Record.ApiKey, Terms() with { Scopes = KeyScopes.Read }));
        Assert.Equal(KeyScopes.Read, directory.Grant(key.Record.ApiKey)?.Key.Terms.Scopes);
        Assert.True(await directory.RemoveKeyAsync(owner.Number, key.Record.ApiKey));
        Assert.Null(directory.Grant(key.Record.ApiKey));
        Assert.Null(directory.Grant("no-such-key"));
    }

    [Fact]
    public async Task Directory_NumbersAndAccountIds_AreGivenOnce()
    {
        if (_host.Directory is not { } directory) return;
        AccountRecord[] made = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            await directory.AddAsync(await directory.TakeAccountIdAsync(), $"account {i}"))));
        Assert.Equal(20, made.Select(a => a.Number).Distinct().Count());
        Assert.Equal(20, made.Select(a => a.Account).Distinct().Count());
        IReadOnlyList<AccountRecord> all = await directory.AccountsAsync();
        Assert.All(made, a => Assert.Contains(a, all));
    }

    [Fact]
    public async Task Directory_Changes_LoseNoOther()
    {
        if (_host.Directory is not { } directory) return;
        AccountRecord owner = await directory.AddAsync(_host.TakeAccount(), "");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => directory.ChangeAsync(owner.Number, a => a with { Name = a.Name + "x" }))));
        Assert.Equal("xxxxxxxxxx", (await directory.FindAsync(owner.Number))?.Name);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => directory.ChangeAsync(99_999_999, a => a));
    }

    [Fact]
    public void Settings_AreKeptByKey()
    {
        if (_host.Settings is not { } settings) return;
        string prefix = $"test/{Guid.NewGuid():n}/";
        settings.Set(prefix + "b", "2");
        settings.Set(prefix + "a", "1");
        settings.Set(prefix + "c", "é→3");
        settings.Set(prefix + "b", "4");
        settings.Remove(prefix + "a");
        settings.Remove(prefix + "nothing");
        Assert.Equal((null, "4"), (settings.Get(prefix + "a"), settings.Get(prefix + "b")));
        Assert.Equal([prefix + "b", prefix + "c"], settings.List(prefix).Select(p => p.Key));
    }

    private static ApiKeyTerms Terms() => new("test", KeyScopes.Read | KeyScopes.Trade, null, [], false);
}
