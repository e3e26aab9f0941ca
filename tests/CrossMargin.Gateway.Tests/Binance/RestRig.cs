using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Serving;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Tests.Binance;

/// <summary>An exchange in memory behind the REST transport, without sockets; both clocks stand until they are moved.</summary>
internal sealed class RestRig : IDisposable
{
    public const long Start = 1_760_000_400_000;
    public const string Btc = "BTCUSDT";

    private readonly ExchangeEngine _engine;
    private readonly ServiceProvider _services;
    private readonly Failures _failures = new();
    private long _command;

    public RestRig(Action<BinanceOptions>? configure = null, VenueProfile? profile = null)
    {
        Profile = profile ?? VenueProfiles.Binance;
        _engine = new ExchangeEngine(Profile);
        History = new MemoryHistory(Profile);
        Exchange = new EmbeddedExchange(_engine, null, Clock, History);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_failures));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IExchangeGateway>(Exchange);
        services.AddSingleton<IExchangeHistory>(History);
        services.AddSingleton<IExchangeClock>(Clock);
        services.AddSingleton<IAccountDirectory>(Directory);
        services.AddSingleton<ISettingsStore, MemorySettings>();
        services.AddSingleton(SecretProtection.Ephemeral());
        services.AddSingleton<AlertBook>();
        services.AddBinanceRest(configure);
        _services = services.BuildServiceProvider();
        Transport = _services.GetRequiredService<RestTransport>();
        foreach (MarketSpec market in Profile.Markets) Submit(ActorId.Of(market.Id), Index(market, market.Symbol == Btc ? "50000" : "100"));
    }

    public VenueProfile Profile { get; }
    public MemoryHistory History { get; }
    public EmbeddedExchange Exchange { get; }
    public RestTransport Transport { get; }
    public ManualTime Time { get; } = new();
    public ManualClock Clock { get; } = new();
    public TestDirectory Directory { get; } = new();

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static SetIndexPrice Index(MarketSpec market, string price)
    {
        Assert.True(market.TryParsePrice(price, DecimalRounding.Down, out Price index));
        return new SetIndexPrice { Market = market.Id, Index = index };
    }

    public void SetPrice(string symbol, string price)
    {
        Assert.True(Profile.TryFind(symbol, out MarketSpec market));
        Submit(ActorId.Of(market.Id), Index(market, price));
    }

    public CommandAnswer Submit<T>(ActorId to, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Exchange.SubmitAsync([Message.Of(ActorId.Client, to, new CommandId(++_command), body)]).GetAwaiter().GetResult()[0];

    /// <summary>An account with money and a key that may do everything but withdraw.</summary>
    public TestKey Account(int id, string deposit = "10000", ApiKeyTerms? terms = null)
    {
        var account = new AccountId(id);
        Submit(ActorId.Of(account), new OpenAccount { MakerFee = Profile.MakerFee, TakerFee = Profile.TakerFee });
        DecimalText.TryParse(deposit, 8, out long amount);
        if (amount > 0) Submit(ActorId.Of(account), new Deposit { Amount = new Amount(amount) });
        return Directory.Add(account, terms);
    }

    public string StateHash() => Exchange.OnSequencerAsync(_ => _engine.StateHash()).GetAwaiter().GetResult();

    /// <summary>A signed call with its parameters in the query.</summary>
    public RestAnswer Call(TestKey key, string method, string path, string parameters = "", bool inBody = false)
    {
        string text = (parameters.Length > 0 ? parameters + "&" : "") + $"timestamp={Time.Now}&recvWindow=5000";
        text += "&signature=" + key.Sign(text);
        return inBody ? Send(method, path, "", text, key.ApiKey) : Send(method, path, text, "", key.ApiKey);
    }

    public RestAnswer Get(string path, string query = "") => Send("GET", path, query, "", null);

    public RestAnswer Send(string method, string path, string query, string body, string? apiKey, string? address = null) =>
        Send(method, path, query, Encoding.UTF8.GetBytes(body), apiKey, address);

    public RestAnswer Send(string method, string path, string query, byte[] body, string? apiKey, string? address = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Path = new PathString(path);
        http.Request.QueryString = new QueryString(query.Length == 0 ? "" : "?" + query);
        http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(address ?? "127.0.0.1");
        if (apiKey is not null) http.Request.Headers["X-MBX-APIKEY"] = apiKey;
        if (body.Length > 0)
        {
            http.Request.Body = new MemoryStream(body);
            http.Request.ContentLength = body.Length;
        }

        using var output = new MemoryStream();
        http.Response.Body = output;
        Transport.HandleAsync(http).GetAwaiter().GetResult();
        if (http.Response.StatusCode == 500) throw new InvalidOperationException($"500 at {method} {path}?{query}", _failures.Last);
        return new RestAnswer(http.Response.StatusCode, Encoding.UTF8.GetString(output.ToArray()), http.Response.Headers);
    }

    public void Dispose()
    {
        _services.Dispose();
        Exchange.Dispose();
    }
}

