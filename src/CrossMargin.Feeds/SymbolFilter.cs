using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>Which market a symbol of a file means, and whether it is wanted.</summary>
internal sealed class SymbolFilter
{
    private readonly IReadOnlyList<MarketSpec> _markets;
    private readonly IReadOnlyList<string>? _wanted;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _slots;

    public SymbolFilter(IReadOnlyList<MarketSpec> markets, IReadOnlyList<string>? wanted)
    {
        _markets = markets;
        _wanted = wanted;
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < markets.Count; i++)
        {
            if (wanted is null || wanted.Contains(markets[i].Symbol)) slots[markets[i].Symbol] = i;
        }

        _slots = slots.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>A wanted symbol that has no market, or null.</summary>
    public FeedError? Check()
    {
        foreach (string symbol in _wanted ?? [])
        {
            if (!_slots.ContainsKey(symbol)) return new FeedError("", 0, $"symbol {FeedError.Show(symbol)} has no market");
        }

        return null;
    }

    /// <summary>True with the market's place in the list, or −1 for a symbol that is left out; false: it has no market.</summary>
    public bool TryFind(ReadOnlySpan<char> symbol, out int slot)
    {
        if (_slots.TryGetValue(symbol, out slot)) return true;
        slot = -1;
        return _wanted is not null && !_wanted.Contains(symbol.ToString());
    }

    public MarketSpec Market(int slot) => _markets[slot];
}
