using System.Globalization;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.History;

/// <summary>Creates and opens the database: schema, views, what must be refused, and the settings of durability.</summary>
internal static class HistoryFile
{
    public const string Applied = "applied_sequence";

    private const string Format = "format";
    private const string ModeKey = "mode";
    private const string RunKey = "run";

    /// <summary>A session ready for <see cref="HistoryStore"/>, or null with the fault.</summary>
    public static SqliteSession? Open(string path, VenueProfile profile, HistoryOptions options, out HistoryError? error)
    {
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(path, SqliteOpenMode.ReadWriteCreate);
            error = Prepare(path, session, profile, options);
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            error = HistoryError.Of(path, e);
        }

        if (error is null) return session;
        session?.Dispose();
        return null;
    }

    /// <summary>What the file at a path keeps; null where there is none, or it cannot be read: opening it says why.</summary>
    public static HistoryMode? ModeOf(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var session = new SqliteSession(path, SqliteOpenMode.ReadOnly);
            return HistoryModes.TryParse(session.Scalar($"SELECT value FROM meta WHERE key = '{ModeKey}'") as string ?? "", out HistoryMode mode) ? mode : null;
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            return null;
        }
    }

    public static long AppliedSequence(SqliteSession session) => (long)session.Scalar($"SELECT value FROM meta WHERE key = '{Applied}'")!;

    private static HistoryError? Prepare(string path, SqliteSession session, VenueProfile profile, HistoryOptions options)
    {
        Execute(session, $"PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds}");
        session.Connection.DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds);
        bool isNew = session.Scalar("SELECT count(*) FROM sqlite_master") is 0L;
        if (!isNew && session.Scalar("PRAGMA application_id") is not (long)HistorySchema.ApplicationId)
        {
            return new HistoryError(HistoryErrorKind.NotAHistory, $"{path}: not a history of CrossMargin");
        }

        Configure(session, options, isNew);
        session.Execute("BEGIN IMMEDIATE");
        if (isNew) Create(session, profile, options);
        HistoryError? objection = isNew ? null : Objection(path, session, profile, options);
        if (objection is not null)
        {
            session.Execute("ROLLBACK");
            return objection;
        }

        if (!isNew && session.Scalar($"SELECT value FROM meta WHERE key = '{Format}'") is (long)HistoryUpgrade.From)
        {
            HistoryUpgrade.Run(session, profile);
            Execute(session, $"UPDATE meta SET value = {HistorySchema.Version} WHERE key = '{Format}'");
        }

        foreach ((string name, string sql) in HistoryViews.All)
        {
            session.Execute($"DROP VIEW IF EXISTS {name}");
            session.Execute($"CREATE VIEW {name} AS {sql}");
        }

        session.Execute("COMMIT");
        return null;
    }

    // NORMAL: after a power cut the last transactions may be gone, never half there; the journal tells them again.
    private static void Configure(SqliteSession session, HistoryOptions options, bool isNew)
    {
        if (isNew) session.Execute("PRAGMA page_size = 8192");
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = NORMAL");
        session.Execute("PRAGMA wal_autocheckpoint = 8192");
        session.Execute("PRAGMA cache_size = -131072");
        session.Execute("PRAGMA temp_store = MEMORY");
        if (options.MaxFileBytes <= 0) return;
        long pageBytes = (long)session.Scalar("PRAGMA page_size")!;
        Execute(session, $"PRAGMA max_page_count = {Math.Max(1, options.MaxFileBytes / pageBytes)}");
    }

    private static void Create(SqliteSession session, VenueProfile profile, HistoryOptions options)
    {
        session.Execute(HistorySchema.Tables);
        session.Execute(HistorySchema.Klines);
        session.Execute(HistorySchema.Indexes);
        session.Execute(HistorySchema.Indexes2);
        Execute(session, $"PRAGMA application_id = {HistorySchema.ApplicationId}");
        var meta = new RowWriter(session, "INSERT INTO meta (key, value) VALUES (?, ?)");
        meta.Text(Format).Int(HistorySchema.Version).Run();
        meta.Text(ModeKey).Text(HistoryModes.Name(options.Mode)).Run();
        meta.Text(Applied).Int(0).Run();
        if (options.RunId is { } run) meta.Text(RunKey).Text(run).Run();
        var asset = new RowWriter(session, "INSERT INTO assets (asset, name) VALUES (?, ?)");
        asset.Int(0).Text(profile.SettlementAsset).Run();
        foreach (CollateralAsset other in profile.Collateral.Assets) asset.Int(other.Id.Value).Text(other.Name).Run();
        RowWriter market = RowWriter.Insert(
            session, "markets",
            "market, symbol, base_asset, quote_asset, price_step, price_scale, price_decimals, quantity_step, quantity_scale, "
            + "quantity_decimals, amount_e8");
        foreach (MarketSpec spec in profile.Markets)
        {
            DecimalUnit price = DecimalUnit.Of(spec.PriceUnitE18);
            DecimalUnit lot = DecimalUnit.Of(spec.LotSizeE18);
            market.Int(spec.Id.Value).Text(spec.Symbol).Text(spec.BaseAsset).Text(spec.QuoteAsset);
            market.Int(price.Step).Int(price.Scale).Int(price.Decimals).Int(lot.Step).Int(lot.Scale).Int(lot.Decimals);
            market.Int(spec.AmountPerUnitLot).Run();
        }
    }

    private static HistoryError? Objection(string path, SqliteSession session, VenueProfile profile, HistoryOptions options)
    {
        object? format = session.Scalar($"SELECT value FROM meta WHERE key = '{Format}'");
        if (format is not (long)HistorySchema.Version and not (long)HistoryUpgrade.From)
        {
            string found = Convert.ToString(format, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none";
            return new HistoryError(
                HistoryErrorKind.UnknownFormat,
                $"{path}: history format {found} is unknown, this release reads format {HistorySchema.Version}");
        }

        string mode = session.Scalar($"SELECT value FROM meta WHERE key = '{ModeKey}'") as string ?? "none";
        if (mode != HistoryModes.Name(options.Mode))
        {
            return new HistoryError(
                HistoryErrorKind.Mismatch,
                $"{path}: holds history of mode {mode}, not {HistoryModes.Name(options.Mode)}; {HistoryError.HowToRemake}");
        }

        if (options.RunId is { } run && session.Scalar($"SELECT value FROM meta WHERE key = '{RunKey}'") as string != run)
        {
            return new HistoryError(HistoryErrorKind.Mismatch, $"{path}: holds the history of another run; {HistoryError.HowToRemake}");
        }

        foreach (MarketSpec spec in profile.Markets)
        {
            string symbol = session.Scalar($"SELECT symbol FROM markets WHERE market = {spec.Id.Value}") as string ?? "none";
            object? amount = session.Scalar($"SELECT amount_e8 FROM markets WHERE market = {spec.Id.Value}");
            if (symbol == spec.Symbol && amount is long unit && unit == spec.AmountPerUnitLot) continue;
            return new HistoryError(
                HistoryErrorKind.Mismatch, $"{path}: market {spec.Id.Value} is {symbol} there, {spec.Symbol} in the profile");
        }

        return null;
    }

    private static void Execute(SqliteSession session, FormattableString sql) =>
        session.Execute(sql.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A unit as step / 10^decimals with the fewest decimals.</summary>
internal readonly record struct DecimalUnit(long Step, long Scale, int Decimals)
{
    /// <param name="unitE18">The unit in 1e-18, above 0.</param>
    public static DecimalUnit Of(Int128 unitE18)
    {
        int decimals = 18;
        while (decimals > 0 && unitE18 % 10 == 0)
        {
            unitE18 /= 10;
            decimals--;
        }

        long scale = 1;
        for (int i = 0; i < decimals; i++) scale *= 10;
        return new DecimalUnit((long)unitE18, scale, decimals);
    }
}
