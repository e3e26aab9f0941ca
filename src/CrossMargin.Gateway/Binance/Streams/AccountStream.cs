using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// The user data stream of one account: waits for its snapshot, then tells each batch to all listen keys of the account. Events come from
/// one thread, listeners from many.
/// </summary>
internal sealed class AccountStream(AccountRecord record, MarketFormats formats, long[] marks, StreamOptions options)
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _output = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<EventBatch>? _waiting = [];
    private Topic[] _topics = [];
    private AccountTeller? _teller;

    /// <summary>As it was when the stream opened.</summary>
    public AccountRecord Record => record;

    /// <summary>Ends when the snapshot is there and what happened since was told; fails where it could not be read.</summary>
    public Task Ready => _ready.Task;

    public IReadOnlyList<Topic> Topics => Volatile.Read(ref _topics);

    public bool IsHeard => Topics.Any(t => t.IsHeard);

    /// <summary>When a pool was last warned of (wall clock), by market and side; the cross pool under market 0.</summary>
    public Dictionary<(int Market, PositionSide Side), DateTimeOffset> Warned { get; } = [];

    public Topic TopicOf(string listenKey)
    {
        lock (_gate)
        {
            Topic? topic = _topics.FirstOrDefault(t => t.Name == listenKey);
            if (topic is not null) return topic;
            topic = new Topic(listenKey);
            Volatile.Write(ref _topics, [.. _topics, topic]);
            return topic;
        }
    }

    public void Remove(Topic topic)
    {
        lock (_gate) Volatile.Write(ref _topics, [.. _topics.Where(t => t != topic)]);
    }

    public void Begin(AccountSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_waiting is null) return; // it failed meanwhile
            _teller = new AccountTeller(record.Account, snapshot, formats, marks);
            foreach (EventBatch batch in _waiting) Tell(batch);
            _waiting = null;
        }

        _ready.TrySetResult();
    }

    public void Fail(Exception e)
    {
        lock (_gate) _waiting = null;
        _ready.TrySetException(e);
        _ = _ready.Task.Exception; // whoever waits for it sees it
    }

    public void OnEvents(EventBatch batch)
    {
        lock (_gate)
        {
            if (_teller is not null)
            {
                Tell(batch);
                return;
            }

            _waiting?.Add(batch);
            if (_waiting?.Count < options.MaxOpeningBatches) return;
        }

        Fail(new ExchangeUnavailableException("the account's snapshot took too long"));
    }

    /// <summary>The same value to all listen keys.</summary>
    public void Publish(byte[] json)
    {
        foreach (Topic topic in Topics) topic.Publish(json);
    }

    private void Tell(EventBatch batch)
    {
        _output.Clear();
        _teller!.Apply(batch, _output);
        foreach (byte[] json in _output) Publish(json);
    }
}
