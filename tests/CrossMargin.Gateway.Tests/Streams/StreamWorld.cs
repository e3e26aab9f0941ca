using System.Reflection;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Serving;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>A real exchange in memory with a clock that the test sets, random commands for it, and the streams on top.</summary>
internal sealed class StreamWorld : IDisposable
{
    private readonly RandomCommands _commands;
    private long _beat;

    public StreamWorld(ulong seed, int accounts, VenueProfile? profile = null, StreamOptions? options = null, ServingOptions? serving = null)
    {
        Profile = profile ?? TestProfiles.Simple();
        Actors = new EngineActors(Profile);
        Clock = new SetClock(1_700_000_000_000);
        Exchange = new EmbeddedExchange(new ExchangeEngine(Profile, Actors), null, Clock, options: serving);
        History = new TradeLog(Profile);
        Exchange.Subscribe(History.OnEvents);
        _commands = new RandomCommands(Actors, seed, accounts);
        Keys = new ListenKeyTable(new BinanceOptions(), TimeProvider.System);
        Options = options ?? new StreamOptions { MaxQueuedFrames = int.MaxValue, MaxQueuedBytes = int.MaxValue };
        Directory = DispatchProxy.Create<IAccountDirectory, OwnerOnly>();
        Streams = new BinanceStreams(
            Exchange, Exchange, History, Directory, Clock, TimeProvider.System, Keys, Options, NullLogger<BinanceStreams>.Instance);
        Streams.Listen();
    }

    public VenueProfile Profile { get; }
    public EngineActors Actors { get; }
    public SetClock Clock { get; }
    public EmbeddedExchange Exchange { get; }
    public TradeLog History { get; }
    public ListenKeyTable Keys { get; }
    public StreamOptions Options { get; }
    public IAccountDirectory Directory { get; }
    public BinanceStreams Streams { get; }

    public async Task StartAsync()
    {
        foreach (Command command in _commands.Start()) await DoAsync(command);
        await SettleAsync();
    }

    public async Task StepAsync(int commands)
    {
        for (int i = 0; i < commands; i++) await DoAsync(_commands.Next());
    }

    public async Task DoAsync(Command command)
    {
        Clock.Set(command.Time);

        // Exchange time is at the clock's before anything else: what the exchange caught up by itself later would not be the seed's.
        await Exchange.BeatAsync();
        if (command.Message.To == Command.EveryMarket) return;

        try
        {
            await Exchange.SubmitAsync([command.Message]);
        }
        catch (ArgumentException)
        {
            // Nonsense that is no command.
        }
    }

    /// <summary>All events so far have reached their subscribers.</summary>
    public Task SettleAsync() => UntilAsync(() => Exchange.Backlog.EventBatches == 0);

    public async Task BeatAsync(int times = 1)
    {
        for (int i = 0; i < times; i++) await Streams.BeatAsync(++_beat);
    }

    /// <summary>A listener with a socket that keeps what it is sent.</summary>
    public async Task<StreamListener> ListenAsync(params string[] streams)
    {
        var listener = new StreamListener(this);
        string? fault = await listener.Session.SubscribeAsync(streams);
        Assert.Null(fault);
        return listener;
    }

    public string OpenKey(int account) =>
        Keys.Open(new AccountRecord(account, new AccountId(account), "t", AccountRecordStatus.Active, 0)).Text;

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        Streams.Dispose();
        Exchange.Dispose();
    }

    internal sealed class SetClock(long start) : IExchangeClock
    {
        private long _now = start;

        public Timestamp Now => new(Volatile.Read(ref _now));

        public void Set(Timestamp now) => Volatile.Write(ref _now, Math.Max(_now, now.Milliseconds));
    }

    /// <summary>A directory in which every account belongs to itself, unless it was taken away.</summary>
    public class OwnerOnly : DispatchProxy
    {
        public HashSet<AccountId> Gone { get; } = [];

        /// <summary>Key "key1" belongs to account 1, its secret is "secret1", and so on.</summary>
        private static KeyGrant? Grant(string key)
        {
            if (!key.StartsWith("key", StringComparison.Ordinal) || !int.TryParse(key[3..], out int number)) return null;
            var terms = new ApiKeyTerms("t", KeyScopes.Read | KeyScopes.Trade, null, [], false);
            var account = new AccountRecord(number, new AccountId(number), "t", AccountRecordStatus.Active, 0);
            return new KeyGrant(new ApiKeyRecord(key, number, 0, terms), account, System.Text.Encoding.UTF8.GetBytes($"secret{number}"));
        }

        protected override object? Invoke(MethodInfo? method, object?[]? arguments)
        {
            if (method?.Name == nameof(IAccountDirectory.Grant)) return Grant((string)arguments![0]!);
            if (method?.Name != nameof(IAccountDirectory.Owner)) throw new NotSupportedException(method?.Name);
            var account = (AccountId)arguments![0]!;
            return Gone.Contains(account) ? null : new AccountRecord(account.Value, account, "t", AccountRecordStatus.Active, 0);
        }
    }
}
