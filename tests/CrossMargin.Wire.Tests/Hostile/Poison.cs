namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>What kind of value a parameter holds.</summary>
internal enum ValueKind
{
    Symbol,
    Size,
    Price,
    Word,
    Id,
    ClientId,
    Leverage,
    Flag,
    Amount,
    Count,
}

/// <summary>Values that are never right for their kind, in percent form where a query needs it.</summary>
internal static class Poison
{
    private static readonly string s_long = new('A', 3000);
    private static readonly string s_digits = new('9', 3000);

    private static readonly string[] s_numbers =
    [
        "", "-1", "NaN", "Infinity", "-Infinity", "0x10", "1,000", "%EF%BC%91", s_digits, "9223372036854775808", "-9223372036854775808",
        "99999999999999999999999999999999", "0.0000000000000000001", "--1", "1%201", "%00", "1%00", "1;2", "null", "[]", "%7B%7D", "1e400", "1e-400",
        "%FF%FE", "%2", "%ZZ", "1/0", "%F0%9F%98%80", "1.2.3",
    ];

    private static readonly string[] s_words =
    [
        "", "XXX", "%00", "0", "-1", "LIMIT,MARKET", s_long, "null", "%FF%FE", "%C0%AF", "%2", "%ZZ", "..%2F..%2Fetc", "'%20OR%201=1--",
        "%F0%9F%98%80", "%7B%22a%22%3A1%7D", "%3Cscript%3E", "%0D%0AX-Injected:%201", "%25s%25n",
    ];

    public static string Of(ValueKind kind, Random random) => kind switch
    {
        ValueKind.Symbol => Any(random, [.. s_words, "BTCUSDT%00", "BTC%2FUSDT", "BTCUSDT%20", "BTCUSDTBTCUSDT"]),
        ValueKind.Size => Any(random, [.. s_numbers, "0", "0.00001", "1.0005001", "9223372036854775807", "100000000000"]),
        ValueKind.Price => Any(random, [.. s_numbers, "0", "0.001", "9223372036854775807", "1000000000000"]),
        ValueKind.Id => Any(random, [.. s_numbers, "0", "1.5", "9223372036854775807", "abc"]),
        ValueKind.ClientId => Any(random, ["a%20b", new string('a', 37), s_long, "%C3%BC", "%00", "a%00", "%FF", "%3Cscript%3E", "a%22b", "a%0Ab"]),
        ValueKind.Leverage => Any(random, [.. s_numbers, "0", "1000", "1.5", "2147483648"]),
        ValueKind.Flag => Any(random, ["", "maybe", "2", "%00", s_long, "null", "tru", "[]"]),
        ValueKind.Amount => Any(random, [.. s_numbers, "0", "1e400", "92233720368547758.08"]),
        ValueKind.Count => Any(random, [.. s_numbers, "1.5", "9223372036854775807"]),
        _ => Any(random, s_words),
    };

    public static T Any<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
