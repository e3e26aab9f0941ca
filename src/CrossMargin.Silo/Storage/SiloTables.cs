using System.Data.Common;
using Microsoft.Extensions.Configuration;

namespace CrossMargin.Silo.Storage;

/// <summary>Makes the tables of the ADO.NET providers; making them again changes nothing.</summary>
public static class SiloTables
{
    /// <summary>Name of the connection string, which the providers of appsettings.AdoNet.json use too.</summary>
    public const string ConnectionName = "crossmargin";

    private const string Resource = "storage/postgresql.sql";
    private const int PatienceSeconds = 60;

    // Two silos that are told to make them at once would collide in the catalogue.
    private const string OneAtATime = "SELECT pg_advisory_xact_lock(7236180);";

    /// <summary>Says what was done. Throws <see cref="ArgumentException"/> with a text for people.</summary>
    public static async Task<string> CreateAsync(IConfiguration configuration, CancellationToken cancellation = default)
    {
        string? text = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(text))
            throw new ArgumentException($"there is no connection string: set ConnectionStrings__{ConnectionName} to Host=…;Database=…;Username=…;Password=…");
        await using DbConnection connection = Factory().CreateConnection()!;
        try
        {
            connection.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw new ArgumentException($"ConnectionStrings:{ConnectionName} is no connection string of PostgreSQL"); // its text may hold a password
        }

        try
        {
            await connection.OpenAsync(cancellation);
            await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await RunAsync(connection, transaction, OneAtATime, cancellation);
            await RunAsync(connection, transaction, ReadScript(), cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (DbException e)
        {
            throw new ArgumentException($"the tables cannot be made at {connection.DataSource}: {e.Message}", e);
        }

        return $"tables are there: database {connection.Database} at {connection.DataSource}";
    }

    private static async Task RunAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellation)
    {
        await using DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.CommandTimeout = PatienceSeconds;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string ReadScript()
    {
        using Stream stream = typeof(SiloTables).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // By name: the silo also builds where the provider does not restore.
    private static DbProviderFactory Factory() =>
        Type.GetType("Npgsql.NpgsqlFactory, Npgsql")?.GetField("Instance")?.GetValue(null) as DbProviderFactory
        ?? throw new ArgumentException("the ADO.NET providers are left out of this build, because their packages did not restore: see docs/cluster.md");
}
