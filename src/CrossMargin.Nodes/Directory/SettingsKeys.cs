using System.Text;

namespace CrossMargin.Nodes.Directory;

/// <summary>Where a key lies: in which shard, and in which of its pages. The numbers reach the disk: never change them.</summary>
public static class SettingsKeys
{
    /// <summary>Shards of the directory.</summary>
    public const int Shards = 8;

    /// <summary>Pages of a shard.</summary>
    public const int Pages = 16;

    public static int ShardOf(string key) => (int)(Hash(key) % Shards);

    public static int PageOf(string key) => (int)(Hash(key) / Shards % Pages);

    // FNV-1a over the UTF-8 bytes: the same on every machine.
    private static uint Hash(string key)
    {
        uint hash = 2_166_136_261;
        foreach (byte b in Encoding.UTF8.GetBytes(key)) hash = unchecked((hash ^ b) * 16_777_619);
        return hash ^ (hash >> 15);
    }
}
