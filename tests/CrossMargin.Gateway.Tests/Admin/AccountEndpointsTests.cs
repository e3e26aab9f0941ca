using System.Text.Json.Nodes;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Admin;

public sealed class AccountEndpointsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Create_WithDepositAndKey_AccountHasBoth()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        JsonNode made = await host.PostAsync("/admin/v1/accounts", new { name = "Ada", deposit = "1000.5", makerFee = "-0.0001" }, 201);

        Assert.Equal(1, (long)made["account"]!["number"]!);
        string apiKey = (string)made["key"]!["apiKey"]!;
        string secret = (string)made["key"]!["secret"]!;
        Assert.Matches("^[A-Za-z0-9]{64}$", apiKey);
        Assert.Matches("^[A-Za-z0-9]{64}$", secret);
        KeyGrant grant = host.Service<IAccountDirectory>().Grant(apiKey)!;
        Assert.Equal(secret, System.Text.Encoding.UTF8.GetString(grant.Secret.Span));
        Assert.Equal(KeyScopes.Read | KeyScopes.Trade, grant.Key.Terms.Scopes);
        Assert.True(grant.Account.Account.Value > 1_000_000);
        JsonNode read = await host.GetAsync("/admin/v1/accounts/1");
        Assert.Equal("1000.5", (string)read["figures"]!["wallet"]!);
        Assert.Equal("1000.5", (string)read["figures"]!["equity"]!);
        Assert.Equal("-0.0001", (string)read["figures"]!["makerFee"]!);
        Assert.Null(read["figures"]!["marginRatio"]);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a","deposit":"-1"}""", "deposit")]
    [InlineData("""{"name":"a","deposit":"1e3x"}""", "deposit")]
    [InlineData("""{"name":"a","deposit":7}""", "deposit")]
    [InlineData("""{"name":"a","surprise":1}""", "surprise")]
    [InlineData("""{"deposit":"1"}""", "name")]
    [InlineData("""{"name":"a","key":{"addresses":["10.0.0.1/8"]}}""", "addresses")]
    [InlineData("""{"name":"a","key":{"addresses":[null]}}""", "addresses")]
    [InlineData("""{"name":"a","key":{"scopes":[]}}""", "scopes")]
    [InlineData("""{"name":"a","name":"b"}""", "name")]
    [InlineData("""[]""", "")]
    [InlineData("""{""", "")]
    public async Task Create_BadBody_Is400AndNamesTheField(string body, string field)
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await host.Client.PostAsync("/admin/v1/accounts", content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(field, text, StringComparison.Ordinal);
        Assert.DoesNotContain("CrossMargin.", text, StringComparison.Ordinal);
        Assert.Empty(await host.Service<IAccountDirectory>().AccountsAsync());
    }

    [Fact]
    public async Task DepositAndWithdraw_MoveMoney_RefusalCarriesTheNumbers()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        long number = await host.NewAccountAsync("100");
        JsonNode after = await host.PostAsync($"/admin/v1/accounts/{number}/deposit", new { amount = "0.00000001" });
        Assert.Equal("100.00000001", (string)after["figures"]!["wallet"]!);
        after = await host.PostAsync($"/admin/v1/accounts/{number}/withdraw", new { amount = "40" });
        Assert.Equal("60.00000001", (string)after["figures"]!["wallet"]!);

        JsonNode problem = await host.PostAsync($"/admin/v1/accounts/{number}/withdraw", new { amount = "70" }, 409);
        Assert.Equal("BalanceInsufficient", (string)problem["reason"]!);
        Assert.Equal("60.00000001", (string)problem["limit"]!);
        Assert.Equal("70", (string)problem["actual"]!);
        Assert.Contains("limit is 60.00000001, this is 70", (string)problem["detail"]!, StringComparison.Ordinal);
        await host.PostAsync($"/admin/v1/accounts/{number}/deposit", new { amount = "0" }, 400);
        await host.PostAsync("/admin/v1/accounts/99/deposit", new { amount = "1" }, 404);
    }

    [Fact]
    public async Task CancelOrders_TakesThemOffEveryBook()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        long number = await host.NewAccountAsync();
        AccountId account = await host.ExchangeAccountAsync(number);
        foreach (MarketSpec market in host.Profile.Markets.Take(2))
        {
            await host.PriceAsync(100, market.Id);
            await host.SubmitAsync(ActorId.Of(account), new PlaceOrder
            {
                Market = market.Id,
                Side = Side.Buy,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.Gtc,
                Quantity = new Quantity(1_000),
                Price = host.Price(90, market.Id),
            });
        }

        Assert.Equal(2, (await host.Exchange.ReadAccountAsync(account))!.Orders.Count);
        await host.SendAsync(HttpMethod.Delete, $"/admin/v1/accounts/{number}/orders", null, 204);
        Assert.Empty((await host.Exchange.ReadAccountAsync(account))!.Orders);
    }

    [Fact]
    public async Task Freeze_OpeningOrderIsRefused_UnfreezeLetsItIn()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        long number = await host.NewAccountAsync();
        AccountId account = await host.ExchangeAccountAsync(number);
        Assert.Equal("Frozen", (string)(await host.PostAsync($"/admin/v1/accounts/{number}/freeze"))["status"]!);
        await host.PostAsync($"/admin/v1/accounts/{number}/freeze");
        Assert.Equal(RejectReason.AccountFrozen, (await host.OrderAsync(account, 100)).Refusal.Reason);
        Assert.Equal("Active", (string)(await host.PostAsync($"/admin/v1/accounts/{number}/unfreeze"))["status"]!);
        await host.TradeAsync(account, 100);
    }

    [Fact]
    public async Task Reset_WithAPosition_OldOneIsWoundUpAndTheNewOneHasTheKeys()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        JsonNode made = await host.PostAsync("/admin/v1/accounts", new { name = "Ada", deposit = "10000" }, 201);
        string apiKey = (string)made["key"]!["apiKey"]!;
        AccountId old = await host.ExchangeAccountAsync(1);
        await host.TradeAsync(old, 100);
        await host.SubmitAsync(ActorId.Of(old), new PlaceOrder
        {
            Market = AdminHost.Market,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = new Quantity(100),
            Price = host.Price(9_000, AdminHost.Market),
        });

        JsonNode reset = await host.PostAsync("/admin/v1/accounts/1/reset", new { deposit = "500" });

        AccountId fresh = await host.ExchangeAccountAsync(1);
        Assert.NotEqual(old, fresh);
        Assert.Equal(fresh.Value, (int)reset["exchangeAccount"]!);
        Assert.Equal(fresh, host.Service<IAccountDirectory>().Grant(apiKey)!.Account.Account);
        Assert.Equal("500", (string)(await host.GetAsync("/admin/v1/accounts/1"))["figures"]!["wallet"]!);
        await AdminHost.UntilAsync(async () => (await host.Exchange.ReadAccountAsync(old))!.IsClosed, "the old account is closed");
        AccountSnapshot closed = (await host.Exchange.ReadAccountAsync(old))!;
        Assert.Empty(closed.Orders);
        Assert.All(closed.Legs, l => Assert.True(l.Quantity.IsZero));
        Assert.Null(host.Service<IAccountDirectory>().Owner(old));
        await AdminHost.UntilAsync(
            async () => (bool)(await host.GetAsync("/admin/v1/accounts/1"))["account"]!["past"]![0]!["isClosed"]!, "the directory knows");
    }

    [Fact]
    public async Task Reset_SeveralAtOnce_OneAfterTheOtherAndAllButTheLastAreWoundUp()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        await host.NewAccountAsync("70");
        JsonNode[] resets = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.PostAsync("/admin/v1/accounts/1/reset", new { deposit = "5" })));
        Assert.Equal(6, resets.Select(r => (int)r["exchangeAccount"]!).Distinct().Count());
        AccountRecord record = (await host.Service<IAccountDirectory>().FindAsync(1))!;
        Assert.Equal(6, record.Past.Select(p => p.Account).Distinct().Count());
        Assert.DoesNotContain(record.Past, p => p.Account == record.Account);
        Assert.Equal("5", (string)(await host.GetAsync("/admin/v1/accounts/1"))["figures"]!["wallet"]!);
        foreach (PastAccount past in record.Past)
            await AdminHost.UntilAsync(async () => (await host.Exchange.ReadAccountAsync(past.Account))!.IsClosed, $"{past.Account} is wound up");
    }

    [Fact]
    public async Task Reset_WhileNobodyBuys_GoesOnAfterARestart()
    {
        AccountId old;
        await using (AdminHost host = await AdminHost.StartAsync(_folder.Path))
        {
            long number = await host.NewAccountAsync();
            old = await host.ExchangeAccountAsync(number);
            await host.TradeAsync(old, 100);
            await host.PostAsync("/admin/v1/markets/AAAUSDT/halt");
            await host.PostAsync($"/admin/v1/accounts/{number}/reset", new { });
            AccountSnapshot left = (await host.Exchange.ReadAccountAsync(old))!;
            Assert.True(left.IsFrozen);
            Assert.Contains(left.Legs, l => !l.Quantity.IsZero);
        }

        await using AdminHost again = await AdminHost.StartAsync(_folder.Path);
        await again.PostAsync("/admin/v1/markets/AAAUSDT/resume");
        await AdminHost.UntilAsync(async () => (await again.Exchange.ReadAccountAsync(old))!.IsClosed, "the old account is closed");
    }

    [Fact]
    public async Task Close_KeysDieAndNothingElseIsTaken()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        JsonNode made = await host.PostAsync("/admin/v1/accounts", new { name = "Ada", deposit = "10" }, 201);
        AccountId account = await host.ExchangeAccountAsync(1);
        Assert.Equal("Closed", (string)(await host.PostAsync("/admin/v1/accounts/1/close"))["status"]!);
        Assert.Null(host.Service<IAccountDirectory>().Grant((string)made["key"]!["apiKey"]!));
        Assert.True((await host.Exchange.ReadAccountAsync(account))!.IsClosed);
        await host.PostAsync("/admin/v1/accounts/1/deposit", new { amount = "1" }, 409);
        await host.PostAsync("/admin/v1/accounts/1/reset", new { }, 409);
        await host.PostAsync("/admin/v1/accounts/1/keys", new { }, 409);
        Assert.Null((await host.GetAsync("/admin/v1/accounts/1"))["figures"]);
    }

    [Fact]
    public async Task List_Pages_GiveEachAccountOnce()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        for (int i = 0; i < 5; i++) await host.NewAccountAsync("0");
        var seen = new List<long>();
        long? after = 0;
        while (after is not null)
        {
            JsonNode page = await host.GetAsync($"/admin/v1/accounts?limit=2&after={after}");
            seen.AddRange(page["accounts"]!.AsArray().Select(a => (long)a!["number"]!));
            after = (long?)page["next"];
        }

        Assert.Equal([1, 2, 3, 4, 5], seen);
        await host.SendAsync(HttpMethod.Get, "/admin/v1/accounts?limit=0", null, 400);
        await host.SendAsync(HttpMethod.Get, "/admin/v1/accounts?limit=many", null, 400);
    }

    [Theory]
    [InlineData("after=9223372036854775807", "after")]
    [InlineData("after=-1", "after")]
    [InlineData("from=-1", "from")]
    [InlineData("from=2&to=1", "from")]
    public async Task Statement_ImpossiblePage_Is400AndNamesIt(string query, string field)
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        await host.NewAccountAsync();
        JsonNode problem = await host.SendAsync(HttpMethod.Get, "/admin/v1/accounts/1/statement?" + query, null, 400);
        Assert.Equal(field, (string)problem["field"]!);
    }

    [Fact]
    public async Task Restart_DirectoryKeysAndStateAreAsBefore()
    {
        string apiKey, secret, hash;
        await using (AdminHost host = await AdminHost.StartAsync(_folder.Path))
        {
            JsonNode made = await host.PostAsync("/admin/v1/accounts", new { name = "Ada", deposit = "10" }, 201);
            (apiKey, secret) = ((string)made["key"]!["apiKey"]!, (string)made["key"]!["secret"]!);
            await host.PostAsync("/admin/v1/accounts/1/freeze");
            await host.NewAccountAsync();
            await host.TradeAsync(await host.ExchangeAccountAsync(2), 200);
            await host.PostAsync("/admin/v1/accounts/2/reset", new { deposit = "3" });
            await host.PostAsync("/admin/v1/markets/AAAUSDT/funding", new { rate = "0.0001" });
            await host.PostAsync("/admin/v1/fund/deposit", new { amount = "77" });
            hash = await HashAsync(host);
        }

        using (ExchangeJournal journal = ExchangeJournal.Open(_folder.Path).OrThrow())
        {
            var engine = new ExchangeEngine(AdminHost.NewProfile());
            Assert.Null(JournalReplay.Replay(engine, journal, useSnapshot: false));
            Assert.Equal(hash, engine.StateHash());
        }

        Assert.DoesNotContain(secret, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "exchange.journal"))));
        await using AdminHost again = await AdminHost.StartAsync(_folder.Path);
        KeyGrant grant = again.Service<IAccountDirectory>().Grant(apiKey)!;
        Assert.Equal(secret, System.Text.Encoding.UTF8.GetString(grant.Secret.Span));
        Assert.Equal(AccountRecordStatus.Frozen, grant.Account.Status);
        Assert.Equal(3, await again.NewAccountAsync());
        AccountId[] used = [.. (await again.Service<IAccountDirectory>().AccountsAsync()).Select(a => a.Account)];
        Assert.Equal(used.Distinct(), used);
    }

    public void Dispose() => _folder.Dispose();

    // Between two commands, and with nothing under way.
    private static async Task<string> HashAsync(AdminHost host)
    {
        await AdminHost.UntilAsync(
            async () => (await host.Service<IAccountDirectory>().AccountsAsync()).All(a => a.Past.All(p => p.IsClosed)), "wound up");
        return await host.Exchange.OnSequencerAsync(e => e.Engine.StateHash());
    }
}
