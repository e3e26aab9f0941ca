using System.Runtime.InteropServices;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>Which kinds of events a mode keeps; asked before an event is copied.</summary>
internal sealed class EventFilter
{
    private readonly bool[] _kept = new bool[64];

    public EventFilter(HistoryMode mode)
    {
        foreach (EventKind kind in Enum.GetValues<EventKind>())
        {
            _kept[(int)kind] = mode switch
            {
                HistoryMode.All => kind != EventKind.None,
                HistoryMode.Trades => MovesMoneyOrPositions(kind),
                _ => false,
            };
        }
    }

    public bool Keeps(EventKind kind) => (uint)kind < (uint)_kept.Length && _kept[(int)kind];

    private static bool MovesMoneyOrPositions(EventKind kind) => kind switch
    {
        EventKind.None or EventKind.CommandRefused or EventKind.OrderAccepted or EventKind.OrderEnded or EventKind.OrderReduced => false,
        EventKind.OrderAmended or EventKind.TriggerAccepted or EventKind.TriggerEnded or EventKind.PriceChanged => false,
        EventKind.LeverageChanged or EventKind.MarginModeChanged or EventKind.PositionModeChanged => false,
        _ => true,
    };
}

/// <summary>A point of an account's equity curve: no event, because no command makes it, but it travels with them.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct EquitySampled : IPayload<EquitySampled, EventKind>
{
    public const EventKind Number = (EventKind)60_000;

    public Amount Wallet;
    public Amount Equity;

    public static EventKind Kind => Number;
}
