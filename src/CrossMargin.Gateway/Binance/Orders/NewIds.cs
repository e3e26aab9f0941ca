using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Names for orders whose client gave none: 22 random letters and digits, as Binance makes them.</summary>
internal static class NewIds
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 22;

    public static ClientOrderId Next()
    {
        Span<char> text = stackalloc char[Length];
        Random.Shared.GetItems(Characters, text);
        ClientOrderId.TryParse(text, out ClientOrderId id);
        return id;
    }
}
