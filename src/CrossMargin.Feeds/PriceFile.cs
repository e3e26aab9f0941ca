using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace CrossMargin.Feeds;

/// <summary>
/// A file of recorded prices or funding rates, whole in memory: plain text, gzip or a zip archive of one file, told apart by the first
/// bytes and not by the name. Its SHA-256 is that of the bytes on disk. The only place of this project that touches the file system.
/// </summary>
public sealed class PriceFile(string path, byte[] content)
{
    /// <summary>The path as the caller gave it.</summary>
    public string Path { get; } = path;

    /// <summary>SHA-256 of the file's bytes, lower-case hexadecimal.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Reads a file; a file that is missing, unreadable or longer than 2 GB is an error, not an exception.</summary>
    public static bool TryLoad(string path, [NotNullWhen(true)] out PriceFile? file, [NotNullWhen(false)] out FeedError? error)
    {
        (file, error) = (null, null);
        try
        {
            file = new PriceFile(path, File.ReadAllBytes(path));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error = new FeedError(path, 0, "no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = new FeedError(path, 0, $"cannot be read: {FeedError.Show(e.Message)}");
        }

        return false;
    }

    /// <summary>
    /// Hands each line and its number to <paramref name="row"/> until that returns an error, which is returned; null when all were read.
    /// </summary>
    internal FeedError? ReadLines(Func<string, long, FeedError?> row)
    {
        long number = 0;
        long blank = 0;
        try
        {
            using Stream? stream = Open(out string problem);
            if (stream is null) return new FeedError(Path, 0, problem);
            using var reader = new StreamReader(stream, new UTF8Encoding(false));
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (line.Length == 0)
                {
                    if (blank == 0) blank = number;
                    continue;
                }

                // Empty lines are an editor's doing at the end of a file, and a broken row anywhere else.
                if (blank > 0) return new FeedError(Path, blank, "the row is empty");
                if (row(line, number) is { } error) return error;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return new FeedError(Path, 0, "the compressed data is damaged or ends too early");
        }

        return number == 0 ? new FeedError(Path, 0, "the file is empty") : null;
    }

    private Stream? Open(out string problem)
    {
        problem = "";
        var bytes = new MemoryStream(content, writable: false);
        if (content is [0x1F, 0x8B, _, _, ..])
        {
            using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
            return Unpack(gzip, BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(content.Length - 4)));
        }

        if (content is not [(byte)'P', (byte)'K', 3, 4, ..]) return bytes;
        using var archive = new ZipArchive(bytes, ZipArchiveMode.Read);
        if (archive.Entries.Count == 1)
        {
            using Stream entry = archive.Entries[0].Open();
            return Unpack(entry, (uint)(archive.Entries[0].Length & uint.MaxValue));
        }

        problem = $"the zip archive holds {archive.Entries.Count} files, not one";
        return null;
    }

    // The runtime's streams end quietly where packed data was cut off; only the length that the archive states shows it.
    private static MemoryStream Unpack(Stream packed, uint lengthStated)
    {
        var plain = new MemoryStream();
        packed.CopyTo(plain);
        if ((uint)(plain.Length & uint.MaxValue) != lengthStated) throw new InvalidDataException();
        plain.Position = 0;
        return plain;
    }
}
