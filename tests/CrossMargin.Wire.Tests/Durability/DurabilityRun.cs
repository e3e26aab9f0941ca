using System.Net.WebSockets;
using CrossMargin.Embedded.Audit;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>What a run did.</summary>
internal sealed record DurabilityFigures(
    int Kills, long Answers, TimeSpan Trading, long Orders, long Trades, long StreamEvents, AuditFigures Audit)
{
    public override string ToString() =>
        $"{Kills} kills, {Answers} answers in {Trading.TotalSeconds:F1} s ({Answers / Trading.TotalSeconds:F0}/s), "
        + $"{Orders} orders, {Trades} fills, {StreamEvents} stream events; {Audit.Assets[0]}";
}

/// <summary>
/// Accounts trade with each other and with the house at full speed while the server is killed again and again; after each start on the
/// same folder everything that was told is looked for.
/// </summary>
internal sealed class DurabilityRun : IDisposable
{
    private const int Accounts = 6;
    private const int LanesPerAccount = 2;

    // Without a figure of this machine yet the first round is a short one.
    private const double UsualRate = 300;
    private static readonly string[] s_symbols = ["BTCUSDT", "ETHUSDT"];
    private static readonly string[] s_options = ["--traders", "0", "--limits", "off"];

    private readonly string _folder;
    private readonly Random _random;
    private readonly RoundClock _clock = new();
    private readonly List<AccountLedger> _ledgers = [];
    private readonly List<TradingLane> _lanes = [];
    private readonly List<BinanceClient> _clients = [];
    private readonly Dictionary<string, MarketTerms> _markets = [];
    private readonly StreamSession?[] _streams = new StreamSession?[Accounts];
    private readonly string[] _listenKeys = new string[Accounts];
    private readonly HttpClient _http;
    private ServerProcess _server;
    private long _streamEvents;

    private DurabilityRun(string folder, int seed)
    {
        (_folder, _random) = (folder, new Random(seed));
        _server = ServerProcess.Start(folder, 0, s_options);
        _http = NewHttp();
    }

    /// <param name="kills">How often the server is killed.</param>
    /// <param name="seconds">Of trading, in all rounds together; how they are shared among the rounds is drawn.</param>
    public static async Task<DurabilityFigures> RunAsync(string folder, int seed, int kills, int seconds)
    {
        using var run = new DurabilityRun(folder, seed);
        double[] shares = [.. Enumerable.Range(0, kills + 1).Select(_ => run._random.NextDouble())];
        long AnswersOf(int round)
        {
            double left = Math.Max(0, seconds - run._clock.Trading.TotalSeconds) * shares[round - 1] / shares[(round - 1)..].Sum();
            return 1 + (long)((run._clock.Rate > 0 ? run._clock.Rate : UsualRate) * left);
        }

        await run.OpenAccountsAsync();
        for (int round = 1; round <= kills; round++)
        {
            await run.RoundAsync(AnswersOf(round), round, isLast: false);
            run.Restart();
            await run.VerifyAsync();
        }

        await run.RoundAsync(AnswersOf(kills + 1), kills + 1, isLast: true);
        await run.CompareStreamsAsync();
        return run.End(kills);
    }

    public void Dispose()
    {
        foreach (StreamSession? stream in _streams) stream?.Dispose();
        _server.Dispose();
        _http.Dispose();
    }

    private HttpClient NewHttp() => new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        BaseAddress = _server.Address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    private async Task OpenAccountsAsync()
    {
        var admin = new AdminClient(_http);
        foreach (string symbol in s_symbols) _markets.Add(symbol, await MarketTerms.ReadAsync(_http, symbol));
        for (int i = 0; i < Accounts; i++)
        {
            string symbol = s_symbols[i % s_symbols.Length];
            TestAccount account = await admin.OpenAsync($"trader-{i}", 1_000_000 + i);
            var client = new BinanceClient(_http, account.Key, account.Secret);
            var ledger = new AccountLedger(account, symbol);
            _ledgers.Add(ledger);
            _clients.Add(client);
            for (int lane = 0; lane < LanesPerAccount; lane++)
            {
                _lanes.Add(new TradingLane(ledger, client, _markets[symbol], $"w{i}-{lane}", _random.Next(), _clock, lane == 0));
            }
        }
    }

