using System.Collections.Concurrent;
using System.Text.Json;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Alerts;

/// <summary>
/// All alerts: <c>alert/N/ID</c> in the settings store, and in memory. A change is stored before it is seen; where several gateways share the
/// settings, only one of them makes each change. Thread-safe.
/// </summary>
public sealed class AlertBook
{
    public const int MostOfAnAccount = 100;

    private const string Prefix = "alert/";

    private readonly ISettingsStore _store;
    private readonly SecretProtection _protection;
    private readonly VenueProfile _profile;
    private readonly TimeProvider _time;
    private readonly ISharedSettings? _shared;
    private readonly ConcurrentDictionary<string, AlertRecord> _alerts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<AlertRecord> _fired = new();
    private readonly object _gate = new();
    private long _version;

    public AlertBook(ISettingsStore store, SecretProtection protection, IExchangeGateway gateway, TimeProvider time)
    {
        (_store, _protection, _profile, _time) = (store, protection, gateway.Profile, time);
        _shared = store as ISharedSettings;
        _shared?.Watch(Take); // for as long as both live
        foreach ((string key, string text) in store.List(Prefix))
        {
            AlertRecord alert = StoredJson.Read(key, text, AlertJson.Default.AlertRecord);
            _alerts.TryAdd(alert.Id, alert);
        }
    }

    /// <summary>Rises when an alert comes or goes: a watcher reads them anew.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Whether other gateways change these alerts too.</summary>
    public bool IsShared => _shared is not null;

    public IReadOnlyList<AlertRecord> All => [.. _alerts.Values.OrderBy(a => a.Created).ThenBy(a => a.Id, StringComparer.Ordinal)];

    public IReadOnlyList<AlertRecord> Of(long number) => [.. All.Where(a => a.Number == number)];

    public AlertRecord? Find(long number, string id) => _alerts.GetValueOrDefault(id) is { } alert && alert.Number == number ? alert : null;

    /// <summary>Makes an alert; the secret that signs its posts is given out here only. Throws <see cref="AdminProblem"/>.</summary>
    public (AlertRecord Alert, string? Secret) Add(long number, SetAlert terms)
    {
        Check(terms);
        string? secret = terms.Webhook is null ? null : SecretText.New(64);
        var alert = new AlertRecord(
            SecretText.New(16), number, terms.Kind, terms.Direction, terms.Symbol, Normal(terms), terms.Repeats, terms.Webhook,
            secret is null ? null : _protection.Protect(secret), _time.GetUtcNow().ToUnixTimeMilliseconds(), true, 0, 0);
        lock (_gate)
        {
            int have = _alerts.Values.Count(a => a.Number == number);
            if (have >= MostOfAnAccount) throw AdminProblem.Conflict($"there are {have} alerts, at most {MostOfAnAccount} an account are allowed");
            _store.Set(Key(number, alert.Id), Text(alert));
            See(alert, isNew: true);
        }

        return (alert, secret);
    }

    public bool Remove(long number, string id)
    {
        lock (_gate)
        {
            if (Find(number, id) is null) return false;
            _store.Remove(Key(number, id));
            _alerts.TryRemove(id, out _);
            Interlocked.Increment(ref _version);
            return true;
        }
    }

    public byte[]? SecretOf(AlertRecord alert) => alert.Secret is null ? null : _protection.TryUnprotect(alert.Secret);

    /// <summary>Firings that were not yet told here, whichever gateway they were of; of one that fired several times meanwhile the last.</summary>
    internal IEnumerable<AlertRecord> TakeFired()
    {
        while (_fired.TryDequeue(out AlertRecord? alert)) yield return alert;
    }

    /// <summary>
    /// The alert with what a change made of it, durable. Null where it is gone, and where there was nothing to change: a change that several
    /// gateways want to make is made by one of them, and decided again by the others on what that one has made.
    /// </summary>
    internal AlertRecord? Change(AlertRecord alert, Func<AlertRecord, AlertRecord> change)
    {
        if (_shared is not null) return ChangeShared(_shared, Key(alert.Number, alert.Id), change);
        lock (_gate)
        {
            if (!_alerts.TryGetValue(alert.Id, out AlertRecord? current)) return null;
            AlertRecord changed = change(current);
            if (changed == current) return null;
            changed = changed with { Changes = current.Changes + 1 };
            _store.Set(Key(alert.Number, alert.Id), Text(changed));
            See(changed, isNew: false);
            return changed;
        }
    }

