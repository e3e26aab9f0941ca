using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Embedded.Serving.Live;
using CrossMargin.Gateway.Metrics;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.AspNetCore;

/// <summary>
/// The exchange of an application: opened when it is first asked for, stopped cleanly with the application. Throws
/// <see cref="IOException"/> where its data cannot be opened.
/// </summary>
public sealed class CrossMarginHost : IHostedService, IHealthSource, IDisposable
{
    private readonly LiveControls? _liveControls;
    private readonly ReadOnlyState? _old;
    private bool _disposed;

    public CrossMarginHost(CrossMarginOptions options, TimeProvider time, GatewayMetrics metrics, ILogger<CrossMarginHost> log)
    {
        Token = options.AdminToken is { } given
            ? AdminToken.Given(given)
            : Environment.GetEnvironmentVariable(AdminToken.EnvironmentVariable) is { Length: > 0 } set ? AdminToken.Given(set) : null!;
        _old = options.Until is { } until ? ReadOnlyState.Open(options, until) : null;
        Data = DataFolder.Open(_old is not null ? new DataFolderOptions { History = HistoryMode.None } : new DataFolderOptions
        {
            Directory = options.DataDirectory,
            Profile = options.Profile,
            History = options.History,
            KeepDays = options.KeepDays,
            EquityInterval = options.EquityInterval,
            Log = log,
        }).OrThrow();
        if (Data.Journal is { } kept) kept.Measured = metrics.Durations("crossmargin.journal.commit", "Time that a batch of commands took to reach the disk");
        try
        {
            IsFirstStart = _old is null && Data.IsNew;
            Token ??= options.DataDirectory is { } folder && KeepsToken(folder) ? AdminToken.OfFolder(folder) : AdminToken.OfProcess();
            Secrets = OpenSecrets(options, IsReadOnly);
            (Exchange, Clock, _liveControls) = _old is null ? Start(options, time, log) : (_old.State.Exchange, _old, null);
            Controls = (ISimulatorControls?)_liveControls ?? new NoSimulatorControls();
        }
        catch
        {
            Data.Dispose();
            throw;
        }

        Observe(metrics);
    }

    public DataFolder Data { get; }

    public EmbeddedExchange Exchange { get; }

    public ISettingsStore Settings => _old?.Settings ?? Data.Settings;

    /// <summary>Null where none is kept.</summary>
    public ExchangeHistory? History => _old?.State.History ?? Data.History;

    /// <summary>An old state, which nothing changes.</summary>
    public bool IsReadOnly => _old is not null;

    public IExchangeClock Clock { get; }

    public ISimulatorControls Controls { get; }

    public AdminToken Token { get; }

    public SecretProtection Secrets { get; }

    /// <summary>The operator's token was made at this start.</summary>
    public bool IsFirstStart { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After everything that uses it: what was taken is executed and kept.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(Dispose, CancellationToken.None);

    public IReadOnlyList<HealthItem> Check()
    {
        var items = new List<HealthItem>();
        if (Data.Journal is { } journal)
        {
            items.Add(new HealthItem("journal", journal.Failure is null, journal.Failure?.Message ?? $"{journal.CommittedSequence} commands are kept"));
        }

        if (Data.History is { } history)
        {
            long behind = history.AppendedSequence - history.WrittenSequence;
            items.Add(new HealthItem("history", history.Failure is null && !history.IsBehind, history.Failure?.Message ?? $"{behind} commands behind"));
        }

        items.Add(new HealthItem("orders", Exchange.OrderStop is null, Exchange.OrderStop ?? "orders are taken"));
        (int requests, int batches) = Exchange.Backlog;
        items.Add(new HealthItem("queues", true, $"{requests} requests and {batches} batches of events wait"));
        return items;
    }

    public void Dispose()
    {
        lock (Data)
        {
            if (_disposed) return;
            _disposed = true;
            _liveControls?.Dispose();
            _old?.Dispose();
            Data.Dispose();
        }
    }

    // Who only looks makes none.
    private bool KeepsToken(string folder) => !IsReadOnly || File.Exists(Path.Combine(folder, AdminToken.FileName));

    private static SecretProtection OpenSecrets(CrossMarginOptions options, bool isReadOnly)
    {
        if (options.KeyRing is { } ring) return SecretProtection.Over(ring);
        if (options.DataDirectory is not { } folder) return SecretProtection.Ephemeral();
        string keys = Path.Combine(folder, "keys");
        return isReadOnly ? SecretProtection.Reading(keys) : SecretProtection.InFolder(keys);
    }

    private (EmbeddedExchange Exchange, IExchangeClock Clock, LiveControls? Controls) Start(CrossMarginOptions options, TimeProvider time, ILogger log)
    {
        if (options.Clock is { } own) return (Data.Start(own), own, null);
        SimulatorClock clock = LiveOptions.OpenClock(Data.Settings, time, Data.Engine.Now);
        var simulator = new LiveSimulator(Data.Engine, clock, new LiveOptions
        {
            Settings = Data.Settings,
            FeedFactory = options.FeedFactory,
            TraderFactory = options.TraderFactory,
            Feed = options.Feed,
            Traders = options.Traders,
            FirstTraders = options.FirstTraders,
            TraderCount = options.TraderCount,
            Time = time,
            TraderFailed = (account, fault) => HostLog.TraderFailed(log, fault, account.Value),
        });
        Timestamp? jump = clock.Setting.Parted ? null : clock.Now;
        EmbeddedExchange exchange = Data.Start(clock, simulator, jump);
        var controls = new LiveControls(simulator, control => exchange.OnSequencerAsync(commands =>
        {
            control(commands);
            return true;
        }), exchange.BeatAsync);
        return (exchange, clock, controls);
    }

    private void Observe(GatewayMetrics metrics)
    {
        metrics.Observe("crossmargin.sequencer.queue", "{request}", "Requests that wait for the exchange's thread", () => Exchange.Backlog.Requests);
        metrics.Observe("crossmargin.events.queue", "{batch}", "Batches of events that subscribers have not taken", () => Exchange.Backlog.EventBatches);
        metrics.Observe("crossmargin.events.lost", "{batch}", "Batches of events dropped because subscribers were too slow", () => Exchange.LostEventBatches);
        if (Data.Journal is { } journal)
        {
            metrics.Observe("crossmargin.journal.uncommitted", "{command}", "Commands executed but not yet on the disk",
                () => journal.AppendedSequence - journal.CommittedSequence);
            metrics.Observe("crossmargin.journal.size", "By", "Bytes of the journal on the disk", () => journal.FileBytes);
        }

        if (Data.History is { } history)
        {
            metrics.Observe("crossmargin.history.lag", "{command}", "Commands that history has still to write",
                () => history.AppendedSequence - history.WrittenSequence);
        }
    }
}
