using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>One call on its way through the dialect, from any transport. Taken from a pool and given back; never kept.</summary>
public sealed class CallContext
{
    private readonly ArrayBufferWriter<byte> _output = new(2048);

    public CallContext(BinanceServices services)
    {
        Services = services;
        Json = new Utf8JsonWriter(_output, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public BinanceServices Services { get; }
    public CallParameters Parameters { get; } = new();

    /// <summary>Where the handler writes its result.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>The checked key; null for public calls.</summary>
    public KeyGrant? Grant { get; set; }

    /// <summary>Wall clock at arrival, Unix milliseconds.</summary>
    public long WallTime { get; set; }

    /// <summary>The client's address as far as it is known.</summary>
    public IPAddress? Address { get; set; }

    public MarketFormats Markets => Services.Markets;

    public IExchangeGateway Exchange => Services.Exchange;

    /// <summary>Exchange time.</summary>
    public Timestamp Now => Services.Clock.Now;

    /// <summary>The caller's account of the exchange. Only for calls with a key.</summary>
    public AccountId Account => Grant!.Account.Account;

    /// <summary>The first fault found in the parameters.</summary>
    public BinanceError? Fault => Parameters.Error;

    /// <summary>What was written so far, flushed.</summary>
    public ReadOnlyMemory<byte> Output
    {
        get
        {
            Json.Flush();
            return _output.WrittenMemory;
        }
    }

    public Message Command<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(Account), Services.CommandIds.Next(), body);

    /// <summary>Hands in one command of the caller's account.</summary>
    public ValueTask<CommandAnswer> SubmitAsync<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        FirstAsync(Exchange.SubmitAsync([Command(body)]));

    public Task<AccountSnapshot?> ReadAccountAsync() => Exchange.ReadAccountAsync(Account);

    /// <summary>Throws away what was written.</summary>
    public void ClearOutput()
    {
        Json.Reset();
        if (_output.Capacity > 256 * 1024)
        {
            // A large answer's buffer is not kept for small ones.
            _output.Clear();
            Oversized = true;
            return;
        }

        _output.ResetWrittenCount();
    }

    /// <summary>Holds a buffer too large to keep in the pool.</summary>
    internal bool Oversized { get; private set; }

    private static async ValueTask<CommandAnswer> FirstAsync(Task<IReadOnlyList<CommandAnswer>> answers) => (await answers)[0];

    internal void Clear()
    {
        Parameters.Clear();
        ClearOutput();
        Grant = null;
        Address = null;
        WallTime = 0;
    }
}
