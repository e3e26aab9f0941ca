using System.Text;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Server.Serve;

/// <summary>A ready account to try the exchange with: made at the first start, shown at each.</summary>
/// <param name="Number">The directory's number of the account.</param>
public sealed record DemoAccount(long Number, string ApiKey, string Secret)
{
    private const string Setting = "server/demo";
    private const long Deposit = 100_000;

    /// <summary>Null where the operator has closed it or taken its key away.</summary>
    public static async Task<DemoAccount?> OpenAsync(IServiceProvider services)
    {
        var settings = services.GetRequiredService<ISettingsStore>();
        var directory = services.GetRequiredService<IAccountDirectory>();
        if (settings.Get(Setting) is { } key)
        {
            return directory.Grant(key) is { } grant
                ? new DemoAccount(grant.Account.Number, key, Encoding.UTF8.GetString(grant.Secret.Span))
                : null;
        }

        VenueProfile profile = services.GetRequiredService<IExchangeGateway>().Profile;
        AccountRecord account = await services.GetRequiredService<AccountLifecycle>()
            .CreateAsync("demo", Amount.FromWhole(Deposit), profile.MakerFee, profile.TakerFee).ConfigureAwait(false);
        var terms = new ApiKeyTerms("demo", KeyScopes.Read | KeyScopes.Trade | KeyScopes.Withdraw, null, [], Unlimited: false);
        NewApiKey made = await directory.AddKeyAsync(account.Number, terms).ConfigureAwait(false);
        settings.Set(Setting, made.Record.ApiKey);
        return new DemoAccount(account.Number, made.Record.ApiKey, made.Secret);
    }
}
