using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Directory;

/// <summary>One page of a shard and the changes that wait for its next write. In the shard's context.</summary>
internal sealed class PageWriter(ActorId actor, string key, IActorStore store, int tries)
{
    private List<Change> _waiting = [];
    private string? _tag;
    private bool _isWriting;

    /// <summary>As it is stored.</summary>
    public SettingsPage Page { get; private set; } = SettingsPage.Empty;

    public async Task LoadAsync()
    {
        StoredRecord record = await store.ReadAsync(actor, key);
        _tag = record.Tag;
        Page = record.Exists ? SettingsPage.Read(new StateReader(record.Bytes)) : SettingsPage.Empty;
    }

    /// <summary>Whether the change was made; false: another text was there than the one that was expected.</summary>
    public Task<bool> ChangeAsync(DirectoryQuestion question)
    {
        var change = new Change(question);
        _waiting.Add(change);
        if (!_isWriting) _ = WriteAllAsync();
        return change.Done.Task;
    }

    private async Task WriteAllAsync()
    {
        _isWriting = true;
        List<Change> batch = [];
        try
        {
            while (_waiting.Count > 0)
            {
                (batch, _waiting) = (_waiting, []);
                await WriteAsync(batch);
            }
        }
        catch (Exception e)
        {
            foreach (Change change in batch.Concat(_waiting)) change.Done.TrySetException(new IOException(e.Message, e));
            _waiting.Clear();
        }
        finally
        {
            _isWriting = false;
        }
    }

    private async Task WriteAsync(List<Change> batch)
    {
        for (int n = 1; ; n++)
        {
            SettingsPage next = With(batch);
            if (next != Page && !await TryStoreAsync(next))
            {
                if (n == tries) throw new IOException($"{actor}: {key} could not be written, {n} times in a row");
                await Task.Delay(5 << n);
                await LoadAsync(); // and decide again
                continue;
            }

            foreach (Change change in batch) change.Done.TrySetResult(change.IsMade);
            return;
        }
    }

    private async Task<bool> TryStoreAsync(SettingsPage next)
    {
        var writer = new StateWriter(4096);
        next.Write(writer);
        StoreResult result = await store.WriteAsync(actor, new StoreWrite(key, writer.WrittenMemory, _tag));
        if (result.Outcome != StoreOutcome.Written) return false;
        (_tag, Page) = (result.Tag, next);
        return true;
    }

    // The page after the changes; the page itself where they change nothing.
    private SettingsPage With(List<Change> batch)
    {
        var texts = new SortedList<string, string>(StringComparer.Ordinal);
        foreach ((string name, string text) in Page.Texts) texts.Add(name, text);
        bool isChanged = false;
        foreach (Change change in batch)
        {
            DirectoryQuestion q = change.Question;
            string? now = texts.GetValueOrDefault(q.Key!);
            change.IsMade = !q.IsConditional || now == q.Expected || now == q.Value;
            if (!change.IsMade || now == q.Value) continue;
            isChanged = true;
            if (q.Value is null) texts.Remove(q.Key!);
            else texts[q.Key!] = q.Value;
        }

        return isChanged ? new SettingsPage(Page.Version + 1, [.. texts]) : Page;
    }

    private sealed class Change(DirectoryQuestion question)
    {
        public DirectoryQuestion Question => question;
        public bool IsMade { get; set; }
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