    private AlertRecord? ChangeShared(ISharedSettings shared, string key, Func<AlertRecord, AlertRecord> change)
    {
        string? text = shared.Get(key);
        while (text is not null && Read(text) is { } current)
        {
            AlertRecord changed = change(current);
            if (changed == current) return null;
            changed = changed with { Changes = current.Changes + 1, By = SecretText.New(16) };
            if (shared.TryChange(key, text, Text(changed)))
            {
                See(changed, isNew: false);
                return changed;
            }

            text = shared.Refresh(key);
        }

        return null;
    }

    // What another gateway has changed, or this one.
    private void Take(string key, string? text)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal)) return;
        if (text is not null && Read(text) is { } alert)
        {
            See(alert, isNew: true);
            return;
        }

        _alerts.TryRemove(key[(key.LastIndexOf('/') + 1)..], out _);
        Interlocked.Increment(ref _version);
    }

    // One's own changes come twice, and perhaps after a later one of another gateway. One that is new may have fired already.
    private void See(AlertRecord alert, bool isNew)
    {
        while (true)
        {
            long fired = 0;
            if (_alerts.TryGetValue(alert.Id, out AlertRecord? known))
            {
                if (known.Changes >= alert.Changes) return;
                fired = known.Fired;
                if (!_alerts.TryUpdate(alert.Id, alert, known)) continue;
            }
            else if (!isNew)
            {
                return; // removed meanwhile
            }
            else if (!_alerts.TryAdd(alert.Id, alert))
            {
                continue;
            }

            if (known is null) Interlocked.Increment(ref _version);
            if (alert.Fired > fired) _fired.Enqueue(alert);
            return;
        }
    }

    private static string Key(long number, string id) => $"{Prefix}{number}/{id}";

    private static string Text(AlertRecord alert) => JsonSerializer.Serialize(alert, AlertJson.Default.AlertRecord);

    private static AlertRecord? Read(string text) => JsonSerializer.Deserialize(text, AlertJson.Default.AlertRecord);

    private void Check(SetAlert terms)
    {
        if (!Enum.IsDefined(terms.Kind)) throw AdminProblem.BadValue("kind", "must be MarginRatio or MarkPrice");
        if (!Enum.IsDefined(terms.Direction)) throw AdminProblem.BadValue("direction", "must be Above or Below");
        if (terms.Symbol is not null) AdminText.Market(_profile, terms.Symbol);
        if (terms is { Kind: AlertKind.MarkPrice, Symbol: null }) throw AdminProblem.BadValue("symbol", "a price alert needs a market");
        if (terms.Webhook is not null && WebhookAddress.Objection(terms.Webhook) is { } objection) throw AdminProblem.BadValue("webhook", objection);
    }

    private string Normal(SetAlert terms)
    {
        if (terms.Kind == AlertKind.MarginRatio)
        {
            return AdminText.Rate(terms.Threshold, "threshold", new Rate(1), new Rate(100 * Rate.One)).ToString();
        }

        MarketSpec market = AdminText.Market(_profile, terms.Symbol!);
        return market.Format(AdminText.Price(market, terms.Threshold, "threshold"));
    }
}

/// <param name="Kind">MarginRatio or MarkPrice.</param>
/// <param name="Threshold">A fraction such as "0.8", or a price.</param>
/// <param name="Symbol">The market of a price, or of isolated positions; left out: the cross pool.</param>
/// <param name="Repeats">Fires each time the condition begins to hold; otherwise once.</param>
/// <param name="Webhook">An http or https address to which firings are posted, signed.</param>
public sealed record SetAlert(
    AlertKind Kind, string Threshold, AlertDirection Direction = AlertDirection.Above, string? Symbol = null, bool Repeats = false,
    string? Webhook = null);
