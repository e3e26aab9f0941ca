using System.Globalization;
using System.Text;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Server.Serve;

/// <summary>
/// A ready account to try the exchange with: made at the first start, shown at each. Which account of the exchange it is stands in the
/// settings before it is opened, so a start that was cut off is gone on with by the next, and there is never a second one.
/// </summary>
/// <param name="Number">The directory's number of the account.</param>
public sealed record DemoAccount(long Number, string ApiKey, string Secret)
{
    /// <summary>The settings with its key once all is done, and with its account of the exchange before.</summary>
    public const string KeySetting = "server/demo";
    public const string AccountSetting = "server/demo-account";

    private const string Name = "demo";
    private const long Deposit = 100_000;

    /// <summary>Null where the operator has closed it or taken its key away.</summary>
    public static async Task<DemoAccount?> OpenAsync(IServiceProvider services)
    {
        var settings = services.GetRequiredService<ISettingsStore>();
        var directory = services.GetRequiredService<IAccountDirectory>();
        if (settings.Get(KeySetting) is not { } key)
        {
            AccountRecord account = Begun(settings, directory) ?? await MakeAsync(services, settings, directory).ConfigureAwait(false);
            key = await KeyAsync(directory, account.Number).ConfigureAwait(false);
            settings.Set(KeySetting, key);
        }

        return directory.Grant(key) is { } grant
            ? new DemoAccount(grant.Account.Number, key, Encoding.UTF8.GetString(grant.Secret.Span))
            : null;
    }

    // One that was opened but not named is nobody's: the directory's owner closes it, and another id is taken.
    private static AccountRecord? Begun(ISettingsStore settings, IAccountDirectory directory) =>
        settings.Get(AccountSetting) is { } text ? directory.Owner(new AccountId(int.Parse(text, CultureInfo.InvariantCulture))) : null;

    private static async Task<AccountRecord> MakeAsync(IServiceProvider services, ISettingsStore settings, IAccountDirectory directory)
    {
        VenueProfile profile = services.GetRequiredService<IExchangeGateway>().Profile;
        AccountId account = await directory.TakeAccountIdAsync().ConfigureAwait(false);
        settings.Set(AccountSetting, account.Value.ToString(CultureInfo.InvariantCulture));
        return await services.GetRequiredService<AccountLifecycle>()
            .CreateAsync(account, Name, Amount.FromWhole(Deposit), profile.MakerFee, profile.TakerFee).ConfigureAwait(false);
    }

    private static async Task<string> KeyAsync(IAccountDirectory directory, long number)
    {
        foreach (ApiKeyRecord made in await directory.KeysAsync(number).ConfigureAwait(false)) return made.ApiKey;
        var terms = new ApiKeyTerms(Name, KeyScopes.Read | KeyScopes.Trade | KeyScopes.Withdraw, null, [], Unlimited: false);
        return (await directory.AddKeyAsync(number, terms).ConfigureAwait(false)).Record.ApiKey;
    }
}
