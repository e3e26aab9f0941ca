using CrossMargin.Server.Margin;

namespace CrossMargin.Server.Tests.Margin;

public sealed class MarginInputTests
{
    private const string Position = """
        "symbol":"BTCUSDT","side":"long","mode":"cross","quantity":"1","entryPrice":"50000","markPrice":"50000"
        """;

    [Theory]
    [InlineData("", "line 1, byte 1: not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "the input: a list is not an object")]
    [InlineData("""{"positions":[]}""", "walletBalance: missing")]
    [InlineData("""{"walletBalance":"1"}""", "positions: missing")]
    [InlineData("""{"walletBalance":1,"positions":[]}""", "walletBalance: 1 is not a decimal string")]
    [InlineData("""{"walletBalance":"1,5","positions":[]}""", "walletBalance: \"1,5\" is not a decimal string")]
    [InlineData("""{"walletBalance":"1","positions":[],"leverage":"3"}""", "leverage: unknown field")]
    [InlineData("""{"walletBalance":"1","walletBalance":"2","positions":[]}""", "walletBalance: given twice")]
    [InlineData("""{"walletBalance":"1","positions":{}}""", "positions: an object is not a list")]
    [InlineData("""{"profile":"nasdaq","walletBalance":"1","positions":[]}""", "profile: \"nasdaq\" is not a shipped profile")]
    [InlineData("""{"walletBalance":"1","positions":[],"orders":[{"symbol":"BTCUSDT","side":"up","quantity":"1","price":"1"}]}""",
        "orders[0].side: \"up\" is not \"buy\" or \"sell\"")]
    [InlineData("""{"walletBalance":"1","positions":[],"orders":[{"symbol":"NOUSDT","side":"buy","quantity":"1","price":"1"}]}""",
        "orders[0].symbol: \"NOUSDT\" is neither a position's symbol nor a market of the profile binance")]
    public void Run_BadInput_NamesTheField(string input, string message) => AssertRefused(input, message);

    [Theory]
    [InlineData("\"symbol\":\"BTCUSDT\"", "\"symbol\":\"NOUSDT\"",
        "positions[0].tiers: missing, and the profile binance has no market NOUSDT")]
    [InlineData("\"side\":\"long\"", "\"side\":\"LONG\"", "positions[0].side: \"LONG\" is not \"long\" or \"short\"")]
    [InlineData("\"mode\":\"cross\",", "", "positions[0].mode: missing")]
    [InlineData("\"quantity\":\"1\"", "\"quantity\":\"1.0005\"",
        "positions[0].quantity: \"1.0005\" is not a positive multiple of the step 0.001")]
    [InlineData("\"quantity\":\"1\"", "\"quantity\":\"-1\"", "positions[0].quantity: \"-1\" is not a positive multiple")]
    [InlineData("\"quantity\":\"1\"", "\"quantity\":\"0\"", "positions[0].quantity: \"0\" is not a positive multiple")]
    [InlineData("\"entryPrice\":\"50000\"", "\"entryPrice\":\"x\"", "positions[0].entryPrice: \"x\" is not a decimal above 0")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"0\"", "positions[0].markPrice: \"0\" is not a decimal above 0")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"50000\",\"marginType\":\"x\"", "positions[0].marginType: unknown field")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"50000\",\"leverage\":\"0\"",
        "positions[0].leverage: \"0\" is not a whole number")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"50000\",\"isolatedMargin\":\"5\"",
        "positions[0].isolatedMargin: given for a cross")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"50000\",\"tiers\":[]", "positions[0].tiers: at least one tier")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"50000\",\"tiers\":[{\"floor\":\"0\",\"rate\":\"0.1\",\"deduction\":\"0\"}]",
        "positions[0].tiers[0].maxLeverage: missing")]
    [InlineData("\"markPrice\":\"50000\"",
        "\"markPrice\":\"50000\",\"tiers\":[{\"floor\":\"0\",\"rate\":\"0.01\",\"deduction\":\"0\",\"maxLeverage\":9},"
            + "{\"floor\":\"10\",\"rate\":\"0.02\",\"deduction\":\"0\",\"maxLeverage\":5}]",
        "positions[0].tiers: tier 2: deduction 0 leaves a jump at 10; continuity asks for 0.1")]
    [InlineData("\"markPrice\":\"50000\"", "\"markPrice\":\"50000\",\"tickSize\":\"0.0000001\"", "positions[0].tickSize: tick 0.0000001")]
    [InlineData("\"quantity\":\"1\"", "\"quantity\":\"99999999999\"", "a price, size or balance is so large")]
    public void Run_BadPosition_NamesTheField(string part, string instead, string message)
    {
        string changed = Position.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Position, changed);
        AssertRefused(Account(changed), message);
    }

    [Fact]
    public void Run_TwoLongsOfOneSymbol_IsRefused() =>
        AssertRefused(Account(Position, Position), "positions[1]: a second long position of BTCUSDT");

    [Fact]
    public void Run_LegsThatDisagreeOnTheMark_IsRefused()
    {
        string other = Position.Replace("long", "short", StringComparison.Ordinal).Replace("50000", "50001", StringComparison.Ordinal);
        AssertRefused(Account(Position, other), "positions[1].markPrice: 50001 is not the mark 50000");
    }

    [Fact]
    public void Create_TheCommand_IsNamedMargin() => Assert.Equal("margin", MarginCommand.Create().Name);

    private static string Account(params string[] positions) =>
        $$"""{"walletBalance":"1","positions":[{{string.Join(",", positions.Select(p => $"{{{p}}}"))}}]}""";

    private static void AssertRefused(string input, string message)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = MarginCommand.Run(new StringReader(input), output, error);
        string line = error.ToString();
        Assert.Equal((2, ""), (code, output.ToString()));
        Assert.StartsWith("margin: ", line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.Single(line.TrimEnd('\n', '\r').Split('\n'));
    }
}
