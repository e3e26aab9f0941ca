using CrossMargin.Model;

namespace CrossMargin.Engine.Actors;

/// <summary>The events of the commands since the last <see cref="Clear"/>, in order. Grows by doubling, never shrinks.</summary>
public sealed class EventBuffer
{
    private Event[] _events = new Event[64];

    public int Count { get; private set; }

    public ReadOnlySpan<Event> Events => _events.AsSpan(0, Count);

    public ref Event Add()
    {
        if (Count == _events.Length) Array.Resize(ref _events, Count * 2);
        ref Event slot = ref _events[Count++];
        slot = default;
        return ref slot;
    }

    public void Clear() => Count = 0;
}
