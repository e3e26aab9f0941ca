namespace CrossMargin.Engine.Liquidation;

/// <summary>What a closing did to a holder's place in the ranking.</summary>
internal enum RankChange : byte
{
    None = 0,

    /// <summary>A part is left, with another score.</summary>
    Score = 1,

    /// <summary>Nothing is left.</summary>
    Gone = 2,
}

/// <summary>
/// The holders of one turn, the highest score first. They are sorted once; behind each walk from the top those who are gone leave, and the
/// one whose score changed goes to its new place, so that a walk costs what it visited.
/// </summary>
internal sealed class RankedHolders
{
    private DeleverageCandidate[] _candidates = [];
    private int[] _order = [];
    private int _head;
    private int _end;

    public int Count => _end - _head;

    /// <summary>Place 0 is the first to be closed.</summary>
    public ref DeleverageCandidate this[int place] => ref _candidates[_order[_head + place]];

    /// <summary>Empties it, with room for this many.</summary>
    public void Clear(int room)
    {
        _head = _end = 0;
        if (_order.Length >= room) return;
        int size = Math.Max(room, _order.Length * 2);
        _candidates = new DeleverageCandidate[size];
        _order = new int[size];
    }

    public void Add(in DeleverageCandidate candidate) => _candidates[_end++] = candidate;

    public void Sort()
    {
        Array.Sort(_candidates, 0, _end);
        for (int i = 0; i < _end; i++) _order[i] = i;
    }

    /// <summary>Ends a walk over the first <paramref name="visited"/> places. At most one of them has another score: a closing ends either
    /// the holder's position or the walk.</summary>
    public void EndWalk(int visited)
    {
        int changed = -1;
        int at = _head + visited;
        for (int i = at - 1; i >= _head; i--)
        {
            int candidate = _order[i];
            if (_candidates[candidate].Change == RankChange.None) _order[--at] = candidate;
            else if (_candidates[candidate].Change == RankChange.Score) changed = candidate;
        }

        _head = at;
        if (changed < 0) return;
        _candidates[changed].Change = RankChange.None;
        int place = PlaceOf(_candidates[changed]);
        _head--; // its old place is free
        Array.Copy(_order, _head + 1, _order, _head, place - _head - 1);
        _order[place - 1] = changed;
    }

    private int PlaceOf(in DeleverageCandidate candidate)
    {
        int low = _head;
        int high = _end;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (_candidates[_order[middle]].CompareTo(candidate) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
