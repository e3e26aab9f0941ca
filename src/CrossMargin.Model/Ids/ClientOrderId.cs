using System.Runtime.CompilerServices;
using System.Text;

namespace CrossMargin.Model;

/// <summary>
/// A client's own name for an order: 1 to 36 characters of <c>.A-Z:/a-z0-9_-</c>, held in place without allocation. The default value
/// is "none given". Equality is by characters. Unique among the open orders of an account.
/// </summary>
[InlineArray(Words)]
public struct ClientOrderId : IEquatable<ClientOrderId>
{
    /// <summary>The longest accepted text.</summary>
    public const int MaxLength = 36;

    /// <summary>Its size in words of 8 bytes, as it is held and written.</summary>
    public const int Words = 5;

    private ulong _first;

    public readonly bool IsNone => _first == 0;

    /// <summary>False when the text is empty, longer than <see cref="MaxLength"/> or holds another character.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ClientOrderId id)
    {
        id = default;
        if (text.IsEmpty || text.Length > MaxLength) return false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or ':' or '/' or '_' or '-')) return false;
            id[i / 8] |= (ulong)c << (i % 8 * 8);
        }

        return true;
    }

    public readonly bool Equals(ClientOrderId other) =>
        this[0] == other[0] && this[1] == other[1] && this[2] == other[2] && this[3] == other[3] && this[4] == other[4];

    public override readonly bool Equals(object? obj) => obj is ClientOrderId other && Equals(other);

    /// <summary>Stable across processes and machines.</summary>
    public override readonly int GetHashCode()
    {
        unchecked
        {
            ulong h = this[0] * 0x9E3779B97F4A7C15UL;
            h = (h ^ this[1]) * 0xBF58476D1CE4E5B9UL;
            h = (h ^ this[2] ^ (this[3] << 1) ^ (this[4] << 2)) * 0x94D049BB133111EBUL;
            return (int)(h >> 32);
        }
    }

    public override readonly string ToString()
    {
        var text = new StringBuilder(MaxLength);
        for (int i = 0; i < 40; i++)
        {
            char c = (char)((this[i / 8] >> (i % 8 * 8)) & 0xFF);
            if (c == 0) break;
            text.Append(c);
        }

        return text.ToString();
    }

    public static bool operator ==(ClientOrderId a, ClientOrderId b) => a.Equals(b);
    public static bool operator !=(ClientOrderId a, ClientOrderId b) => !a.Equals(b);
}
