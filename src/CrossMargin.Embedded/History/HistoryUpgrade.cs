using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>Brings a file of format 1 to this release's, within the transaction that opens it: candles, and other indexes.</summary>
internal static class HistoryUpgrade
{
    public const int From = 1;

    public static void Run(SqliteSession session, VenueProfile profile)
    {
        session.Execute(HistorySchema.Klines);
        session.Execute("DROP INDEX order_rows_account; DROP INDEX fill_rows_account;");
        session.Execute(HistorySchema.Indexes2);
        new KlineRows(session, profile).MakeAgainFrom(new Timestamp(0));
    }
}
