using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Security;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Tests.Admin;

/// <summary>The operator's side of an exchange with a journal in a folder, on a test server.</summary>
internal sealed class AdminHost : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-0123456789";

    public static readonly MarketId Market = new(1);

    private readonly WebApplication _app;
    private readonly ExchangeJournal _journal;

    private AdminHost(string folder, WebApplication app, ExchangeEngine engine, ExchangeJournal journal, EmbeddedExchange exchange, FixedClock clock)
    {
        (Folder, _app, Engine, _journal, Exchange, Clock) = (folder, app, engine, journal, exchange, clock);
        Client = app.GetTestClient();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public string Folder { get; }

    public ExchangeEngine Engine { get; }

    public EmbeddedExchange Exchange { get; }

    public FixedClock Clock { get; }

    /// <summary>Sends the right token.</summary>
    public HttpClient Client { get; }

    public VenueProfile Profile => Engine.Profile;

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public HttpClient Stranger() => _app.GetTestClient();

    public static async Task<AdminHost> StartAsync(string folder, Action<IServiceCollection>? more = null)
    {
        VenueProfile profile = NewProfile();
        bool exists = File.Exists(Path.Combine(folder, "exchange.journal"));
        ExchangeJournal journal = exists
            ? ExchangeJournal.Open(folder).OrThrow()
            : ExchangeJournal.Create(folder, profile.Source, "{}").OrThrow();
        var engine = new ExchangeEngine(profile);
        Assert.Null(JournalReplay.Replay(engine, journal));
        var clock = new FixedClock();
        var exchange = new EmbeddedExchange(engine, journal, clock);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IExchangeGateway>(exchange);
        builder.Services.AddSingleton<IEventStream>(exchange);
        builder.Services.AddSingleton<IExchangeClock>(clock);
        builder.Services.AddSingleton<ISettingsStore>(new JournalSettings(journal));
        builder.Services.AddSingleton<ISimulatorControls, NoControls>();
        builder.Services.AddSingleton(NoHistory.Create());
        builder.Services.AddSingleton(AdminToken.Given(Token));
        builder.Services.AddSingleton(SecretProtection.InFolder(Path.Combine(folder, "keys")));
        more?.Invoke(builder.Services);
        builder.Services.AddCrossMarginAdmin();
        WebApplication app = builder.Build();
        app.UseMiddleware<GatewayMiddleware>();
        app.MapCrossMarginAdmin();
        await app.StartAsync();
        var host = new AdminHost(folder, app, engine, journal, exchange, clock);
        if (!exists) await host.PriceAsync(10_000);
        return host;
    }

    /// <summary>The simple profile with a house, so that there is always a counterparty.</summary>
    public static VenueProfile NewProfile() => TestProfiles.Simple("""{"defaults":{"house":{"enabled":true}}}""");

    /// <summary>A new index price, in whole units of the settlement asset.</summary>
    public Task PriceAsync(long whole, MarketId? market = null) => SubmitAsync(ActorId.Of(market ?? Market), new SetIndexPrice
    {
        Market = market ?? Market,
        Index = Price(whole, market ?? Market),
    });

    public Price Price(long whole, MarketId market) =>
        Profile[market].TryParsePrice(whole.ToString(), DecimalRounding.Exact, out Price price) ? price : throw new ArgumentException("price");

    public async Task<CommandAnswer> SubmitAsync<T>(ActorId to, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message message = Message.Of(ActorId.Client, to, Service<CommandIds>().Next(), body);
        return (await Exchange.SubmitAsync([message]))[0];
    }

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<JsonNode> PostAsync(string path, object? body = null, int status = 200) => SendAsync(HttpMethod.Post, path, body, status);

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, int status = 200)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        if (status >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>A new account with a deposit; its number.</summary>
    public async Task<long> NewAccountAsync(string deposit = "10000") =>
        (long)(await PostAsync("/admin/v1/accounts", new { name = "somebody", deposit }, 201))["account"]!["number"]!;

    public async Task<AccountId> ExchangeAccountAsync(long number) => (await Service<IAccountDirectory>().FindAsync(number))!.Account;

    /// <summary>A market order of the account, in lots, that is filled whole; positive buys.</summary>
    public async Task TradeAsync(AccountId account, long lots)
    {
        CommandAnswer answer = await OrderAsync(account, lots);
        Assert.Equal(RejectReason.None, answer.Refusal.Reason);
        Assert.Equal(OrderStatus.Filled, answer.Events.Last(e => e.Kind == EventKind.OrderFilled).Body<OrderFilled>().Status);
    }

    public Task<CommandAnswer> OrderAsync(AccountId account, long lots) => SubmitAsync(ActorId.Of(account), new PlaceOrder
    {
        Market = Market,
        Side = lots > 0 ? Side.Buy : Side.Sell,
        Type = OrderType.Market,
        TimeInForce = TimeInForce.Ioc,
        Quantity = new Quantity(Math.Abs(lots)),
    });

    /// <summary>Waits until something in the background has happened; fails after five seconds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> done, string what)
    {
        for (int i = 0; i < 500; i++)
        {
            if (await done()) return;
            await Task.Delay(10);
        }

        Assert.Fail($"not within five seconds: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Exchange.Dispose();
        _journal.Dispose();
    }

    private sealed class NoControls : ISimulatorControls
    {
        private static NotSupportedException No => new("this host has no simulator controls");

        public Task<SimulatorState> StateAsync() => throw No;

        public Task PauseAsync() => throw No;

        public Task ResumeAsync() => throw No;

        public Task StepAsync(long milliseconds) => throw No;

        public Task SetSpeedAsync(decimal speed) => throw No;

        public Task ControlPriceAsync(MarketId market, PriceControl control) => throw No;

        public Task SetFeedAsync(FeedChoice feed) => throw No;

        public Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices) => throw No;

        public Task SetTradersAsync(TraderChoice traders) => throw No;
    }
}

/// <summary>Exchange time that a test moves.</summary>
internal sealed class FixedClock : IExchangeClock
{
    private long _now = 1_600_000_000_000;

    public Timestamp Now => new(Interlocked.Read(ref _now));

    public void Advance(long milliseconds) => Interlocked.Add(ref _now, milliseconds);
}
