using System.Security.Cryptography;
using CrossMargin.Embedded.Engine;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// The state after one command, in memory: the exchange's, and where a run has more (traders, feed, report), a second section for that.
/// </summary>
public sealed class SnapshotImage
{
    /// <summary>Section numbers; they reach the disk.</summary>
    public const int Exchange = 1;
    public const int Run = 2;

    private readonly List<byte[]>[] _sections = [[], [], []];

    public SnapshotImage(long sequence, Timestamp time) => (Sequence, Time) = (sequence, time);

    public long Sequence { get; }

    /// <summary>The version that wrote it; of one that was not read from a journal, this one.</summary>
    public string EngineVersion { get; internal init; } = JournalFormat.EngineVersion;

    /// <summary>Exchange time.</summary>
    public Timestamp Time { get; }

    /// <summary>Copies the state of an engine between two commands.</summary>
    public static SnapshotImage Of(ExchangeEngine engine)
    {
        var image = new SnapshotImage(engine.Sequence, engine.Now);
        engine.WriteState(piece => image.Add(Exchange, piece));
        return image;
    }

    /// <summary>Adds a piece to a section; a copy is kept.</summary>
    public void Add(int section, ReadOnlySpan<byte> piece) => _sections[section].Add(piece.ToArray());

    /// <summary>The section's bytes in one piece; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Whole(int section)
    {
        List<byte[]> parts = _sections[section];
        if (parts.Count == 1) return parts[0];
        byte[] whole = new byte[parts.Sum(p => p.Length)];
        int at = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }

        return whole;
    }

    /// <summary>SHA-256 of the exchange's section: the state hash.</summary>
    public string Hash() => Hash([Exchange]);

    /// <summary>SHA-256 of both sections, by which damage is noticed.</summary>
    internal string WholeHash() => Hash([Exchange, Run]);

    internal IReadOnlyList<byte[]> Parts(int section) => _sections[section];

    internal void AddOwned(int section, byte[] piece) => _sections[section].Add(piece);

    private string Hash(ReadOnlySpan<int> sections)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int section in sections)
        {
            foreach (byte[] part in _sections[section]) sha.AppendData(part);
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
