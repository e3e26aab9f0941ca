using System.Security.Cryptography;
using System.Text;

namespace CrossMargin.Server.Simulate;

/// <summary>Text files that the user names.</summary>
public static class InputFiles
{
    private const long MostBytes = 16 << 20;

    /// <summary>The text of a file; a file that cannot be used is a <see cref="BadInputException"/> that names it.</summary>
    public static string Read(string option, string path)
    {
        try
        {
            RefuseDirectory(option, path);
            var file = new FileInfo(path);
            if (!file.Exists) throw new BadInputException($"{option}: {path}: no such file");
            if (file.Length > MostBytes) throw new BadInputException($"{option}: {path}: {file.Length} bytes, more than {MostBytes}");
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException($"{option}: {path}: not UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{option}: {path}: cannot be read: {e.Message}");
        }
    }

    /// <summary>Says that a path is not a file, where the system would say that access is denied.</summary>
    public static void RefuseDirectory(string option, string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{option}: {path}: is a directory");
    }

    /// <summary>Lower-case hexadecimal.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
