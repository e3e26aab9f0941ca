using CrossMargin.Conformance;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Serving;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Tests.Conformance;

/// <summary>The exchange in one process, in memory.</summary>
internal sealed class EmbeddedHost : IConformanceHost
{
    private readonly EmbeddedExchange _exchange;
    private readonly ExchangeHistory _history;
    private readonly SettingsDirectory _directory;
    private long _command;
    private int _account;
    private int _market;

    public EmbeddedHost()
    {
        _history = ExchangeHistory.InMemory(ConformanceVenue.Profile, new HistoryOptions()).OrThrow();
        _exchange = new EmbeddedExchange(new ExchangeEngine(ConformanceVenue.Profile), null, new VirtualClock(), _history);
        Settings = new MemorySettings();
        _directory = new SettingsDirectory(Settings, SecretProtection.Ephemeral(), TimeProvider.System);
    }

    public HostFeatures Features => HostFeatures.OneMoment;
    public IExchangeGateway Gateway => _exchange;
    public IEventStream Events => _exchange;
    public IExchangeHistory History => _history.Reader;
    public IAccountDirectory Directory => _directory;
    public ISettingsStore Settings { get; }

    public MarketId TakeMarket() => new(Interlocked.Increment(ref _market));

    public AccountId TakeAccount() => new(Interlocked.Increment(ref _account));

    public CommandId TakeCommand() => new(Interlocked.Increment(ref _command));

    public async Task SetIndexAsync(MarketId market, Price index)
    {
        var body = new SetIndexPrice { Market = market, Index = index };
        CommandAnswer answer = (await _exchange.SubmitAsync([Message.Of(ActorId.Client, ActorId.Of(market), TakeCommand(), body)]))[0];
        Assert.Null(answer.Unavailable);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        _exchange.Dispose();
        _history.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class EmbeddedConformance : ExchangeConformance
{
    protected override Task<IConformanceHost> StartAsync() => Task.FromResult<IConformanceHost>(new EmbeddedHost());
}
