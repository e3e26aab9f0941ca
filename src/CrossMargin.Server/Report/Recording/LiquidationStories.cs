using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>
/// Keeps the stories of the largest liquidations of a run, by notional at their start. A small one is not followed once enough larger
/// ones are known.
/// </summary>
public sealed class LiquidationStories(int keep)
{
    private readonly SortedDictionary<(int Account, long Liquidation), LiquidationStory> _open = [];
    private readonly SortedDictionary<(int Market, long Round), (int Account, long Liquidation)> _rounds = [];
    private readonly List<LiquidationStory> _largest = []; // largest first

    /// <summary>Ended ones and those under way, the largest first.</summary>
    public IReadOnlyList<LiquidationStory> Largest()
    {
        List<LiquidationStory> all = [.. _largest, .. _open.Values];
        all.Sort(LiquidationStory.CompareBySize);
        return all.Count <= keep ? all : all[..keep];
    }

    public void Tell(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.LiquidationStarted:
                Start(e);
                break;
            case EventKind.LiquidationOrdered:
                Add(e.Account, e.Body<LiquidationOrdered>().Liquidation, e);
                break;
            case EventKind.LiquidationStepped:
                Add(e.Account, e.Body<LiquidationStepped>().Liquidation, e);
                break;
            case EventKind.OrderFilled when !e.Body<OrderFilled>().Liquidation.IsNone:
                Add(e.Account, e.Body<OrderFilled>().Liquidation, e);
                break;
            case EventKind.TakeoverDecided:
                Add(e.Body<TakeoverDecided>().From, e.Body<TakeoverDecided>().Liquidation, e);
                break;
            case EventKind.DeleverageRoundStarted:
                StartRound(e);
                break;
            case EventKind.Deleveraged:
                if (_rounds.TryGetValue((e.Market.Value, e.Body<Deleveraged>().Round), out var bankrupt)) Add(bankrupt, e);
                break;
            case EventKind.DeleverageRoundEnded:
                _rounds.Remove((e.Market.Value, e.Body<DeleverageRoundEnded>().Round));
                break;
            case EventKind.LiquidationEnded:
                End(e);
                break;
        }
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(_largest.Count);
        foreach (LiquidationStory story in _largest) story.Write(writer);
        writer.WriteInt32(_open.Count);
        foreach (LiquidationStory story in _open.Values) story.Write(writer);
        writer.WriteInt32(_rounds.Count);
        foreach (((int market, long round), (int account, long liquidation)) in _rounds)
        {
            writer.WriteInt32(market);
            writer.WriteInt64(round);
            writer.WriteInt32(account);
            writer.WriteInt64(liquidation);
        }
    }

    public void Read(StateReader reader)
    {
        _largest.Clear();
        _open.Clear();
        _rounds.Clear();
        int largest = reader.ReadCount(8);
        for (int i = 0; i < largest; i++) _largest.Add(LiquidationStory.Read(reader));
        int open = reader.ReadCount(8);
        for (int i = 0; i < open; i++)
        {
            LiquidationStory story = LiquidationStory.Read(reader);
            _open.Add((story.Account.Value, story.Liquidation.Value), story);
        }

        int rounds = reader.ReadCount(24);
        for (int i = 0; i < rounds; i++) _rounds.Add((reader.ReadInt32(), reader.ReadInt64()), (reader.ReadInt32(), reader.ReadInt64()));
    }

    private void Start(in Event e)
    {
        ref readonly LiquidationStarted started = ref e.Body<LiquidationStarted>();
        if (_largest.Count == keep && started.Notional <= _largest[^1].Notional) return;
        var story = new LiquidationStory();
        story.Add(e);
        _open[(e.Account.Value, started.Liquidation.Value)] = story;
    }

    private void StartRound(in Event e)
    {
        ref readonly DeleverageRoundStarted round = ref e.Body<DeleverageRoundStarted>();
        (int, long) key = (round.Bankrupt.Value, round.Liquidation.Value);
        if (!_open.ContainsKey(key)) return;
        _rounds[(e.Market.Value, round.Round)] = key;
        Add(key, e);
    }

    private void End(in Event e)
    {
        (int, long) key = (e.Account.Value, e.Body<LiquidationEnded>().Liquidation.Value);
        if (!_open.Remove(key, out LiquidationStory? story)) return;
        story.Add(e);
        int at = _largest.BinarySearch(story, Comparer<LiquidationStory>.Create(LiquidationStory.CompareBySize));
        _largest.Insert(at < 0 ? ~at : at, story);
        if (_largest.Count > keep) _largest.RemoveAt(keep);
    }

    private void Add(AccountId account, LiquidationId liquidation, in Event e) => Add((account.Value, liquidation.Value), e);

    private void Add((int, long) key, in Event e)
    {
        if (_open.TryGetValue(key, out LiquidationStory? story)) story.Add(e);
    }
}
