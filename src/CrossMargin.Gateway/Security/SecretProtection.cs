using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Gateway.Security;

/// <summary>
/// Encrypts what is secret before it is stored. The key ring is its own, apart from the one of the application this may be embedded in.
/// Thread-safe.
/// </summary>
public sealed class SecretProtection
{
    private readonly IDataProtector _protector;

    private SecretProtection(IDataProtectionProvider provider) => _protector = provider.CreateProtector("CrossMargin.Secrets.v1");

    /// <summary>With a key ring in a folder, which is made for its owner only where the system knows owners.</summary>
    public static SecretProtection InFolder(string folder)
    {
        MakePrivate(folder);
        return Over(new FileSystemXmlRepository(new DirectoryInfo(folder), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
    }

    /// <summary>With the key ring that a folder holds, to which nothing is added; where there is none, with keys that are gone with the process.</summary>
    public static SecretProtection Reading(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.xml").Any()
        ? Over(new FileSystemXmlRepository(new DirectoryInfo(folder), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance), false)
        : Ephemeral();

    /// <summary>With a key ring wherever the repository keeps it: several processes that share it read each other's secrets.</summary>
    public static SecretProtection Over(IXmlRepository repository) => Over(repository, true);

    private static SecretProtection Over(IXmlRepository repository, bool makesKeys)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("CrossMargin");
        services.Configure<KeyManagementOptions>(o => (o.XmlRepository, o.AutoGenerateKeys) = (repository, makesKeys));
        return new SecretProtection(services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>());
    }

    /// <summary>With keys that are gone with the process.</summary>
    public static SecretProtection Ephemeral() => new(new EphemeralDataProtectionProvider());

    /// <summary>Cipher text in base64.</summary>
    public string Protect(string secret) => Convert.ToBase64String(_protector.Protect(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Null where the key ring does not know the key, or the text was changed.</summary>
    public byte[]? TryUnprotect(string text)
    {
        try
        {
            return _protector.Unprotect(Convert.FromBase64String(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static void MakePrivate(string folder)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, Owner);
        File.SetUnixFileMode(folder, Owner);
    }
}
