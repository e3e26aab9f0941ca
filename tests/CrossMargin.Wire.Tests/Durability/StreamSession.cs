using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>One connection of a user stream: hands every event to the ledger and keeps what the stream alone says.</summary>
internal sealed class StreamSession : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly AccountLedger _ledger;
    private readonly Dictionary<string, (string Status, decimal Executed)> _last = [];
    private readonly List<TradeKey> _trades = [];
    private readonly TaskCompletionSource _sentinel = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _sentinelId;

    private StreamSession(AccountLedger ledger) => _ledger = ledger;

    /// <summary>Ends with the connection; faulted if what the stream said cannot be.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>Trades in the order told. To be read once <see cref="Reading"/> has ended, or under the ledger's lock.</summary>
    public IReadOnlyList<TradeKey> Trades => _trades;

    /// <summary>The last state of each order told, by client order id.</summary>
    public IReadOnlyDictionary<string, (string Status, decimal Executed)> Last => _last;
    public decimal? Wallet { get; private set; }
    public decimal? Position { get; private set; }
    public int Events { get; private set; }

    public static async Task<StreamSession> OpenAsync(Uri address, string listenKey, bool isLegacy, AccountLedger ledger)
    {
        var session = new StreamSession(ledger);
        string path = isLegacy ? $"/ws/{listenKey}" : $"/private/ws?listenKey={listenKey}";
        await session._socket.ConnectAsync(new Uri($"ws://{address.Authority}{path}"), CancellationToken.None);
        session.Reading = Task.Run(session.ReadAsync);
        return session;
    }

    /// <summary>Ends when the stream told that this order was cancelled: by then it has told all that came before.</summary>
    public Task SeenAsync(string clientId)
    {
        lock (_ledger.Lock)
        {
            _sentinelId = clientId;
            if (_last.TryGetValue(clientId, out var state) && state.Status == "CANCELED") _sentinel.TrySetResult();
        }

        return Task.WhenAny(_sentinel.Task, Reading).Unwrap().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        var whole = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            try
            {
                ValueWebSocketReceiveResult got = await _socket.ReceiveAsync(whole.GetMemory(4096), CancellationToken.None);
                if (got.MessageType == WebSocketMessageType.Close) return;
                whole.Advance(got.Count);
                if (!got.EndOfMessage) continue;
            }
            catch (WebSocketException)
            {
                return; // the server was killed, or the test closed the socket
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            using JsonDocument told = JsonDocument.Parse(whole.WrittenMemory);
            Hear(told.RootElement);
            whole.ResetWrittenCount();
        }
    }

    private void Hear(JsonElement told)
    {
        Events++;
        _ledger.HearEvent(told);
        lock (_ledger.Lock)
        {
            if (told.Word("e") == "ORDER_TRADE_UPDATE") Follow(told.GetProperty("o"));
            if (told.Word("e") == "ACCOUNT_UPDATE") Follow(told.GetProperty("a").GetProperty("B"), told.GetProperty("a").GetProperty("P"));
        }
    }

    private void Follow(JsonElement order)
    {
        string id = order.Word("c");
        (string status, decimal executed) = (order.Word("X"), order.Number("z"));
        bool known = _last.TryGetValue(id, out var before);
        Assert.False(known && OrderStory.IsEnd(before.Status), $"{id}: {status} on the stream after {(known ? before.Status : "")}");
        if (order.Word("x") == "TRADE")
        {
            decimal step = order.Number("l");
            Assert.True(!known || before.Executed + step == executed, $"{id}: {before.Executed} + {step} executed is told as {executed}");
            _trades.Add(new TradeKey(order.Whole("t"), order.Word("S")));
        }

        _last[id] = (status, executed);
        if (id == _sentinelId && status == "CANCELED") _sentinel.TrySetResult();
    }

    private void Follow(JsonElement balances, JsonElement positions)
    {
        foreach (JsonElement balance in balances.EnumerateArray())
        {
            if (balance.Word("a") == "USDT") Wallet = balance.Number("wb");
        }

        foreach (JsonElement position in positions.EnumerateArray())
        {
            if (position.Word("s") == _ledger.Symbol && position.Word("ps") == "BOTH") Position = position.Number("pa");
        }
    }
}
