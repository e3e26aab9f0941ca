using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Directory;

/// <summary>
/// A shard of the settings that all gateways of a cluster share. Each page is one record, written under the tag it has, so that two
/// activations at once lose nothing: the one whose write is refused reads again and decides again. Changes that come while a page is
/// written go together into its next write. All members are called, and all continuations run, in one single-threaded context.
/// </summary>
public sealed class DirectoryShard(int number, IActorStore store)
{
    private const int Tries = 6;

    private readonly PageWriter[] _pages =
        [.. Enumerable.Range(0, SettingsKeys.Pages).Select(place => new PageWriter(ActorOf(number), $"page-{place:d2}", store, Tries))];

    private Task? _loading;

    /// <summary>Under which its records lie.</summary>
    public static ActorId ActorOf(int shard) => new(ActorKind.Directory, shard);

    /// <summary>Throws <see cref="IOException"/> where storage does not let it be done; then it may or may not have been.</summary>
    public async Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question)
    {
        var asked = DirectoryQuestion.Read(new StateReader(question));
        await LoadAsync();
        bool isDone = asked.Key is null || await _pages[SettingsKeys.PageOf(asked.Key)].ChangeAsync(asked);
        var newer = new List<(int, SettingsPage)>();
        for (int i = 0; i < _pages.Length; i++)
        {
            long known = i < asked.Known.Count ? asked.Known[i] : -1;
            if (_pages[i].Page.Version > known) newer.Add((i, _pages[i].Page));
        }

        return new DirectoryAnswer(isDone, newer).ToBytes();
    }

    private async Task LoadAsync()
    {
        Task loading = _loading ??= Task.WhenAll(_pages.Select(p => p.LoadAsync()));
        try
        {
            await loading;
        }
        catch
        {
            if (_loading == loading) _loading = null;
            throw;
        }
    }
}