internal sealed record RestAnswer(int Status, string Text, IHeaderDictionary Headers)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Text).RootElement;

    public int Code => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("code", out JsonElement code)
        && code.ValueKind == JsonValueKind.Number ? code.GetInt32() : 0;

    public RestAnswer Ok()
    {
        Assert.True(Status == 200, Text);
        return this;
    }

    public string this[string name] => Json.GetProperty(name).ToString();

    public void Refused(int code, int status = 400) => Assert.True((code, status) == (Code, Status), $"{Status} {Text}");
}

/// <summary>Keeps what was logged with an exception, so that a test shows it.</summary>
internal sealed class Failures : ILoggerProvider, ILogger
{
    public Exception? Last { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Last = exception ?? Last;

    public void Dispose()
    {
    }
}

internal sealed record TestKey(string ApiKey, string Secret)
{
    public string Sign(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));
}

internal sealed class ManualTime : TimeProvider
{
    public long Now { get; set; } = RestRig.Start;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
}

internal sealed class ManualClock : IExchangeClock
{
    private long _now = RestRig.Start;

    public Timestamp Now => new(Volatile.Read(ref _now));

    public void Set(long now) => Volatile.Write(ref _now, now);
}

/// <summary>Keys in memory; only what requests need.</summary>
internal sealed class TestDirectory : IAccountDirectory
{
    private readonly ConcurrentDictionary<string, KeyGrant> _grants = new();

    public TestKey Add(AccountId account, ApiKeyTerms? terms = null, AccountRecordStatus status = AccountRecordStatus.Active)
    {
        string apiKey = RandomNumberGenerator.GetHexString(64);
        string secret = RandomNumberGenerator.GetHexString(64);
        terms ??= new ApiKeyTerms("test", KeyScopes.Read | KeyScopes.Trade, null, [], false);
        var record = new AccountRecord(account.Value, account, "test", status, 0);
        _grants[apiKey] = new KeyGrant(new ApiKeyRecord(apiKey, account.Value, 0, terms), record, Encoding.UTF8.GetBytes(secret));
        return new TestKey(apiKey, secret);
    }

    public KeyGrant? Grant(string apiKey) => _grants.GetValueOrDefault(apiKey);

    public AccountRecord? Owner(AccountId account) => null;

    public Task<IReadOnlyList<AccountRecord>> AccountsAsync() => throw new NotSupportedException();

    public Task<AccountRecord?> FindAsync(long number) => throw new NotSupportedException();

    public Task<AccountRecord> AddAsync(AccountId account, string name) => throw new NotSupportedException();

    public Task<AccountRecord> ChangeAsync(long number, Func<AccountRecord, AccountRecord> change) => throw new NotSupportedException();

    public Task<ApiKeyRecord?> UpdateKeyAsync(long number, string apiKey, ApiKeyTerms terms) => throw new NotSupportedException();

    public Task<AccountId> TakeAccountIdAsync() => throw new NotSupportedException();

    public Task<IReadOnlyList<ApiKeyRecord>> KeysAsync(long number) => throw new NotSupportedException();

    public Task<NewApiKey> AddKeyAsync(long number, ApiKeyTerms terms) => throw new NotSupportedException();

    public Task<bool> RemoveKeyAsync(long number, string apiKey) => throw new NotSupportedException();
}
