using System.Net.WebSockets;
using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>Sends values of others than the exchange (alerts) to the user data streams of an account. Thread-safe.</summary>
public interface IUserStreamSource
{
    /// <summary>To all streams of the account of the directory with this number; nothing where nobody listens.</summary>
    /// <param name="json">A JSON object with the keys e and E and none named status, error, id, event, data or stream.</param>
    void Publish(long accountNumber, ReadOnlyMemory<byte> json);
}

/// <summary>
/// The user data streams of the accounts that somebody listens to. An event of any other account costs one look-up; batches are looked
/// through only while there is a stream at all. Thread-safe.
/// </summary>
public sealed class UserStreamHub : IUserStreamSource
{
    private readonly IExchangeGateway _exchange;
    private readonly IAccountDirectory _directory;
    private readonly ListenKeyTable _keys;
    private readonly MarketStreams _markets;
    private readonly StreamOptions _options;
    private readonly MarginCalls _calls;
    private readonly Lock _gate = new();
    private readonly List<AccountStream> _touched = [];
    private readonly Action<Exception> _onFailure;
    private Dictionary<AccountId, AccountStream> _streams = [];

    internal UserStreamHub(
        IExchangeGateway exchange, IAccountDirectory directory, ListenKeyTable keys, MarketStreams markets, StreamOptions options,
        TimeProvider time, Action<Exception> onFailure)
    {
        (_exchange, _directory, _keys, _markets, _options) = (exchange, directory, keys, markets, options);
        _onFailure = onFailure;
        _calls = new MarginCalls(exchange, markets.Formats, options, time);
    }

    /// <summary>Accounts with a stream, for metrics and tests.</summary>
    public int StreamCount => Volatile.Read(ref _streams).Count;

    public void Publish(long accountNumber, ReadOnlyMemory<byte> json)
    {
        byte[]? copy = null;
        foreach (AccountStream stream in Volatile.Read(ref _streams).Values)
        {
            if (stream.Record.Number == accountNumber) stream.Publish(copy ??= json.ToArray());
        }
    }

    /// <summary>
    /// Makes a connection a listener and waits until the account's stream is complete: from then on nothing is missed. Null where the key
    /// is not alive.
    /// </summary>
    internal async Task<Topic?> ListenAsync(string listenKey, StreamConnection connection)
    {
        if (_keys.Find(listenKey) is not { } key) return null;
        AccountStream stream;
        Topic topic;
        lock (_gate)
        {
            if (!_streams.TryGetValue(key.Account.Account, out stream!))
            {
                stream = new AccountStream(key.Account, _markets.Formats, _markets.Marks, _options);
                _streams = new(_streams) { [key.Account.Account] = stream };
                _ = OpenAsync(stream);
            }

            topic = stream.TopicOf(listenKey);
            topic.Add(connection);
        }

        try
        {
            await stream.Ready.ConfigureAwait(false);
            return topic;
        }
        catch
        {
            topic.Remove(connection);
            throw;
        }
    }

    /// <summary>Called with each batch, in order, by one thread at a time.</summary>
    internal void OnEvents(EventBatch batch)
    {
        Dictionary<AccountId, AccountStream> streams = Volatile.Read(ref _streams);
        if (streams.Count == 0) return;
        FindTouched(batch, streams);

        foreach (AccountStream stream in _touched)
        {
            try
            {
                stream.OnEvents(batch);
            }
            catch (Exception e)
            {
                // A stream with a gap would be wrong from here on: its listeners are cut, and begin again from a snapshot.
                Cut(stream, "the stream lost its place");
                _onFailure(e);
            }
        }
    }

    /// <summary>
    /// Once a second: streams whose key ended or whose account is another now are told so; streams without listeners end.
    /// </summary>
    internal void Beat(Timestamp now)
    {
        foreach ((AccountId account, AccountStream stream) in Volatile.Read(ref _streams))
        {
            AccountRecord? owner = _directory.Owner(account);
            bool replaced = owner is null || owner.Account != account || owner.Status == AccountRecordStatus.Closed;
            foreach (Topic topic in stream.Topics)
            {
                if (topic.IsHeard && (replaced || _keys.Find(topic.Name) is not { } key
                    || key.Account.Account != account)) Expire(stream, topic, now);
            }

            EndIfUnheard(account, stream);
        }
    }

    /// <summary>Events were lost: all listeners are cut, and begin again from snapshots. Returns how many.</summary>
    internal int Lose(string reason)
    {
        int cut = 0;
        foreach (AccountStream stream in Volatile.Read(ref _streams).Values) cut += Cut(stream, reason);
        return cut;
    }

    /// <summary>Warns the pools that come near their liquidation.</summary>
    internal Task CallMarginsAsync() => _calls.BeatAsync(Volatile.Read(ref _streams).Values);

    private static void Expire(AccountStream stream, Topic topic, Timestamp now)
    {
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WriteString("e"u8, "listenKeyExpired"u8);
        json.WriteNumber("E"u8, now.Milliseconds);
        json.WriteString("listenKey"u8, topic.Name);
        byte[] told = UserJson.End(json);
        StreamConnection[] listeners = topic.Listeners();
        topic.Publish(told);
        stream.Remove(topic);
        foreach (StreamConnection listener in listeners)
        {
            topic.Remove(listener);
            listener.Close(WebSocketCloseStatus.NormalClosure, "listenKeyExpired");
        }
    }

    private async Task OpenAsync(AccountStream stream)
    {
        try
        {
            AccountSnapshot? snapshot = await _exchange.ReadAccountAsync(stream.Record.Account).ConfigureAwait(false);
            if (snapshot is null) throw new ExchangeUnavailableException("there is no such account");
            stream.Begin(snapshot);
            await stream.Ready.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            stream.Fail(e);
            lock (_gate) Forget(stream);
        }
    }

    // Other actors' batches are on sequences of their own, with which no account's stream can be compared.
    private void FindTouched(EventBatch batch, Dictionary<AccountId, AccountStream> streams)
    {
        _touched.Clear();
        if (batch.Source != ActorId.Client)
        {
            bool isAccount = batch.Source.Kind == ActorKind.Account;
            if (isAccount && streams.TryGetValue(new AccountId(batch.Source.Number), out AccountStream? own)) _touched.Add(own);
            return;
        }

        for (int i = 0; i < batch.Events.Count; i++)
        {
            if (streams.TryGetValue(batch.Events[i].Account, out AccountStream? stream) && !_touched.Contains(stream)) _touched.Add(stream);
        }
    }

    private void EndIfUnheard(AccountId account, AccountStream stream)
    {
        lock (_gate)
        {
            // Listeners are added under the same lock, so none can come between.
            if (!stream.IsHeard && _streams.GetValueOrDefault(account) == stream) Forget(stream);
        }
    }

    private int Cut(AccountStream stream, string reason)
    {
        lock (_gate) Forget(stream);
        stream.Fail(new ExchangeUnavailableException(reason)); // whoever waits for its snapshot
        return stream.Topics.Sum(t => t.Cut(reason));
    }

    private void Forget(AccountStream stream)
    {
        var streams = new Dictionary<AccountId, AccountStream>(_streams);
        if (streams.GetValueOrDefault(stream.Record.Account) == stream) streams.Remove(stream.Record.Account);
        Volatile.Write(ref _streams, streams);
    }
}
