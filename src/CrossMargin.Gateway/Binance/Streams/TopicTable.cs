using System.Collections.Concurrent;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>The market streams by name; each is made when it is first asked for and then stays. Bounded by the names there are.</summary>
internal sealed class TopicTable(VenueProfile profile)
{
    // The same name always means the same stream; "@depth" and "@depth@250ms" are two names of it and two topics.
    private readonly ConcurrentDictionary<string, (Topic Topic, StreamName Name)> _byName = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Dictionary<(StreamKind, int Market), StreamTopic[]> _byKind = [];

    /// <summary>False for names that mean nothing here.</summary>
    public bool TryFind(string name, out StreamTopic topic)
    {
        if (_byName.TryGetValue(name, out (Topic Topic, StreamName Name) known))
        {
            topic = new StreamTopic(known.Topic, known.Name);
            return true;
        }

        topic = default;
        if (!StreamName.TryParse(name, profile, out StreamName parsed)) return false;
        lock (_gate)
        {
            if (!_byName.TryGetValue(name, out known))
            {
                known = (new Topic(name), parsed);
                _byName[name] = known;
                var key = (parsed.Kind, parsed.Market.Value);
                StreamTopic[] before = _byKind.GetValueOrDefault(key) ?? [];
                _byKind = new(_byKind) { [key] = [.. before, new StreamTopic(known.Topic, parsed)] };
            }
        }

        topic = new StreamTopic(known.Topic, known.Name);
        return true;
    }

    /// <summary>All streams that somebody ever asked for.</summary>
    public IEnumerable<Topic> All => _byName.Values.Select(t => t.Topic);

    /// <summary>The streams of a kind about a market (none: about all), those that somebody ever asked for.</summary>
    public StreamTopic[] Of(StreamKind kind, MarketId market) =>
        Volatile.Read(ref _byKind).GetValueOrDefault((kind, market.Value)) ?? [];
}

internal readonly record struct StreamTopic(Topic Topic, StreamName Name);
