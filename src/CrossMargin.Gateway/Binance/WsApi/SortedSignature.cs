using System.Text;

namespace CrossMargin.Gateway.Binance.WsApi;

/// <summary>
/// Signatures of the WebSocket API: over all parameters but the signature itself, sorted by name, as k=v joined with '&amp;'. Clients do
/// not agree whether values are percent-encoded, so either text is right.
/// </summary>
public static class SortedSignature
{
    public static bool Verify(CallParameters parameters, ReadOnlySpan<byte> secret)
    {
        if (!parameters.TryGet("signature", out ReadOnlySpan<char> given)) return false;
        byte[] hex = Encoding.UTF8.GetBytes(given.ToString());
        byte[] plain = Encoding.UTF8.GetBytes(Text(parameters, encoded: false));
        byte[] encoded = Encoding.UTF8.GetBytes(Text(parameters, encoded: true));

        // Both are always computed: the time taken says nothing.
        return SignatureVerifier.VerifyText(plain, hex, secret) | SignatureVerifier.VerifyText(encoded, hex, secret);
    }

    private static string Text(CallParameters parameters, bool encoded)
    {
        var pairs = new List<(string Name, string Value)>(parameters.Count);
        for (int i = 0; i < parameters.Count; i++)
        {
            string name = parameters.NameAt(i).ToString();
            string value = parameters.ValueAt(i).ToString();
            if (name != "signature") pairs.Add((name, encoded ? Uri.EscapeDataString(value) : value));
        }

        pairs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return string.Join('&', pairs.Select(p => $"{p.Name}={p.Value}"));
    }
}
