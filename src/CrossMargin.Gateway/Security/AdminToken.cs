using System.Text;

namespace CrossMargin.Gateway.Security;

/// <summary>The operator's token: from the environment, or made once and kept in a file that only its owner can read.</summary>
public sealed class AdminToken
{
    public const string EnvironmentVariable = "CROSSMARGIN_ADMIN_TOKEN";

    public const string FileName = "admin.token";

    private const int MinLength = 16;
    private const int NewLength = 43;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _token;

    private AdminToken(string token, string? file) => (_token, File) = (token, file);

    /// <summary>Where it is kept, or null: it was given, or is gone with the process.</summary>
    public string? File { get; }

    /// <summary>At least 16 characters, none of them blank; throws <see cref="ArgumentException"/>.</summary>
    public static AdminToken Given(string token) =>
        IsToken(token) ? new AdminToken(token, null) : throw new ArgumentException(Rule, nameof(token));

    public static AdminToken OfProcess() => new(SecretText.New(NewLength), null);

    /// <summary>
    /// Reads the folder's token, or makes it. A file that others could read is closed to them first; an empty one, which nobody can have been
    /// told, is made anew. Throws <see cref="IOException"/> where the file holds no token.
    /// </summary>
    public static AdminToken OfFolder(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (System.IO.File.Exists(path))
        {
            if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(path, OwnerOnly);
            string kept = System.IO.File.ReadAllText(path).Trim();
            if (kept.Length > 0) return IsToken(kept) ? new AdminToken(kept, path) : throw new IOException($"{path}: holds no token: {Rule}");
        }

        string token = SecretText.New(NewLength);
        Write(path, token);
        return new AdminToken(token, path);
    }

    /// <summary>In a time that says nothing about the token.</summary>
    public bool Matches(string candidate) => SecretText.AreEqual(candidate, _token);

    /// <summary>The token itself, to be shown to the operator once; never logged.</summary>
    public string Reveal() => _token;

    /// <summary>Never the token.</summary>
    public override string ToString() => "admin token";

    private static string Rule => $"the admin token must have at least {MinLength} printable ASCII characters and no blanks";

    private static bool IsToken(string text) => text.Length >= MinLength && !text.Any(c => c is <= ' ' or > '~');

    // Whole or not at all, also where the process is killed meanwhile.
    private static void Write(string path, string token)
    {
        string part = path + ".part";
        System.IO.File.Delete(part);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(part, options))
        {
            file.Write(Encoding.ASCII.GetBytes(token + "\n"));
            file.Flush(flushToDisk: true);
        }

        System.IO.File.Move(part, path, overwrite: true);
    }
}