    // Streams are there before the first order, so that what they tell of the round is whole.
    private async Task RoundAsync(long answers, int round, bool isLast)
    {
        foreach ((string symbol, MarketTerms market) in _markets) await market.RefreshAsync(_http, symbol);
        for (int i = 0; i < Accounts; i++) await OpenStreamAsync(i, isLegacy: (i + round) % 2 == 0);
        foreach (TradingLane lane in _lanes) lane.StartRound();
        _clock.Begin(_server, answers, kills: !isLast);
        await Task.WhenAll(_lanes.Select(l => Task.Run(l.RunAsync)));
        if (isLast) return;
        _server.WaitForEnd();
        foreach (StreamSession? stream in _streams)
        {
            await stream!.Reading.WaitAsync(TimeSpan.FromSeconds(30));
            _streamEvents += stream.Events;
        }
    }

    private void Restart()
    {
        int port = _server.Address.Port;
        _server.Dispose();
        _server = ServerProcess.Start(_folder, port, s_options);
    }

    private async Task OpenStreamAsync(int i, bool isLegacy)
    {
        _streams[i]?.Dispose();
        WireAnswer answer = await _clients[i].KeyedAsync(HttpMethod.Post, "/fapi/v1/listenKey");
        Assert.True(answer.IsSuccess, $"listenKey: {answer}");
        _listenKeys[i] = answer.Body.Word("listenKey");
        _streams[i] = await StreamSession.OpenAsync(_server.Address, _listenKeys[i], isLegacy, _ledgers[i]);
    }

    private async Task VerifyAsync()
    {
        await CheckOldListenKeyAsync();
        var states = new AccountState[Accounts];
        for (int i = 0; i < Accounts; i++)
        {
            states[i] = await new Verifier(_ledgers[i], _clients[i]).VerifyAsync();
            CheckContinuity(_streams[i]!, states[i]);
        }

        CheckBothSides(states);
    }

    // A key from before the kill either still works, or says clearly that it does not.
    private async Task CheckOldListenKeyAsync()
    {
        WireAnswer renewed = await _clients[0].KeyedAsync(HttpMethod.Put, "/fapi/v1/listenKey");
        if (renewed.IsSuccess) return;
        Assert.Equal(-1125, renewed.Code);
        try
        {
            using StreamSession old = await StreamSession.OpenAsync(_server.Address, _listenKeys[0], false, _ledgers[0]);
            await old.Reading.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (WebSocketException)
        {
            // refused at the door
        }
    }

    // Between the first trade that a connection told and the last, it told each of the account's trades once.
    private static void CheckContinuity(StreamSession stream, AccountState state)
    {
        if (stream.Trades.Count == 0) return;
        (long first, long last) = (stream.Trades[0].Id, stream.Trades[^1].Id);
        IEnumerable<TradeKey> between = state.Trades.Select(t => t.Key).Where(k => k.Id >= first && k.Id <= last);
        var missing = between.ToHashSet();
        missing.SymmetricExceptWith(stream.Trades);
        missing.RemoveWhere(k => k.Id == last); // the other side of one's own trade may have been cut off
        Assert.True(missing.Count == 0, $"a connection left trades out: {string.Join(' ', missing)}");
        Assert.Equal(stream.Trades.Count, stream.Trades.Distinct().Count());
        Assert.True(stream.Trades.Zip(stream.Trades.Skip(1)).All(p => p.First.Id <= p.Second.Id), "a connection told trades out of order");
    }

    // Two accounts on two sides of a trade tell the same of it.
    private void CheckBothSides(AccountState[] states)
    {
        var seen = new Dictionary<(string Symbol, long Id), TradeFact>();
        for (int i = 0; i < Accounts; i++)
        {
            foreach (TradeFact trade in states[i].Trades)
            {
                if (seen.TryAdd((_ledgers[i].Symbol, trade.Id), trade)) continue;
                TradeFact other = seen[(_ledgers[i].Symbol, trade.Id)];
                bool match = trade.Price == other.Price && trade.Quantity == other.Quantity && trade.Side != other.Side && trade.IsMaker != other.IsMaker;
                Assert.True(match, $"{trade} and {other} are two sides of one trade");
            }
        }
    }

    // At rest, what a connection said last of each order, of the wallet and of the position is what REST says.
    private async Task CompareStreamsAsync()
    {
        var sentinels = new List<Task>();
        for (int i = 0; i < Accounts; i++)
        {
            string symbol = _ledgers[i].Symbol;
            await MustAsync(_clients[i].SignedAsync(HttpMethod.Delete, "/fapi/v1/allOpenOrders", ("symbol", symbol)));
            await MustAsync(_clients[i].SignedAsync(HttpMethod.Delete, "/fapi/v1/algoOpenOrders", ("symbol", symbol)));
        }

        for (int i = 0; i < Accounts; i++)
        {
            var terms = new Terms(_markets[_ledgers[i].Symbol].Near("BUY", 300), _markets[_ledgers[i].Symbol].Size(0));
            string id = _ledgers[i].Sending($"sentinel-{i}", "BUY", "LIMIT", terms).ClientId;
            string symbol = _ledgers[i].Symbol;
            await MustAsync(_clients[i].SignedAsync(
                HttpMethod.Post, "/fapi/v1/order", ("symbol", symbol), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "GTX"),
                ("quantity", terms.Quantity), ("price", terms.Price), ("newClientOrderId", id)));
            await MustAsync(_clients[i].SignedAsync(HttpMethod.Delete, "/fapi/v1/order", ("symbol", symbol), ("origClientOrderId", id)));
            sentinels.Add(_streams[i]!.SeenAsync(id));
        }

        await Task.WhenAll(sentinels);
        var states = new AccountState[Accounts];
        for (int i = 0; i < Accounts; i++)
        {
            states[i] = await new Verifier(_ledgers[i], _clients[i]).VerifyAsync();
            Compare(_streams[i]!, states[i]);
            CheckContinuity(_streams[i]!, states[i]);
            _streamEvents += _streams[i]!.Events;
        }

        CheckBothSides(states);
    }

