using System.Text;
using System.Text.Json;
using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// What one client of the stream endpoints is subscribed to, and its requests. Called by one thread at a time.
/// </summary>
internal sealed class StreamSession(StreamConnection connection, MarketStreams markets, UserStreamHub users, StreamOptions options)
{
    private readonly Dictionary<string, Topic> _topics = new(1, StringComparer.Ordinal);

    /// <summary>Subscribes to all of the streams or to none; gives what is wrong, or null.</summary>
    public async ValueTask<string?> SubscribeAsync(IReadOnlyList<string> names)
    {
        var added = new List<string>();
        string? fault = _topics.Count + names.Count > options.MaxStreams
            ? $"Invalid request: a connection may have {options.MaxStreams} streams, this one has {_topics.Count}"
            : null;
        bool complete = false;
        try
        {
            for (int i = 0; i < names.Count && fault is null; i++)
            {
                if (_topics.ContainsKey(names[i])) continue;
                Topic? topic = await ListenAsync(names[i]).ConfigureAwait(false);
                if (topic is null)
                {
                    fault = $"Invalid request: unknown stream {StreamRequest.Shorten(names[i])}";
                    break;
                }

                _topics[names[i]] = topic;
                added.Add(names[i]);
            }

            complete = fault is null;
            return fault;
        }
        finally
        {
            if (!complete) Unsubscribe(added);
        }
    }

    /// <summary>Handles one message and queues its answer.</summary>
    public async ValueTask HandleAsync(ReadOnlyMemory<byte> message)
    {
        StreamRequest request = StreamRequest.Read(message);
        string? fault = request.Fault;
        string result = "null";
        switch (request.Method)
        {
            case "SUBSCRIBE" when fault is null:
                try
                {
                    fault = await SubscribeAsync(request.Streams).ConfigureAwait(false);
                }
                catch (ExchangeUnavailableException)
                {
                    fault = "The exchange is not available.";
                }

                break;
            case "UNSUBSCRIBE" when fault is null:
                Unsubscribe(request.Streams);
                break;
            case "LIST_SUBSCRIPTIONS":
                result = JsonSerializer.Serialize(_topics.Keys.Order(StringComparer.Ordinal).ToArray(), s_plain);
                break;
            case "SET_PROPERTY":
                connection.IsCombined = request.Flag!.Value;
                break;
            case "GET_PROPERTY":
                result = connection.IsCombined ? "true" : "false";
                break;
        }

        connection.Enqueue(fault is null
            ? Encoding.UTF8.GetBytes($"{{\"result\":{result},\"id\":{request.Id}}}")
            : Error(request.Code, fault, request.Id));
    }

    /// <summary>The connection is over.</summary>
    public void End() => Unsubscribe([.. _topics.Keys]);

    public static byte[] Error(int code, string message, string id) =>
        Encoding.UTF8.GetBytes($"{{\"error\":{{\"code\":{code},\"msg\":{JsonSerializer.Serialize(message, s_plain)}}},\"id\":{id}}}");

    private static readonly JsonSerializerOptions s_plain = new()
    {
        Encoder =
        System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private async ValueTask<Topic?> ListenAsync(string name)
    {
        if (!markets.Topics.TryFind(name, out StreamTopic stream)) return await users.ListenAsync(name, connection).ConfigureAwait(false);
        stream.Topic.Add(connection);
        if (stream.Name.Kind != StreamKind.Depth) return stream.Topic;
        try
        {
            await markets[stream.Name.Market].BeginDepthAsync(stream).ConfigureAwait(false);
            return stream.Topic;
        }
        catch
        {
            stream.Topic.Remove(connection);
            throw;
        }
    }

    private void Unsubscribe(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (_topics.Remove(name, out Topic? topic)) topic.Remove(connection);
        }
    }
}
