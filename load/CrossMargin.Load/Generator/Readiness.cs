using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CrossMargin.Load.Generator;

/// <summary>
/// Waits until one of some sockets can be read, to the microsecond where the system lets it: what spins would take a core from the server
/// that is measured, what sleeps whole milliseconds would be late.
/// </summary>
internal sealed class Readiness
{
    private readonly Socket[] _sockets;
    private readonly PollDescriptor[] _descriptors;
    private readonly List<Socket> _select = [];
    private readonly bool[] _ready;

    public Readiness(IReadOnlyList<Socket> sockets)
    {
        _sockets = [.. sockets];
        _ready = new bool[_sockets.Length];
        _descriptors = [.. _sockets.Select(s => new PollDescriptor { Handle = (int)s.Handle, Wanted = PollDescriptor.Readable })];
    }

    /// <summary>Which sockets have something to read, by the order they were given, as of the last wait.</summary>
    public ReadOnlySpan<bool> Ready => _ready;

    /// <summary>False when the time passed first; a time below zero counts as none.</summary>
    public bool Wait(TimeSpan longest)
    {
        if (longest < TimeSpan.Zero) longest = TimeSpan.Zero;
        return OperatingSystem.IsLinux() ? Poll(longest) : Select(longest);
    }

    private bool Poll(TimeSpan longest)
    {
        var time = new TimeSpec
        {
            Seconds = longest.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = longest.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        int count = ppoll(_descriptors, (nuint)_descriptors.Length, time, 0);
        for (int i = 0; i < _ready.Length; i++) _ready[i] = count > 0 && _descriptors[i].Found != 0;
        return count > 0;
    }

    private bool Select(TimeSpan longest)
    {
        _select.Clear();
        _select.AddRange(_sockets);
        Socket.Select(_select, null, null, longest);
        Array.Clear(_ready);
        foreach (Socket socket in _select) _ready[Array.IndexOf(_sockets, socket)] = true;
        return _select.Count > 0;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ppoll([In, Out] PollDescriptor[] descriptors, nuint count, in TimeSpec longest, nint signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public const short Readable = 1;

        public int Handle;
        public short Wanted;
        public short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
