using System.Globalization;
using System.Security.Cryptography;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Listen keys in settings that several gateways share: <c>listen/N</c>, with the text, the account of the exchange and the end. Thread-safe.
/// </summary>
internal sealed class SharedListenKeys(ISharedSettings settings, BinanceOptions options, TimeProvider time)
{
    private const string Prefix = "listen/";
    private const int NumberLength = 10;

    public ListenKey Open(AccountRecord account)
    {
        while (true)
        {
            string? stored = settings.Get(KeyOf(account.Number)) ?? settings.Refresh(KeyOf(account.Number));
            ListenKey? key = Alive(account.Number, stored);
            string text = key is not null && key.Account.Account == account.Account ? key.Text : NewText(account.Number);
            var made = new ListenKey(text, account, time.GetUtcNow() + options.ListenKeyLife);
            if (settings.TryChange(KeyOf(account.Number), stored, TextOf(made))) return made;
            settings.Refresh(KeyOf(account.Number));
        }
    }

    public ListenKey? Extend(AccountRecord account)
    {
        string? stored = settings.Get(KeyOf(account.Number)) ?? settings.Refresh(KeyOf(account.Number));
        return Alive(account.Number, stored) is null ? null : Open(account);
    }

    public bool Close(AccountRecord account)
    {
        string? stored = settings.Refresh(KeyOf(account.Number));
        settings.Remove(KeyOf(account.Number));
        return Alive(account.Number, stored) is not null;
    }

    /// <summary>A key that is not known here is asked for.</summary>
    public ListenKey? Find(string text)
    {
        if (text.Length != ListenKeyTable.Length) return null;
        ReadOnlySpan<char> end = text.AsSpan(ListenKeyTable.Length - NumberLength);
        if (!long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return null;
        ListenKey? key = Alive(number, settings.Get(KeyOf(number)));
        if (key?.Text != text) key = Alive(number, settings.Refresh(KeyOf(number)));
        return key?.Text == text ? key : null;
    }

    private static string KeyOf(long number) => Prefix + number.ToString("D10", CultureInfo.InvariantCulture);

    private static string NewText(long number) =>
        RandomNumberGenerator.GetString(ListenKeyTable.Characters, ListenKeyTable.Length - NumberLength)
        + number.ToString("D10", CultureInfo.InvariantCulture);

    private static string TextOf(ListenKey key) =>
        string.Create(CultureInfo.InvariantCulture, $"{key.Text} {key.Account.Account.Value} {key.Expires.ToUnixTimeMilliseconds()}");

    private ListenKey? Alive(long number, string? stored)
    {
        if (stored?.Split(' ') is not [string text, string account, string end]) return null;
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(end, CultureInfo.InvariantCulture));
        if (expires <= time.GetUtcNow()) return null;
        var id = new AccountId(int.Parse(account, CultureInfo.InvariantCulture));
        return new ListenKey(text, new AccountRecord(number, id, "", AccountRecordStatus.Active, 0), expires);
    }
}
