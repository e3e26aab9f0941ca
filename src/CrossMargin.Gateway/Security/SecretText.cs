using System.Security.Cryptography;
using System.Text;

namespace CrossMargin.Gateway.Security;

/// <summary>Secrets for people to copy, and how to compare them.</summary>
public static class SecretText
{
    private const string Alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>So many letters and digits from the system's random source; 64 hold more than 380 bits.</summary>
    public static string New(int length) => RandomNumberGenerator.GetString(Alphanumerics, length);

    /// <summary>In a time that depends on neither text.</summary>
    public static bool AreEqual(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(a)), SHA256.HashData(Encoding.UTF8.GetBytes(b)));
}
