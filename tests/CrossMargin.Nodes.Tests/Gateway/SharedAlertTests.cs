using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Metrics;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Directory;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrossMargin.Nodes.Tests.Gateway;

/// <summary>Two gateways over one directory: both see each price, one of them fires the alert, both tell their own streams.</summary>
public sealed class SharedAlertTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Fired _fired = new();
    private Watcher _one = null!;
    private Watcher _two = null!;

    public async Task InitializeAsync()
    {
        var shards = new LocalDirectory(new MemoryActorStore());
        _one = await Watcher.StartAsync(shards, _fired);
        _two = await Watcher.StartAsync(shards, _fired);
        await _one.Directory.AddAsync(new AccountId(7), "Ada");
        await _two.Settings.RefreshAsync();
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        _fired.Dispose();
    }

    [Fact]
    public async Task Price_ThatBothSee_FiresOnceInTheClusterAndIsToldByBoth()
    {
        for (int i = 0; i < 20; i++) _one.Book.Add(1, Above(repeats: false));
        await _two.Settings.RefreshAsync();
        Both(100, 1_000);
        Both(120, 2_000);
        await UntilAsync(() => _one.Told.Count >= 20 && _two.Told.Count >= 20, "both streams were told");
        Assert.Equal(20, _fired.Count);
        Assert.Equal((20, 20), (_one.Told.Distinct().Count(), _two.Told.Distinct().Count()));
        await _two.Settings.RefreshAsync();
        Assert.All(_two.Book.All, a => Assert.Equal((1, 2_000), (a.Fired, a.LastFired)));
    }

    [Fact]
    public async Task Repeating_GatewayThatIsBehind_DoesNotFireAgainForWhatIsOver()
    {
        AlertRecord alert = _one.Book.Add(1, Above(repeats: true)).Alert;
        await _two.Settings.RefreshAsync();
        _one.Mark(120, 2_000);
        await UntilAsync(() => _one.Book.Find(1, alert.Id)!.Fired == 1, "the first has fired it");
        _one.Mark(100, 3_000);
        await UntilAsync(() => _one.Book.Find(1, alert.Id)!.IsArmed, "the first has armed it again");
        await _two.Settings.RefreshAsync();
        Assert.True(_two.Book.Find(1, alert.Id)!.IsArmed);
        AlertRecord marker = _two.Book.Add(1, Above(repeats: false) with { Symbol = TestProfiles.Simple().Markets[1].Symbol }).Alert;
        _two.Mark(120, 2_000);
        _two.Mark(100, 3_000);
        _two.Mark(120, 3_000, market: 2); // looked at after the first market
        await UntilAsync(() => _two.Book.Find(1, marker.Id)!.IsOver, "the second has looked");
        Assert.Equal(1, _two.Book.Find(1, alert.Id)!.Fired);
        Both(130, 4_000);
        await UntilAsync(() => _one.Book.Find(1, alert.Id)!.Fired == 2 && _two.Told.Count >= 3, "the next time both know");
        Assert.Equal(3, _fired.Count); // and the marker
    }

    [Fact]
    public async Task Firing_ReachesTheStreamsOfAGatewayThatSawNoPrice()
    {
        AlertRecord alert = _one.Book.Add(1, Above(repeats: false)).Alert;
        _one.Mark(120, 2_000);
        await UntilAsync(() => _one.Book.Find(1, alert.Id)!.IsOver, "it has fired");
        await _two.Settings.RefreshAsync(); // it came and fired between two looks
        await UntilAsync(() => _two.Told.Count == 1, "the other's stream was told");
        Assert.Equal((alert.Id, "120"), ((string)JsonNode.Parse(_two.Texts.Single())!["alertId"]!, (string)JsonNode.Parse(_two.Texts.Single())!["value"]!));
    }

    private static SetAlert Above(bool repeats) => new(AlertKind.MarkPrice, "110", AlertDirection.Above, TestProfiles.Simple().Markets[0].Symbol, repeats);

    private void Both(long price, long time)
    {
        _one.Mark(price, time);
        _two.Mark(price, time);
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(limit.Elapsed < s_patience, $"never: {what}");
            await Task.Delay(5);
        }
    }

    /// <summary>How often the gateways of this test have fired an alert.</summary>
    private sealed class Fired : IDisposable
    {
        private readonly MeterListener _listener = new();
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

        public Fired()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "crossmargin.alerts" && instrument.Meter.Scope == Meters) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, n, _, _) => Interlocked.Add(ref _count, (int)n));
            _listener.Start();
        }

        public void Dispose() => _listener.Dispose();
    }

    private sealed class Watcher : IEventStream, IAlertSink, IExchangeGateway, IAsyncDisposable
    {
        private readonly ConcurrentQueue<string> _texts = new();
        private AlertWatcher _watcher = null!;
        private WebhookSender _webhooks = null!;
        private GatewayMetrics _metrics = null!;
        private Action<EventBatch> _onEvents = _ => { };

        public ClusterSettings Settings { get; private set; } = null!;
        public SettingsDirectory Directory { get; private set; } = null!;
        public AlertBook Book { get; private set; } = null!;
        public IReadOnlyCollection<string> Texts => _texts;
        public IReadOnlyList<string> Told => [.. _texts.Select(t => (string)JsonNode.Parse(t)!["alertId"]! + JsonNode.Parse(t)!["firedCount"])];

        public static async Task<Watcher> StartAsync(IDirectoryCalls shards, Fired fired)
        {
            var w = new Watcher { Settings = new ClusterSettings(shards, new ClusterSettingsOptions { AskAgain = TimeSpan.FromMilliseconds(30) }) };
            await w.Settings.StartAsync();
            SecretProtection secrets = SecretProtection.Over(new SettingsXmlRepository(w.Settings));
            w.Directory = new SettingsDirectory(w.Settings, secrets, TimeProvider.System);
            w.Book = new AlertBook(w.Settings, secrets, w, TimeProvider.System);
            w._metrics = new GatewayMetrics(fired.Meters);
            w._webhooks = new WebhookSender(new WebhookOptions(), w._metrics, TimeProvider.System, NullLogger<WebhookSender>.Instance);
            w._watcher = new AlertWatcher(w.Book, w.Directory, w, w, w._webhooks, [w], w._metrics, NullLogger<AlertWatcher>.Instance);
            await w._watcher.StartAsync(default);
            return w;
        }

        public void Mark(long price, long time, int market = 1)
        {
            Assert.True(Profile[new MarketId(market)].TryParsePrice($"{price}", DecimalRounding.Exact, out Price mark));
            var change = new PriceChanged { Mark = mark, Index = mark };
            _onEvents(new EventBatch(time, new Timestamp(time), [Event.Of(new Timestamp(time), CommandId.None, AccountId.None, new MarketId(market), change)]));
        }

        public IDisposable Subscribe(Action<EventBatch> onEvents)
        {
            _onEvents = onEvents;
            return new MemoryStream();
        }

        public void Send(long number, ReadOnlyMemory<byte> payload) => _texts.Enqueue(System.Text.Encoding.UTF8.GetString(payload.Span));

        public async ValueTask DisposeAsync()
        {
            await _watcher.StopAsync(default);
            _watcher.Dispose();
            _webhooks.Dispose();
            _metrics.Dispose();
            Directory.Dispose();
            await Settings.DisposeAsync();
        }

        public VenueProfile Profile { get; } = TestProfiles.Simple();
        public string? Unavailable => null;
        public Task<IReadOnlyList<MarketSnapshot>> ReadMarketsAsync() => Task.FromResult<IReadOnlyList<MarketSnapshot>>([]);
        public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) => Task.FromResult<AccountSnapshot?>(null);
        public Task<IReadOnlyList<CommandAnswer>> SubmitAsync(IReadOnlyList<Message> commands) => throw new NotSupportedException();
        public Task<MarketSnapshot> ReadMarketAsync(MarketId market) => throw new NotSupportedException();
        public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels) => throw new NotSupportedException();
        public Task<FundSnapshot> ReadFundAsync() => throw new NotSupportedException();

        public Task<CancelAttempt> CancelOrderAsync(AccountId account, MarketId market, OrderId order, ClientOrderId name, CommandId command) =>
            throw new NotSupportedException();
    }
}