    private static async Task MustAsync(Task<WireAnswer> call)
    {
        WireAnswer answer = await call;
        Assert.True(answer.IsSuccess, $"{answer}");
    }

    private static void Compare(StreamSession stream, AccountState state)
    {
        var byClientId = state.Orders.Values.ToDictionary(o => o.Word("clientOrderId"));
        foreach ((string id, (string status, decimal executed)) in stream.Last)
        {
            if (!byClientId.TryGetValue(id, out var order)) continue; // refused: told, and not kept
            bool same = order.Word("status") == status && order.Number("executedQty") == executed;
            Assert.True(same, $"{id}: the stream ended with {status}, {executed}; REST says {order}");
        }

        Assert.True(stream.Wallet is null || stream.Wallet == state.Wallet, $"the stream ended with a wallet of {stream.Wallet}, REST says {state.Wallet}");
        Assert.True(stream.Position is null || stream.Position == state.Position, $"the stream ended at {stream.Position}, REST says {state.Position}");
    }

    // One last kill: the folder as the disk has it is opened by the library. Then a start and a clean end leave the same state.
    private DurabilityFigures End(int kills)
    {
        _server.Kill();
        _server.WaitForEnd();
        AuditFigures audit = CheckJournal();
        Restart();
        int code = _server.Stop();
        Assert.True(code == 0, $"Ctrl-C ended the server with {code}: {_server.Said}");
        CheckJournal();
        long orders = _ledgers.Sum(l => (long)l.Orders.Count);
        long trades = _ledgers.Sum(l => (long)l.Trades.Count);
        return new DurabilityFigures(kills + 1, _clock.Total, _clock.Trading, orders, trades, _streamEvents, audit);
    }

    private AuditFigures CheckJournal()
    {
        var placed = new HashSet<string>();
        return JournalCheck.Examine(_folder, (command, _) =>
        {
            if (command.Kind != Model.MessageKind.PlaceOrder) return;
            string id = command.Body<Model.PlaceOrder>().ClientOrderId.ToString();
            if (id.Length > 0) Assert.True(placed.Add($"{command.To} {id}"), $"{id} was taken twice");
        });
    }
}
