using System.Runtime.InteropServices;
using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>Everything that happened in one liquidation, in order: its record of explanation.</summary>
public sealed class LiquidationStory
{
    /// <summary>A story longer than this keeps its beginning and its end; the report says how much is left out.</summary>
    public const int LongestStory = 60;

    private readonly List<Event> _events = [];

    public IReadOnlyList<Event> Events => _events;

    /// <summary>Events between the last but one and the last that are not kept.</summary>
    public int LeftOut { get; private set; }

    public AccountId Account => _events[0].Account;

    public LiquidationId Liquidation => _events[0].Body<LiquidationStarted>().Liquidation;

    public Amount Notional => _events[0].Body<LiquidationStarted>().Notional;

    public bool IsOver => _events[^1].Kind == EventKind.LiquidationEnded;

    public void Add(in Event e)
    {
        if (_events.Count < LongestStory || e.Kind == EventKind.LiquidationEnded) _events.Add(e);
        else LeftOut++;
    }

    /// <summary>Larger ones first, then the earlier, then by account.</summary>
    public static int CompareBySize(LiquidationStory a, LiquidationStory b)
    {
        int order = b.Notional.CompareTo(a.Notional);
        if (order == 0) order = a.Events[0].Time.CompareTo(b.Events[0].Time);
        if (order == 0) order = a.Account.CompareTo(b.Account);
        return order != 0 ? order : a.Liquidation.Value.CompareTo(b.Liquidation.Value);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(LeftOut);
        writer.WriteBytes(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_events)));
    }

    public static LiquidationStory Read(StateReader reader)
    {
        var story = new LiquidationStory { LeftOut = reader.ReadInt32() };
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        int size = MemoryMarshal.AsBytes<Event>(new Event[1]).Length;
        if (bytes.Length == 0 || bytes.Length % size != 0) throw reader.Fault($"{bytes.Length} bytes of events, {size} each");
        for (int at = 0; at < bytes.Length; at += size) story._events.Add(MemoryMarshal.Read<Event>(bytes[at..]));
        return story;
    }
}
