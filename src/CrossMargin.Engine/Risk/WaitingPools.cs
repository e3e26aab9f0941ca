using System.Runtime.InteropServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>The lists of liquidatable pools that wait for a paused market, one list a market.</summary>
internal sealed class WaitingPools
{
    private readonly PoolSlots _slots;
    private readonly List<int>[] _lists;

    public WaitingPools(PoolSlots slots, int markets)
    {
        _slots = slots;
        _lists = new List<int>[markets];
        for (int i = 0; i < markets; i++) _lists[i] = [];
    }

    public int CountOf(MarketId market) => _lists[market.Value - 1].Count;

    /// <summary>The pool waits for nothing yet.</summary>
    public void Add(int handle, MarketId market)
    {
        List<int> list = _lists[market.Value - 1];
        ref PoolSlots.Slot slot = ref _slots[handle];
        slot.WaitsFor = market;
        slot.Link = list.Count;
        list.Add(handle);
    }

    public void Remove(int handle)
    {
        ref PoolSlots.Slot slot = ref _slots[handle];
        if (slot.WaitsFor.IsNone) return;
        List<int> list = _lists[slot.WaitsFor.Value - 1];
        int last = list[^1];
        list[slot.Link] = last;
        _slots[last].Link = slot.Link;
        list.RemoveAt(list.Count - 1);
        slot.WaitsFor = MarketId.None;
        slot.Link = 0;
    }

    /// <summary>The market trades again: its list is emptied into <paramref name="released"/>.</summary>
    public void Release(MarketId market, List<int> released)
    {
        List<int> list = _lists[market.Value - 1];
        if (list.Count == 0) return;
        foreach (int handle in list)
        {
            ref PoolSlots.Slot slot = ref _slots[handle];
            slot.WaitsFor = MarketId.None;
            slot.Link = 0;
            released.Add(handle);
        }

        list.Clear();
    }

    public void CopyTo(MarketId market, List<PoolId> pools)
    {
        int start = pools.Count;
        foreach (int handle in _lists[market.Value - 1]) pools.Add(_slots[handle].Pool);
        CollectionsMarshal.AsSpan(pools)[start..].Sort();
    }
}
