namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// The keys of a market's storage: a ring of log keys, record n under key n mod K, and two snapshot keys written in turn. A log key is
/// overwritten, under the tag it has, only when a durable snapshot covers its record, so no key is ever without a tag again and a host
/// that was declared dead can append nothing.
/// </summary>
internal sealed class LogRing
{
    public const int Snapshots = 2;

    private readonly string[] _keys;
    private readonly string?[] _tags;
    private readonly long[] _snapshotLast = [-1, -1];

    public LogRing(int logKeys)
    {
        if (logKeys is < 4 or > 1024) throw new ArgumentOutOfRangeException(nameof(logKeys), logKeys, "a log ring has 4 to 1,024 keys");
        LogKeys = logKeys;
        _keys = new string[Snapshots + logKeys];
        _tags = new string?[_keys.Length];
        for (int i = 0; i < Snapshots; i++) _keys[i] = $"snapshot-{i}";
        for (int i = 0; i < logKeys; i++) _keys[Snapshots + i] = $"log-{i:d4}";
    }

    public int LogKeys { get; }

    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The last record that a durable snapshot covers; 0 when there is none yet.</summary>
    public long Covered => Math.Max(0, Math.Max(_snapshotLast[0], _snapshotLast[1]));

    /// <summary>Whether a record may be written: what lies under its key is covered.</summary>
    public bool HasRoomFor(long number) => number - LogKeys <= Covered;

    public static int SlotOfSnapshot(int which) => which;

    public int SlotOfRecord(long number) => Snapshots + (int)(number % LogKeys);

    public string KeyOf(int slot) => _keys[slot];

    public string? TagOf(int slot) => _tags[slot];

    public void SetTag(int slot, string? tag) => _tags[slot] = tag;

    public void SetSnapshot(int which, long last) => _snapshotLast[which] = last;

    /// <summary>The snapshot key whose content is older.</summary>
    public int NextSnapshot => _snapshotLast[0] <= _snapshotLast[1] ? 0 : 1;
}
