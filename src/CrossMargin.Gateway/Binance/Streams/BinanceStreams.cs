using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// The streams as a service of the process: listens to the exchange's events, beats by the wall clock, and answers REST from the same
/// depth images and rolling days that the streams are made of. Thread-safe.
/// </summary>
public sealed partial class BinanceStreams : IHostedService, IDepthSource, ITickerSource, IDisposable
{
    internal const string LostReason = "events were lost, connect again";

    private const int BeatsPerSecond = 1_000 / MarketStreams.BeatMilliseconds;

    private readonly IEventStream _events;
    private readonly IExchangeClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<BinanceStreams> _log;
    private readonly CancellationTokenSource _stop = new();
    private IDisposable? _subscription;
    private Task _beating = Task.CompletedTask;
    private bool _isFailing;

    public BinanceStreams(
        IExchangeGateway exchange,
        IEventStream events,
        IExchangeHistory history,
        IAccountDirectory directory,
        IExchangeClock clock,
        TimeProvider time,
        ListenKeyTable listenKeys,
        StreamOptions options,
        ILogger<BinanceStreams> log)
    {
        (_events, _clock, _time, _log, Options) = (events, clock, time, log, options);
        Markets = new MarketStreams(exchange, history, clock, time);
        Users = new UserStreamHub(exchange, directory, listenKeys, Markets, options, time, UserStreamFailed);
        Connections = new ConnectionTable(options);
    }

    public StreamOptions Options { get; }
    public UserStreamHub Users { get; }
    public ConnectionTable Connections { get; }
    internal MarketStreams Markets { get; }
    internal TimeProvider Time => _time;

    public async ValueTask<DepthImage> ReadAsync(MarketId market, int limit)
    {
        DepthImage image = await Markets[market].Book.RefreshAsync().ConfigureAwait(false);
        return limit >= DepthBook.Levels ? image : image with { Bids = Best(image.Bids, limit), Asks = Best(image.Asks, limit) };
    }

    async ValueTask<Ticker> ITickerSource.ReadAsync(MarketId market) =>
        await Markets.ReadTickerAsync(Markets[market]).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<Ticker>> ReadAllAsync() => await Markets.ReadTickersAsync().ConfigureAwait(false);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Listen();
        _beating = BeatAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        Dispose();
    }

    public void Dispose() => Interlocked.Exchange(ref _subscription, null)?.Dispose();

    /// <summary>Begins to listen to the exchange's events, without beats of its own.</summary>
    internal void Listen() => _subscription ??= _events.Subscribe(OnEvents, OnEnded);

    /// <summary>The n-th beat.</summary>
    internal async Task BeatAsync(long n)
    {
        await Markets.BeatAsync(n).ConfigureAwait(false);
        if (n % BeatsPerSecond == 0) Users.Beat(_clock.Now);
        if (n % (10 * BeatsPerSecond) == 0) await Users.CallMarginsAsync().ConfigureAwait(false);
    }

    private static IReadOnlyList<PriceLevel> Best(IReadOnlyList<PriceLevel> side, int limit) =>
        side.Count <= limit ? side : [.. side.Take(limit)];

    private void OnEvents(EventBatch batch)
    {
        if (batch.LostBefore > 0) OnGap(batch);
        try
        {
            Markets.OnEvents(batch);
        }
        catch (Exception e)
        {
            // An event that cannot be told must not end the streams of all.
            EventFailed(batch.Sequence, e);
        }

        Users.OnEvents(batch);
    }

    // Between the end and the new beginning events are missed: accounts' streams begin again, markets' go on.
    private void OnEnded(string reason)
    {
        if (_stop.IsCancellationRequested) return;
        EventsLost(reason);
        Interlocked.Exchange(ref _subscription, _events.Subscribe(OnEvents, OnEnded))?.Dispose();
        Users.Lose(LostReason);
    }

    // Whatever was made of events would be wrong from here on, and no client may take it for whole.
    private void OnGap(EventBatch batch)
    {
        int cut = Markets.Lose(LostReason) + Users.Lose(LostReason);
        BatchesLost(batch.LostBefore, batch.Sequence, cut);
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(MarketStreams.BeatMilliseconds), _time);
        long n = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                n++;
                await TryBeatAsync(n).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task TryBeatAsync(long n)
    {
        try
        {
            await BeatAsync(n).ConfigureAwait(false);
            _isFailing = false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Once for each time that it begins to fail: an exchange that is down stays so for many beats.
            if (!_isFailing) BeatFailed(e);
            _isFailing = true;
        }
    }

    [LoggerMessage(4101, LogLevel.Warning, "The market streams could not read the exchange; they go on when it answers again")]
    private partial void BeatFailed(Exception exception);

    [LoggerMessage(4102, LogLevel.Error, "A batch of events could not be told on the market streams: {Sequence}")]
    private partial void EventFailed(long sequence, Exception exception);

    [LoggerMessage(4104, LogLevel.Error, "Events were lost ({Reason}); the listeners of user data streams were cut")]
    private partial void EventsLost(string reason);

    [LoggerMessage(4105, LogLevel.Error, "{Batches} batches of events before command {Sequence} are lost to the streams: {Cut} listeners were cut")]
    private partial void BatchesLost(long batches, long sequence, int cut);

    [LoggerMessage(4103, LogLevel.Error, "A user data stream could not tell an event; its listeners were cut")]
    private partial void UserStreamFailed(Exception exception);
}
