using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>The operator's controls of a <see cref="LiveSimulator"/>: one at a time, durable when its task ends.</summary>
public sealed class LiveControls : ISimulatorControls, IDisposable
{
    private const long LeastRate = -99_000_000;
    private const long MostRate = 10 * Rate.One;

    private readonly LiveSimulator _simulator;
    private readonly LiveSettings _settings;
    private readonly Func<Action<IBeatCommands>, Task> _onSequencer;
    private readonly Func<Task>? _beat;
    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="simulator">Beats in the exchange.</param>
    /// <param name="onSequencer">
    /// Runs something between two commands; its task ends when what it did is durable, with the exception if it threw.
    /// </param>
    /// <param name="beat">
    /// Moves exchange time on to the clock's and calls the beat; null where that happens by itself as soon as time is stepped.
    /// </param>
    public LiveControls(LiveSimulator simulator, Func<Action<IBeatCommands>, Task> onSequencer, Func<Task>? beat = null)
    {
        (_simulator, _onSequencer, _beat) = (simulator, onSequencer, beat);
        _settings = new LiveSettings(simulator.Options.Settings);
    }

    private SimulatorClock Clock => _simulator.Clock;

    public async Task<SimulatorState> StateAsync()
    {
        SimulatorState? state = null;
        await _onSequencer(exchange =>
        {
            ClockSetting clock = Clock.Setting;
            MarketPriceControl[] prices =
                [.. _simulator.Dials.Select((d, i) => new MarketPriceControl(new MarketId(i + 1), d.Control))];
            LiveFeed feed = _simulator.Feed;
            state = new SimulatorState(
                exchange.Engine.Now, clock.Paused, clock.Speed, !clock.Parted, feed.Choice, prices, _simulator.Traders, feed.Note);
        }).ConfigureAwait(false);
        return state!;
    }

    public Task PauseAsync() => ChangeClockAsync(Clock.Pause);

    public Task ResumeAsync() => ChangeClockAsync(Clock.Resume);

    public Task SetSpeedAsync(decimal speed) => ChangeClockAsync(() => Clock.SetSpeed(speed));

    public Task StepAsync(long milliseconds) => AloneAsync(async () =>
    {
        Task reached = Task.CompletedTask;
        await _onSequencer(_ => reached = _simulator.ReachedAsync(Clock.Step(milliseconds))).ConfigureAwait(false);
        while (_beat is not null && !reached.IsCompleted)
        {
            // A clock that stands calls for no beat, though the step's last milliseconds and some of its traders are still to come.
            await _beat().ConfigureAwait(false);
            await Task.WhenAny(reached, Task.Delay(1)).ConfigureAwait(false);
        }

        await reached.ConfigureAwait(false);
        await _onSequencer(static _ => { }).ConfigureAwait(false); // what the step did is durable
    });

    public Task ControlPriceAsync(MarketId market, PriceControl control)
    {
        Check(market, control);
        return AloneAsync(async () =>
        {
            DialSetting? saved = null;
            await _onSequencer(exchange =>
            {
                _simulator.Control(market, control, exchange);
                saved = _simulator.Dials[market.Value - 1].Save();
            }).ConfigureAwait(false);
            _settings.Save(_simulator.Profile[market].Symbol, control.Kind == PriceControlKind.Release ? null : saved);
        });
    }

    public Task SetFeedAsync(FeedChoice feed) => AloneAsync(async () =>
    {
        if (!Enum.IsDefined(feed.Kind)) throw new ArgumentException($"{(int)feed.Kind} is no kind of feed");
        List<IndexUpdate> present = [];
        Timestamp start = default;
        await _onSequencer(exchange => (present, start) = (_simulator.Present(), LiveSimulator.FirstStep(exchange.Engine.Now))).ConfigureAwait(false);
        ILiveFeed? source = feed.Kind == FeedKind.Push
            ? null
            : await Task.Run(() => _simulator.Options.FeedFactory.Create(feed, _simulator.Profile, start, present)).ConfigureAwait(false);
        DialSetting[] dials = [];
        await _onSequencer(_ =>
        {
            _simulator.Switch(new LiveFeed(feed, start, source));
            dials = [.. _simulator.Dials.Select(d => d.Save())];
        }).ConfigureAwait(false);
        if (feed.Kind == FeedKind.Replay) Clock.Part();
        _settings.Save(Clock.Setting);
        _settings.Save(feed, start);
        for (int i = 0; i < dials.Length; i++)
        {
            bool plain = dials[i].Kind == PriceControlKind.Release;
            _settings.Save(_simulator.Profile.Markets[i].Symbol, plain ? null : dials[i]);
        }
    });

    public Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices)
    {
        foreach (IndexUpdate price in prices)
        {
            if (!_simulator.Profile.Contains(price.Market)) throw new ArgumentException($"there is no market {price.Market.Value}");
            CheckPrice(_simulator.Profile[price.Market], price.Index);
            if (price.DepthVolume.Lots < 0) throw new ArgumentException($"{_simulator.Profile[price.Market].Symbol}: the volume is negative");
        }

        return _onSequencer(exchange =>
        {
            if (!_simulator.Feed.IsPushed) throw new ArgumentException("prices are not pushed: the feed is " + _simulator.Feed.Choice.Kind);
            _simulator.Push(prices, exchange);
        });
    }

    public Task SetTradersAsync(TraderChoice traders) => AloneAsync(async () =>
    {
        if (traders.Count is < 0 or > LiveSimulator.MostTraders)
        {
            throw new ArgumentException($"{traders.Count} traders are not between 0 and {LiveSimulator.MostTraders}");
        }

        TraderCrew crew = await Task.Run(() => _simulator.NewCrew(traders, follows: true)).ConfigureAwait(false);
        await _onSequencer(exchange => _simulator.Switch(crew, traders, exchange)).ConfigureAwait(false);
        _settings.Save(traders);
    });

    public void Dispose() => _turn.Dispose();

    private Task ChangeClockAsync(Action change) => AloneAsync(async () =>
    {
        await _onSequencer(_ => change()).ConfigureAwait(false);
        _settings.Save(Clock.Setting);
    });

    private async Task AloneAsync(Func<Task> control)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await control().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Check(MarketId market, PriceControl control)
    {
        if (!_simulator.Profile.Contains(market)) throw new ArgumentException($"there is no market {market.Value}");
        if (!Enum.IsDefined(control.Kind)) throw new ArgumentException($"{(int)control.Kind} is no control of a price");
        if (control.Kind is PriceControlKind.Hold or PriceControlKind.Set) CheckPrice(_simulator.Profile[market], control.Price);
        if (control.Kind is not (PriceControlKind.Drift or PriceControlKind.Shock)) return;
        if (control.Rate.E8 is >= LeastRate and <= MostRate) return;
        throw new ArgumentException($"the rate {control.Rate} is not between {new Rate(LeastRate)} and {new Rate(MostRate)}");
    }

    private static void CheckPrice(MarketSpec spec, Price price)
    {
        if (price.Units > 0 && price <= spec.MaxPrice) return;
        throw new ArgumentException($"the price {spec.Format(price)} of {spec.Symbol} is not in (0, {spec.Format(spec.MaxPrice)}]");
    }
}
