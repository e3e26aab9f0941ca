using System.Reflection;
using System.Text.Json.Nodes;
using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Admin;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrossMargin.AspNetCore.Tests;

/// <summary>The process ends after the exchange opened an account and before the directory named it.</summary>
public sealed class CutOffAccountTests : IDisposable
{
    private static readonly AccountId s_cutOff = new(SettingsDirectory.AccountIdsAfter + 2);

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_AfterACutOffOpening_TheAccountOfNobodyIsClosedAndPaidOut(bool reset)
    {
        await using (TestApp app = await StartAsync())
        {
            await app.PriceAsync("10000");
            await app.NewTraderAsync("1000");
            using AccountLifecycle dying = Dying(app);
            VenueProfile profile = app.Host.Exchange.Profile;
            Task<AccountRecord> cut = reset
                ? dying.ResetAsync(1, Amount.FromWhole(77))
                : dying.CreateAsync("never told", Amount.FromWhole(77), profile.MakerFee, profile.TakerFee);
            await Assert.ThrowsAsync<OperationCanceledException>(() => cut);
            AccountSnapshot left = (await app.Host.Exchange.ReadAccountAsync(s_cutOff))!;
            Assert.Equal(("77", false), (left.CrossWallet.ToString(), left.IsClosed));
        }

        await using (TestApp app = await StartAsync())
        {
            await TestApp.UntilAsync(async () => (await app.Host.Exchange.ReadAccountAsync(s_cutOff))!.IsClosed, "it is closed");
            Assert.Equal("0", (await app.Host.Exchange.ReadAccountAsync(s_cutOff))!.CrossWallet.ToString());
            JsonNode one = Assert.Single((await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts"))["accounts"]!.AsArray())!;
            Assert.Equal((SettingsDirectory.AccountIdsAfter + 1, "Active"), ((int)one["exchangeAccount"]!, (string)one["status"]!));
            Assert.Equal("1000", (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1"))["figures"]!["wallet"]!);
            TestTrader next = await app.NewTraderAsync("5");
            Assert.Equal(2, next.Number);
        }

        // Closed for good: the third start finds nothing to do, and leaves those alone that have an owner.
        await using (TestApp app = await StartAsync())
        {
            await app.AdminAsync(HttpMethod.Post, "/admin/v1/accounts/1/reset", new { deposit = "8" });
            Assert.Equal("8", (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1"))["figures"]!["wallet"]!);
            Assert.Equal("5", (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/2"))["figures"]!["wallet"]!);
        }

        using DataFolder data = DataFolder.Open(new DataFolderOptions { Directory = _folder.Path }).OrThrow();
        InvariantAudit.Check(data.Engine);
    }

    public void Dispose() => _folder.Dispose();

    private Task<TestApp> StartAsync() => TestApp.StartAsync(o => o.DataDirectory = _folder.Path);

    // The accounts as the application has them, but with a directory that ends the process where it would name one.
    private static AccountLifecycle Dying(TestApp app)
    {
        IAccountDirectory directory = DispatchProxy.Create<IAccountDirectory, DyingDirectory>();
        ((DyingDirectory)(object)directory).Inner = app.App.Services.GetRequiredService<IAccountDirectory>();
        var exchange = app.App.Services.GetRequiredService<AdminExchange>();
        return new AccountLifecycle(
            directory, exchange, new RetiredAccounts(directory, exchange, TimeProvider.System, NullLogger<RetiredAccounts>.Instance), TimeProvider.System);
    }

    public class DyingDirectory : DispatchProxy
    {
        public IAccountDirectory Inner { get; set; } = null!;

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) =>
            method!.Name is nameof(IAccountDirectory.AddAsync) or nameof(IAccountDirectory.ChangeAsync)
                ? throw new OperationCanceledException("the process ends here")
                : method.Invoke(Inner, arguments);
    }
}
