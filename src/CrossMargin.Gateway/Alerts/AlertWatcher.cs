using System.Text.Json;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Metrics;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Alerts;

/// <summary>
/// Watches what alerts are about, four times a second: the extremes of each mark price since the last look, so that none is missed that came
/// and went, and the ratios of the accounts that have such alerts, if anything happened. A firing is durable before it is told: a crash in
/// between leaves it in the list of alerts as fired.
/// <para>Where several gateways share the alerts each of them looks, and one of them makes each firing: that one posts the webhook, at most
/// once. All of them, those that learn of it from the list too, tell their own streams. What a gateway saw before the alert last fired or was
/// armed says nothing any more: one that is behind does not fire it for the same crossing again.</para>
/// </summary>
public sealed partial class AlertWatcher(
    AlertBook book, IAccountDirectory directory, IExchangeGateway gateway, IEventStream events, WebhookSender webhooks, IEnumerable<IAlertSink> sinks,
    GatewayMetrics metrics, ILogger<AlertWatcher> log) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<MarketId, MarkRange> _marks = [];
    private AlertRecord[] _ratios = [];
    private ILookup<MarketId, AlertRecord> _prices = Array.Empty<AlertRecord>().ToLookup(_ => MarketId.None);
    private long _version = -1;
    private long _batches;
    private long _seenBatches = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An old state that is only looked at: what is true in it is no news to anybody.
        if (gateway.Unavailable is not null) return;
        using IDisposable subscription = events.Subscribe(OnEvents);
        using var timer = new PeriodicTimer(s_pause);
        try
        {
            foreach (MarketSnapshot market in await gateway.ReadMarketsAsync().ConfigureAwait(false))
            {
                if (!market.Mark.IsNone) See(market.Market, market.Mark, market.Time, isNewer: false);
            }

            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await LookAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ExchangeUnavailableException)
        {
            // The server stops, or nothing will happen any more.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await JudgeAllAsync().ConfigureAwait(false);
            await TellStreamsAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _version = -1; // all are judged again, by where the marks are then
            Waits(log, e.Message);
        }
    }

    private async Task JudgeAllAsync()
    {
        bool changed = Reload();
        foreach ((MarketId market, MarkRange range) in TakeMarks(changed)) await JudgePricesAsync(market, range).ConfigureAwait(false);
        long batches = Interlocked.Read(ref _batches);
        if (_ratios.Length == 0 || (!changed && batches == _seenBatches)) return;
        _seenBatches = batches;
        foreach (IGrouping<long, AlertRecord> account in _ratios.GroupBy(a => a.Number)) await JudgeRatiosAsync(account).ConfigureAwait(false);
    }

    private bool Reload()
    {
        long version = book.Version;
        if (_version == version) return false;
        _version = version;
        AlertRecord[] live = [.. book.All.Where(a => !a.IsOver)];
        _ratios = [.. live.Where(a => a.Kind == AlertKind.MarginRatio)];
        _prices = live.Where(a => a.Kind == AlertKind.MarkPrice && gateway.Profile.TryFind(a.Symbol!, out _))
            .ToLookup(a => gateway.Profile.TryFind(a.Symbol!, out MarketSpec m) ? m.Id : MarketId.None);
        return true;
    }

    // On the events' thread: only notes the extremes, which is bounded however fast prices move.
    private void OnEvents(EventBatch batch)
    {
        for (int i = 0; i < batch.Events.Count; i++)
        {
            Event e = batch.Events[i];
            if (e.Kind != EventKind.PriceChanged) continue;
            Price mark = e.Body<PriceChanged>().Mark;
            if (!mark.IsNone) See(e.Market, mark, e.Time, isNewer: true);
        }

        Interlocked.Increment(ref _batches);
    }

    private void See(MarketId market, Price mark, Timestamp time, bool isNewer)
    {
        lock (_marks)
        {
            if (!_marks.TryGetValue(market, out MarkRange range)) _marks[market] = new MarkRange(mark, time, mark, time, mark, time, true);
            else if (isNewer) _marks[market] = range.With(mark, time);
        }
    }

    private List<(MarketId Market, MarkRange Range)> TakeMarks(bool all)
    {
        lock (_marks)
        {
            var taken = new List<(MarketId, MarkRange)>();
            foreach (MarketSpec market in gateway.Profile.Markets)
            {
                if (!_marks.TryGetValue(market.Id, out MarkRange range) || !(all || range.IsNew)) continue;
                taken.Add((market.Id, range));
                _marks[market.Id] = range.Taken();
            }

            return taken;
        }
    }

    private async Task JudgePricesAsync(MarketId market, MarkRange range)
    {
        MarketSpec spec = gateway.Profile[market];
        foreach (AlertRecord alert in _prices[market])
        {
            if (!spec.TryParsePrice(alert.Threshold, DecimalRounding.Exact, out Price threshold)) continue;
            bool above = alert.Direction == AlertDirection.Above;
            (Price extreme, Timestamp time) = above ? (range.High, range.HighTime) : (range.Low, range.LowTime);
            bool held = above ? extreme >= threshold : extreme <= threshold;
            bool holds = above ? range.Last >= threshold : range.Last <= threshold;
            if (held) await JudgeAsync(alert, holds: true, time, spec.Format(extreme)).ConfigureAwait(false);
            bool again = holds && book.IsShared; // the extreme may be one that was fired for
            if (again) await JudgeAsync(alert, holds: true, range.Time, spec.Format(range.Last)).ConfigureAwait(false);
            if (!holds) await JudgeAsync(alert, holds: false, range.Time, spec.Format(range.Last)).ConfigureAwait(false);
        }
    }

    private async Task JudgeRatiosAsync(IGrouping<long, AlertRecord> alerts)
    {
        if (await directory.FindAsync(alerts.Key).ConfigureAwait(false) is not { Status: not AccountRecordStatus.Closed } owner) return;
        if (await gateway.ReadAccountAsync(owner.Account).ConfigureAwait(false) is not { IsClosed: false } snapshot) return;
        foreach (AlertRecord alert in alerts)
        {
            if (!DecimalText.TryParse(alert.Threshold, 8, out long threshold)) continue;
            (long? ratio, string? text) = Ratio(alert, snapshot);
            bool holds = alert.Direction == AlertDirection.Above ? ratio >= threshold : ratio is not null && ratio <= threshold;
            await JudgeAsync(alert, holds, snapshot.Time, text ?? "0").ConfigureAwait(false);
        }
    }

    // Of several isolated legs of a market (hedge mode) the one that is closest to its end.
    private (long? Ratio, string? Text) Ratio(AlertRecord alert, AccountSnapshot s)
    {
        if (alert.Symbol is null) return (Equities.Ratio(s.CrossMaintenance, s.CrossEquity), Equities.RatioText(s.CrossMaintenance, s.CrossEquity));
        (long? worst, string? text) = (null, null);
        foreach (LegSnapshot leg in s.Legs)
        {
            if (leg.Mode != MarginMode.Isolated || leg.Quantity.IsZero || gateway.Profile[leg.Market].Symbol != alert.Symbol) continue;
            Amount equity = leg.IsolatedWallet + leg.UnrealizedProfit;
            long? ratio = Equities.Ratio(leg.Maintenance, equity);
            if (worst is null || ratio > worst) (worst, text) = (ratio, Equities.RatioText(leg.Maintenance, equity));
        }

        return (worst, text);
    }

    private async Task JudgeAsync(AlertRecord alert, bool holds, Timestamp time, string value)
    {
        if (book.Find(alert.Number, alert.Id) is not { } current || Judged(current, holds, time, value) == current) return;
        AlertRecord? changed = book.Change(current, a => Judged(a, holds, time, value));
        if (!holds || changed is null || !await IsOpenAsync(alert.Number).ConfigureAwait(false)) return;
        metrics.AlertFired(alert.Kind.ToString());
        Fired(log, alert.Id, alert.Number);
        if (changed.Webhook is { } address && book.SecretOf(changed) is { } secret) webhooks.Send(alert.Id, new Uri(address), secret, Payload(changed));
    }

    // In one process what is looked at is never old, and times may stand still.
    private AlertRecord Judged(AlertRecord a, bool holds, Timestamp time, string value)
    {
        if (a.IsOver || a.IsArmed != holds) return a;
        if (book.IsShared && (holds ? time.Milliseconds <= a.Since : time.Milliseconds < a.Since)) return a;
        return holds
            ? a with { IsArmed = false, Fired = a.Fired + 1, LastFired = time.Milliseconds, LastValue = value, Since = time.Milliseconds }
            : a with { IsArmed = true, Since = time.Milliseconds };
    }

    private async Task TellStreamsAsync()
    {
        foreach (AlertRecord fired in book.TakeFired())
        {
            if (!await IsOpenAsync(fired.Number).ConfigureAwait(false)) continue;
            byte[] payload = Payload(fired);
            foreach (IAlertSink sink in sinks) sink.Send(fired.Number, payload);
        }
    }

    private async Task<bool> IsOpenAsync(long number) =>
        await directory.FindAsync(number).ConfigureAwait(false) is { Status: not AccountRecordStatus.Closed };

    // Binance's envelope (e, E); no client library knows the name, so none mistakes it for an event of its own.
    private static byte[] Payload(AlertRecord alert)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("e", "CROSSMARGIN_ALERT");
            json.WriteNumber("E", alert.LastFired);
            json.WriteString("alertId", alert.Id);
            json.WriteNumber("accountNumber", alert.Number);
            json.WriteString("alertKind", alert.Kind.ToString());
            json.WriteString("alertDirection", alert.Direction.ToString());
            if (alert.Symbol is { } symbol) json.WriteString("alertSymbol", symbol);
            json.WriteString("threshold", alert.Threshold);
            json.WriteString("value", alert.LastValue);
            json.WriteNumber("firedCount", alert.Fired);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Where the mark went since it was last looked at.</summary>
    private readonly record struct MarkRange(
        Price Low, Timestamp LowTime, Price High, Timestamp HighTime, Price Last, Timestamp Time, bool IsNew)
    {
        public MarkRange With(Price mark, Timestamp time) => new(
            mark < Low ? mark : Low, mark < Low ? time : LowTime, mark > High ? mark : High, mark > High ? time : HighTime, mark, time, true);

        public MarkRange Taken() => new(Last, Time, Last, Time, Last, Time, false);
    }

    [LoggerMessage(3203, LogLevel.Information, "alert {Alert} of account {Number} fired")]
    private static partial void Fired(ILogger logger, string alert, long number);

    [LoggerMessage(3204, LogLevel.Warning, "alerts wait: {Reason}")]
    private static partial void Waits(ILogger logger, string reason);
}
