using System.Globalization;
using CrossMargin.Embedded.History;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>Reads a history as another process would.</summary>
internal static class HistoryDump
{
    public static string File(string directory) => Path.Combine(directory, "exchange.db");

    /// <summary>Rows of a query, columns joined by bars; null is empty.</summary>
    public static List<string> Rows(string directory, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File(directory)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            IEnumerable<string?> cells = Enumerable.Range(0, reader.FieldCount)
                .Select(i => Convert.ToString(reader[i], CultureInfo.InvariantCulture));
            rows.Add(string.Join('|', cells));
        }

        return rows;
    }

    public static string One(string directory, string sql) => Assert.Single(Rows(directory, sql));

    /// <summary>Every row of every table, and what every view prints.</summary>
    public static List<string> Everything(string directory)
    {
        var all = new List<string>();
        foreach (string table in HistorySchema.EventTables.Append("equity_rows").Append("kline_rows").Append("meta"))
        {
            all.AddRange(Rows(directory, $"SELECT * FROM {table} ORDER BY {(table == "kline_rows" ? "1, 2, 3, 4" : "1, 2")}").Select(row => $"{table}: {row}"));
        }

        return all;
    }
}
