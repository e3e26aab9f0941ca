using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Gateway;

namespace CrossMargin.Nodes.Directory;

/// <summary>
/// The settings that all gateways of a cluster share, with a copy of all of them in memory. Others' changes are asked for again and again;
/// a change of one's own is seen here when it returns. Changing blocks the caller until the change is durable: it is for threads of the
/// pool, not for a grain's. Thread-safe.
/// </summary>
public sealed class ClusterSettings(IDirectoryCalls calls, ClusterSettingsOptions? options = null) : ISharedSettings, IAsyncDisposable
{
    private readonly ClusterSettingsOptions _options = options ?? new ClusterSettingsOptions();
    private readonly PatientCalls _calls = new(new ClusterGatewayOptions(), TimeProvider.System);
    private readonly SettingsMirror _mirror = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _asking = Task.CompletedTask;

    /// <summary>Reads everything, and goes on asking. Throws <see cref="IOException"/> where a shard does not answer.</summary>
    public async Task StartAsync()
    {
        await RefreshAsync().ConfigureAwait(false);
        _asking = Task.Run(AskAgainAsync);
    }

    /// <summary>Asks for everything as it is now: to be called when a change is known to have been made.</summary>
    public Task RefreshAsync() =>
        Task.WhenAll(Enumerable.Range(0, SettingsKeys.Shards).Select(shard => AskAsync(shard, new DirectoryQuestion(_mirror.VersionsOf(shard)))));

    public string? Get(string key) => _mirror.Get(key);

    public IReadOnlyList<KeyValuePair<string, string>> List(string prefix) => _mirror.List(prefix);

    public void Set(string key, string value) => Change(key, false, null, value);

    public void Remove(string key) => Change(key, false, null, null);

    public bool TryChange(string key, string? expected, string? value) => Change(key, true, expected, value);

    public string? Refresh(string key)
    {
        int shard = SettingsKeys.ShardOf(key);
        Wait(() => AskAsync(shard, new DirectoryQuestion(_mirror.VersionsOf(shard))));
        return Get(key);
    }

    public void Refresh() => Wait(async () =>
    {
        await RefreshAsync().ConfigureAwait(false);
        return true;
    });

    public IDisposable Watch(Action<string, string?> onChange) => _mirror.Watch(onChange);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(false);
        _stop.Dispose();
    }

    // On a thread of the pool, without the caller's context, so that what it waits for can go on.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    private bool Change(string key, bool isConditional, string? expected, string? value)
    {
        int shard = SettingsKeys.ShardOf(key);
        return Wait(() => AskAsync(shard, new DirectoryQuestion(_mirror.VersionsOf(shard))
        {
            Key = key,
            IsConditional = isConditional,
            Expected = expected,
            Value = value,
        }));
    }

    private async Task<bool> AskAsync(int shard, DirectoryQuestion question)
    {
        ReadOnlyMemory<byte> bytes = question.ToBytes();
        ReadOnlyMemory<byte> said = await _calls.CallAsync(() => calls.AskAsync(shard, bytes)).ConfigureAwait(false);
        var answer = DirectoryAnswer.Read(new StateReader(said));
        _mirror.Take(shard, answer.Pages);
        return answer.IsDone;
    }

    private async Task AskAgainAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.AskAgain, _stop.Token).ConfigureAwait(false);
                try
                {
                    await RefreshAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
                }
                catch (IOException)
                {
                    // It is asked again; what was known goes on to hold.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }
}

public sealed record ClusterSettingsOptions
{
    /// <summary>Others' changes are asked for this often.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromMilliseconds(500);
}
