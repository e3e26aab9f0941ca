using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>
/// Prices and simulated traders of an exchange that serves clients. Each second of exchange time is a step: prices first, then a look at
/// each trader in account order, as many a beat as its time allows. All of it enters as commands, so a replay of the journal needs neither
/// feed nor traders. What becomes of a beat's surplus: the next beats go on with it, and a new second's prices come before it.
/// </summary>
public sealed class LiveSimulator : IExchangeBeat
{
    /// <summary>Exchange time between two steps.</summary>
    public const long StepMilliseconds = 1_000;

    /// <summary>Simulated traders have the accounts up to this; those of clients lie above.</summary>
    public const int MostTraders = 1_000_000;

    private readonly LiveOptions _options;
    private readonly SimulatorClock _clock;
    private readonly VenueProfile _profile;
    private readonly PriceDial[] _dials;
    private readonly ExchangeReader _reader;
    private readonly StepMarkets _markets;
    private readonly CommandNumbers _numbers;
    private readonly RetiredTraders _retired;
    private readonly List<IndexUpdate> _prices = [];
    private readonly List<FundingUpdate> _funding = [];
    private readonly List<(Timestamp At, TaskCompletionSource Done)> _waiters = [];
    private LiveFeed _feed;
    private TraderCrew _crew;
    private Timestamp _step;
    private int _cursor;
    private int _left; // traders that this step has not looked at
    private bool _began;

    /// <summary>Before the exchange takes the engine over: settings of the last time are found in the options' store.</summary>
    /// <exception cref="ArgumentException">The feed's file or the traders' mix cannot be used; the text is for people.</exception>
    public LiveSimulator(ExchangeEngine engine, SimulatorClock clock, LiveOptions options)
    {
        (_options, _clock, _profile) = (options, clock, engine.Profile);
        _reader = new ExchangeReader(engine);
        _markets = new StepMarkets(_profile, _reader);
        _numbers = new CommandNumbers(clock.Now > engine.Now ? clock.Now : engine.Now);
        _retired = new RetiredTraders(MostTraders, _numbers);
        _dials = [.. _profile.Markets.Select(m => new PriceDial(m))];
        var settings = new LiveSettings(options.Settings);
        for (int i = 0; i < _dials.Length; i++)
        {
            if (settings.LoadPrice(_profile.Markets[i].Symbol) is { } saved) _dials[i].Load(saved);
        }

        Traders = options.Traders ?? settings.LoadTraders() ?? options.FirstTraders;
        if (options.TraderCount is { } count) Traders = Traders with { Count = count };
        _crew = NewCrew(Traders, follows: settings.LoadTraders() is { } before && !Same(before, Traders));
        _feed = OpenFeed(settings, clock.Now);
        if (_feed.Choice.Kind == FeedKind.Replay) clock.Part();
        settings.Save(clock.Setting);
        settings.Save(Traders);
        settings.Save(_feed.Choice, _feed.Start);
    }

    internal LiveOptions Options => _options;

    internal SimulatorClock Clock => _clock;

    internal VenueProfile Profile => _profile;

    internal LiveFeed Feed => Volatile.Read(ref _feed);

    internal TraderChoice Traders { get; private set; }

    internal IReadOnlyList<PriceDial> Dials => _dials;

    /// <summary>Traders at work, and those that wind down. Any thread; a moment old.</summary>
    public (int AtWork, int WindingDown) TraderCounts => (Volatile.Read(ref _crew).Count, _retired.Count);

    public void OnBeat(Timestamp now, IBeatCommands exchange)
    {
        long began = _options.Time.GetTimestamp();
        if (!_began) Begin(exchange);
        var step = new Timestamp(now.Milliseconds - now.Milliseconds % StepMilliseconds);
        if (step > _step) BeginStep(step, now, exchange);
        long number = _step.Milliseconds / StepMilliseconds;
        while (_left > 0 && (_options.BeatBudget == TimeSpan.Zero || _options.Time.GetElapsedTime(began) < _options.BeatBudget))
        {
            _crew.Visit(_cursor, number, _step, _markets, _reader, exchange);
            _cursor = (_cursor + 1) % _crew.Count;
            _left--;
        }

        _clock.Reached(now);
        if (_waiters.Count > 0) Release(now);
    }

    public void OnEvents(ReadOnlySpan<Event> events) => _crew.Post(events);

    /// <summary>On the exchange's thread: another feed from now on.</summary>
    internal void Switch(LiveFeed feed)
    {
        foreach (PriceDial dial in _dials) dial.ForgetFeed();
        Volatile.Write(ref _feed, feed);
    }

