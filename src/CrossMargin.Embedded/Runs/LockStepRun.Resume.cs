using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

public sealed partial class LockStepRun
{
    private const int ImageVersion = 1;

    /// <summary>
    /// Takes up the run that the journal holds: the last snapshot, then, by <see cref="Run"/>, the same steps again, every command of which
    /// must be the journal's, until the journal ends. To be called before <see cref="Run"/>; null, or why it cannot be.
    /// </summary>
    public RunError? Resume()
    {
        if (_journal is null) throw new InvalidOperationException("a run without a journal cannot be resumed");
        if (_journal.Finished is { } hash)
        {
            return new RunError(RunErrorKind.Finished, $"{_journal.Path}: the run is finished, its state hash is {hash}");
        }

        try
        {
            if (_journal.LoadSnapshot() is { } image)
            {
                if (image.EngineVersion != _journal.EngineVersion) return OfAnotherEngine(image);
                JournalError? error = JournalReplay.Restore(_engine, _journal.Path, image);
                if (error is not null) return new RunError(RunErrorKind.Journal, error.Message);
                ReadImage(image);
            }

            _comparison = new CommandComparison(_journal.Read(_engine.Sequence));
            return null;
        }
        catch (JournalException e)
        {
            return new RunError(RunErrorKind.Journal, e.Message);
        }
        catch (StateFormatException e)
        {
            return new RunError(RunErrorKind.Journal, $"{_journal.Path}: the run's part of the snapshot: {e.Message}");
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            return new RunError(RunErrorKind.Journal, JournalFaults.Of(_journal.Path, e).Message);
        }
    }

    // Traders and steps of another release would go on differently.
    private RunError OfAnotherEngine(SnapshotImage image) => new(
        RunErrorKind.Journal,
        $"{_journal!.Path}: the snapshot of record {image.Sequence} is of engine {image.EngineVersion}, this is {_journal.EngineVersion}; "
        + $"only release {image.EngineVersion} can finish this run");

    private SnapshotImage Image()
    {
        SnapshotImage image = SnapshotImage.Of(_engine);
        var writer = new StateWriter(1 << 20);
        writer.WriteInt32(ImageVersion);
        writer.WriteInt64(_next);
        writer.WriteInt32(_accounts.Length);
        for (int i = 0; i < _accounts.Length; i++)
        {
            writer.WriteInt32(_accounts[i].Trader.Account.Value);
            writer.WriteInt64(_wake[i]);
            writer.WriteInt64(_lastId[i]);
            _accounts[i].Trader.Write(writer);
        }

        _mail.Write(writer);
        Counters.Write(writer);
        _setup.Feed.Write(writer);
        foreach (Hosting.IRunParticipant series in _setup.Series) series.Write(writer);
        image.Add(SnapshotImage.Run, writer.Written);
        return image;
    }

    private void ReadImage(SnapshotImage image)
    {
        var reader = new StateReader(image.Whole(SnapshotImage.Run));
        int version = reader.ReadInt32();
        if (version != ImageVersion) throw reader.Fault($"version {version}, this release reads {ImageVersion}");
        _next = reader.ReadInt64();
        int traders = reader.ReadInt32();
        if (traders != _accounts.Length) throw reader.Fault($"{traders} traders, the settings say {_accounts.Length}");
        for (int i = 0; i < traders; i++)
        {
            int account = reader.ReadInt32();
            AccountId own = _accounts[i].Trader.Account;
            if (account != own.Value) throw reader.Fault($"account {account} instead of {own}");
            _wake[i] = reader.ReadInt64();
            _lastId[i] = reader.ReadInt64();
            _accounts[i].Trader.Read(reader);
        }

        _mail.Read(reader);
        Counters.Read(reader);
        _setup.Feed.Read(reader);
        foreach (Hosting.IRunParticipant series in _setup.Series) series.Read(reader);
        reader.ExpectEnd();
    }
}
