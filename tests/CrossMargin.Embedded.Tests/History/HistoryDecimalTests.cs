using CrossMargin.Embedded.History;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.History;

public sealed class HistoryDecimalTests
{
    [Fact]
    public void Prop_Decimal_PrintsWhatDecimalTextPrints()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {HistorySql.Decimal("v", "s", "d")} FROM (SELECT $v AS v, $s AS s, $d AS d)";
        var random = new CounterRandom(5, 5);
        long[] edges = [0, 1, -1, 9, 10, -10, 99_999_999, -100_000_000, long.MaxValue, -long.MaxValue, 1L << 53, (1L << 53) + 1];
        for (int i = 0; i < 4_000; i++)
        {
            int decimals = (int)random.Between((ulong)i * 3, 0, 18);
            long value = i < edges.Length * 19 ? edges[i / 19] : random.Between(((ulong)i * 3) + 1, -long.MaxValue / 2, long.MaxValue / 2);
            if (i < edges.Length * 19) decimals = i % 19;
            else value >>= (int)random.Between(((ulong)i * 3) + 2, 0, 60);
            long scale = 1;
            for (int k = 0; k < decimals; k++) scale *= 10;
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$v", value);
            command.Parameters.AddWithValue("$s", scale);
            command.Parameters.AddWithValue("$d", decimals);
            Assert.Equal(DecimalText.Format(value, decimals), (string)command.ExecuteScalar()!);
        }
    }

    [Fact]
    public void Views_EveryMarketOfTheShippedProfiles_PrintPricesAndSizesAsTheSpecDoes()
    {
        foreach (VenueProfile profile in (VenueProfile[])[VenueProfiles.Binance, VenueProfiles.Simple])
        {
            using var directory = new Journal.TempDirectory();
            using ExchangeHistory history = ExchangeHistory.Open(directory.Path, profile, new HistoryOptions()).OrThrow();
            var script = new Script(history);
            var expected = new List<string>();
            foreach (MarketSpec spec in profile.Markets)
            {
                foreach (long number in (long[])[1, 10, 123_456_789, 7_000_000_000_001])
                {
                    var (price, quantity) = (new Price(number), new Quantity(-number));
                    script.Command(Script.Of(0, spec.Id.Value, new Traded { Trade = new TradeId(1), Price = price, Quantity = quantity }));
                    expected.Add($"{spec.Symbol}|{spec.Format(price)}|{spec.Format(quantity)}");
                }
            }

            history.Flush();
            Assert.Equal(expected, HistoryDump.Rows(directory.Path, "SELECT symbol, price, quantity FROM trades ORDER BY id"));
        }
    }

    [Theory]
    [InlineData("0.001", 1, 1_000, 3)]
    [InlineData("5", 5, 1, 0)]
    [InlineData("1000", 1_000, 1, 0)]
    [InlineData("0.25", 25, 100, 2)]
    public void DecimalUnit_OfAnyStep_HasTheFewestDecimals(string text, long step, long scale, int decimals)
    {
        Assert.True(DecimalText.TryParseWide(text, 18, out Int128 unit));
        Assert.Equal(new DecimalUnit(step, scale, decimals), DecimalUnit.Of(unit));
    }
}