    /// <summary>On the exchange's thread: other traders from the next step on, each once its account is wound down.</summary>
    internal void Switch(TraderCrew crew, TraderChoice choice, IBeatCommands exchange)
    {
        Volatile.Write(ref _crew, crew);
        Traders = choice;
        (_cursor, _left) = (0, 0);
        _retired.Find(0, _reader, exchange);
    }

    internal TraderCrew NewCrew(TraderChoice choice, bool follows) =>
        new(_options.TraderFactory.Create(choice, _profile), _numbers, _options.TraderFailed, follows);

    /// <summary>On the exchange's thread: what a feed chosen now has to go on from.</summary>
    internal List<IndexUpdate> Present()
    {
        var present = new List<IndexUpdate>();
        for (int i = 0; i < _dials.Length; i++)
        {
            Price index = _reader.Market(new MarketId(i + 1)).Index;
            if (!index.IsNone) present.Add(new IndexUpdate(new MarketId(i + 1), index, _dials[i].Volume));
        }

        return present;
    }

    /// <summary>On the exchange's thread: sets a market's dial, and its index at once.</summary>
    internal void Control(MarketId market, PriceControl control, IBeatCommands exchange)
    {
        PriceDial dial = _dials[market.Value - 1];
        dial.Set(control, _reader.Market(market).Index, exchange.Engine.Now);
        Give(dial, market, exchange.Engine.Now, exchange);
    }

    /// <summary>On the exchange's thread: prices from outside.</summary>
    internal void Push(IReadOnlyList<IndexUpdate> prices, IBeatCommands exchange)
    {
        foreach (IndexUpdate price in prices)
        {
            PriceDial dial = _dials[price.Market.Value - 1];
            dial.TakeFeed(price.Index, price.DepthVolume);
            Give(dial, price.Market, exchange.Engine.Now, exchange);
        }
    }

    /// <summary>On the exchange's thread: ends when exchange time has reached a moment and its traders had their turns.</summary>
    internal Task ReachedAsync(Timestamp at)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((at, done));
        return done.Task;
    }

    private void Begin(IBeatCommands exchange)
    {
        _retired.Find(_crew.Follows ? 0 : _crew.Count, _reader, exchange);
        _began = true;
    }

    private void BeginStep(Timestamp step, Timestamp now, IBeatCommands exchange)
    {
        _step = step;
        _prices.Clear();
        _funding.Clear();
        _feed.Take(step, _prices, _funding);
        foreach (IndexUpdate price in _prices) _dials[price.Market.Value - 1].TakeFeed(price.Index, price.DepthVolume);
        for (int i = 0; i < _dials.Length; i++)
        {
            // Prices from outside get old; all others are given at each step, changed or not.
            if (!_feed.IsPushed || _dials[i].IsOwn) Give(_dials[i], new MarketId(i + 1), now, exchange);
        }

        _markets.Refresh();
        _left = _crew.Count;
        _retired.Step(step.Milliseconds / StepMilliseconds, _crew, _reader, exchange);
    }

    private static void Give(PriceDial dial, MarketId market, Timestamp now, IBeatCommands exchange)
    {
        Price index = dial.At(now);
        if (index.IsNone) return;
        exchange.Submit(Command.Index(now, market, index, dial.Volume).Message);
    }

    private void Release(Timestamp now)
    {
        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (now < _waiters[i].At || _left > 0) continue;
            _waiters[i].Done.TrySetResult();
            _waiters.RemoveAt(i);
        }
    }

    private LiveFeed OpenFeed(LiveSettings settings, Timestamp now)
    {
        (FeedChoice Choice, Timestamp Start)? saved = settings.LoadFeed();
        FeedChoice choice = _options.Feed ?? saved?.Choice ?? LiveOptions.UsualFeed;
        bool same = saved is not null && saved.Value.Choice == choice;
        if (!same)
        {
            foreach (PriceDial dial in _dials) dial.ForgetFeed();
        }

        // A replay is found again by where it began; a synthetic feed goes on from the prices as they are.
        Timestamp start = same && choice.Kind == FeedKind.Replay ? saved!.Value.Start : FirstStep(now);
        if (choice.Kind == FeedKind.Push) return new LiveFeed(choice, start, null);
        List<IndexUpdate> present = Present();
        for (int i = 0; i < present.Count; i++)
        {
            present[i] = present[i] with { Index = _dials[present[i].Market.Value - 1].Undo(present[i].Index) };
        }

        return new LiveFeed(choice, start, _options.FeedFactory.Create(choice, _profile, start, present));
    }

    private static bool Same(TraderChoice a, TraderChoice b) => a.Count == b.Count && a.Mix == b.Mix && a.Symbols.SequenceEqual(b.Symbols);

    internal static Timestamp FirstStep(Timestamp now) => new(now.Milliseconds - now.Milliseconds % StepMilliseconds);
}
