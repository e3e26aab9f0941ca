using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// An actor whose state is large (a market): it writes its inputs ahead of applying them, in order, with their time; outputs and their
/// numbers follow from replay. The log is a ring of fixed keys (<see cref="LogRing"/>); snapshots, written beside it, let it turn. An
/// activation reads all of it, replays, and first writes the opening of its epoch: after that no older activation can append.
/// </summary>
public sealed class LogActivation : Activation
{
    private readonly LogRing _ring;
    private readonly List<WaitingCommand> _commands = [];
    private readonly Queue<DeliveryBatch> _batches = new();
    private readonly List<PeerLink> _acknowledged = []; // whose acknowledgements are not in the log yet
    private readonly List<PeerLink> _batchLinks = [];
    private readonly List<(long Ticket, Func<IActorMachine, object?> View)> _views = [];
    private LogRecord? _record;
    private StoreWrite? _recordWrite;
    private StoreWrite? _snapshotWrite;
    private List<WaitingCommand> _recordCommands = [];
    private int _snapshotSlot;
    private long _snapshotNumber;
    private readonly List<PeerLink> _changedByOutput = [];
    private long _appliedThrough;
    private int _epoch;

    public LogActivation(IActorMachine machine, DeliveryOptions options)
        : base(machine, options) =>
        _ring = new LogRing(options.LogKeys);

    public override IReadOnlyList<string> Keys => _ring.Keys;

    public override int InputCount => _commands.Count + _batches.Count + _views.Count;

    public override bool IsWriting => _recordWrite is not null || _snapshotWrite is not null;

    /// <summary>Rises with each activation; 0 until it is opening.</summary>
    public int Epoch => _epoch;

    /// <summary>Records that no durable snapshot covers.</summary>
    public long UncoveredRecords => CommitNumber - _ring.Covered;

    public override void Load(IReadOnlyList<StoredRecord> records)
    {
        for (int slot = 0; slot < records.Count; slot++) _ring.SetTag(slot, records[slot].Tag);
        int epoch = LoadSnapshot(records);
        foreach (PeerLink link in Links.All) link.Restart();
        for (long next = CommitNumber + 1; ; next++)
        {
            StoredRecord stored = records[_ring.SlotOfRecord(next)];
            LogRecord? record = stored.Exists ? LogRecord.Read(stored.Bytes, Address) : null;
            if (record is null || record.Number != next) break;
            epoch = Math.Max(epoch, record.Epoch);
            if (record.EngineVersion != Options.EngineVersion)
                Fault = $"log record {next} was written by engine {record.EngineVersion}; this is {Options.EngineVersion}: stop that release cleanly first";
            if (Fault is null) Replay(record);
            if (Fault is not null) break;
        }

        foreach (PeerLink link in Links.All) link.Restart();
        _changedByOutput.Clear();
        NewEvents.Clear();
        NewNotices.Clear();
        _epoch = epoch + 1;
        Phase = Fault is not null ? ActivationPhase.Faulted : IsTorn(records) ? ActivationPhase.Dropped : ActivationPhase.Opening;
    }

    /// <summary>A price or time without an id replaces the one that still waits: only the newest is an input.</summary>
    public override void Submit(in Message command, long ticket, ReadOnlySpan<CommandId> answered)
    {
        if (WhyRefusing() is { } why)
        {
            Effects.Replies.Add(new CommandReply(ticket, command.Cause, Now, [], why));
            return;
        }

        if (command.Cause == CommandId.None && command.Kind is MessageKind.SetIndexPrice or MessageKind.AdvanceTime)
        {
            for (int i = 0; i < _commands.Count; i++)
            {
                WaitingCommand waiting = _commands[i];
                if (waiting.Message.Kind != command.Kind || waiting.Message.Cause != CommandId.None) continue;
                Effects.Replies.Add(new CommandReply(waiting.Ticket, CommandId.None, Now, [], null));
                _commands.RemoveAt(i);
                break;
            }
        }

        _commands.Add(new WaitingCommand(command, ticket));
    }

    public override bool Receive(DeliveryBatch batch)
    {
        if (WhyRefusing() is not null) return false;
        if (batch.IsFaulted && Machine.WhenFaulted(batch.From) is { } command) _commands.Add(new WaitingCommand(command, 0));
        _batches.Enqueue(batch);
        return true;
    }

    /// <summary>Throws: a market has no pools.</summary>
    public override void Wake(in Message judge) => throw new InvariantViolation($"{Address} has no pool to judge");

    public override void Read(long ticket, Func<IActorMachine, object?> view)
    {
        if (Phase == ActivationPhase.Faulted) Effects.Views.Add(new CommittedView(ticket, CommitNumber, null, Fault));
        else _views.Add((ticket, view));
    }

    /// <summary>Has a snapshot written as soon as may be: before a clean stop, so that another release can go on from it.</summary>
    public void RequestSnapshot() => IsSnapshotWanted = true;

    /// <summary>Whether a snapshot that was requested is still to come.</summary>
    public bool IsSnapshotWanted { get; private set; }

    public override void Stored(StoreWrite write, in StoreResult result)
    {
        if (Phase == ActivationPhase.Dropped || (write != _recordWrite && write != _snapshotWrite)) return;
        if (result.Outcome != StoreOutcome.Written)
        {
            Phase = ActivationPhase.Dropped;
            return;
        }

        if (write == _snapshotWrite)
        {
            _snapshotWrite = null;
            SnapshotStored(result.Tag);
            return;
        }

        _recordWrite = null;
        LogRecord record = _record!;
        _ring.SetTag(_ring.SlotOfRecord(record.Number), result.Tag);
        CommitNumber = record.Number;
        if (Phase == ActivationPhase.Opening)
        {
            Phase = ActivationPhase.Running;
            if (record.Time > Now) Now = record.Time;
            Machine.Activated(_epoch);
            TellBegin();
            PlanAll();
            return;
        }

        ApplyRecord(record);
    }

    private protected override void Work(Timestamp now)
    {
        if (Phase == ActivationPhase.Faulted) return;
        bool full = !_ring.HasRoomFor(CommitNumber + 1);
        bool due = UncoveredRecords >= _ring.LogKeys / 2 || full || (IsSnapshotWanted && UncoveredRecords > 0);
        if (_recordWrite is null) AnswerViews();
        if (due && _snapshotWrite is null && _recordWrite is null) WriteSnapshot();
        if (_recordWrite is not null || full) return;
        if (Phase == ActivationPhase.Opening) WriteRecord(new LogRecord(Options.EngineVersion, CommitNumber + 1, _epoch, Later(now), [], []));
        else Gather(now);
    }

    private protected override void AfterAcknowledgement()
    {
    }

    private protected override void Forgotten(PeerLink link)
    {
        if (link.On.HasFlag(LinkLists.Changed)) return;
        link.On |= LinkLists.Changed;
        _acknowledged.Add(link);
    }

    private Timestamp Later(Timestamp now) => now > Now ? now : Now;

    private string? WhyRefusing() => Fault is not null ? $"{Address} is faulted: {Fault}"
        : InputCount >= Options.Backlog ? $"{Address} is busy: {InputCount} inputs wait"
        : null;

    private void AnswerViews()
    {
        if (Phase != ActivationPhase.Running) return;
        foreach ((long ticket, Func<IActorMachine, object?> view) in _views) Effects.Views.Add(new CommittedView(ticket, CommitNumber, view(Machine), null));
        _views.Clear();
    }

    private void Gather(Timestamp now)
    {
        if (_commands.Count == 0 && _batches.Count == 0) return;
        var inputs = new List<LoggedInput>();
        _recordCommands = [];
        foreach (WaitingCommand waiting in _commands) Gather(waiting, inputs);
        _commands.Clear();
        while (inputs.Count < Options.BatchInputs && _batches.TryDequeue(out DeliveryBatch? batch))
        {
            if (ShowsAnother(batch, Links[batch.From]))
            {
                Phase = ActivationPhase.Dropped;
                return;
            }

            Gather(batch, inputs);
        }

        if (inputs.Count == 0)
        {
            EndRecord(); // all of it was there before: it is acknowledged again
            return;
        }

        var acknowledgements = new List<LoggedAcknowledgement>(_acknowledged.Count);
        foreach (PeerLink link in _acknowledged)
        {
            link.On &= ~LinkLists.Changed;
            acknowledgements.Add(new LoggedAcknowledgement(link.Peer, link.Acknowledged));
        }

        _acknowledged.Clear();
        WriteRecord(new LogRecord(Options.EngineVersion, CommitNumber + 1, _epoch, Later(now), acknowledgements, inputs));
    }

    private void Gather(in WaitingCommand waiting, List<LoggedInput> inputs)
    {
        CommandId id = waiting.Message.Cause;
        if (id != CommandId.None && Ledger.FindDone(id) is { } done)
        {
            Effects.Replies.Add(new CommandReply(waiting.Ticket, id, done.Time, done.Events, null));
            return;
        }

        bool isTwice = false;
        foreach (WaitingCommand other in _recordCommands) isTwice |= id != CommandId.None && other.Message.Cause == id;
        _recordCommands.Add(waiting);
        if (!isTwice) inputs.Add(new LoggedInput(waiting.Message, 0));
    }

    private void Gather(DeliveryBatch batch, List<LoggedInput> inputs)
    {
        PeerLink link = Links[batch.From];
        for (int i = 0; i < batch.Messages.Count; i++)
        {
            long number = batch.First + i;
            if (!IsNew(link, number)) continue;
            inputs.Add(new LoggedInput(batch.Messages[i], number));
            Advance(link, number);
        }

        if (link.On.HasFlag(LinkLists.ToAcknowledge)) return;
        link.On |= LinkLists.ToAcknowledge;
        _batchLinks.Add(link);
        if (Options.Faults.HasFlag(PlantedFaults.AcknowledgeBeforeWrite)) SendAcknowledgement(link, link.Applied, link.Queued);
    }

    private void WriteRecord(LogRecord record)
    {
        StateWriter writer = ScratchWriter.Take();
        record.Write(writer);
        int slot = _ring.SlotOfRecord(record.Number);
        _record = record;
        _recordWrite = new StoreWrite(_ring.KeyOf(slot), writer.Written.ToArray(), _ring.TagOf(slot));
        Effects.Writes.Add(_recordWrite);
        if (Options.Faults.HasFlag(PlantedFaults.SendBeforeWrite) && Phase == ActivationPhase.Running) ApplyRecord(record);
    }

    private void ApplyRecord(LogRecord record)
    {
        if (record.Number <= _appliedThrough) return;
        _appliedThrough = record.Number;
        if (!TryApply(record)) return;
        foreach (LoggedInput input in record.Inputs)
        {
            if (input.Number == 0 && Ledger.FindOpen(input.Message.Cause) is { } open) Ledger.End(open, Now);
        }

        foreach (WaitingCommand waiting in _recordCommands)
        {
            IReadOnlyList<Event> events = Ledger.FindDone(waiting.Message.Cause)?.Events ?? [];
            Effects.Replies.Add(new CommandReply(waiting.Ticket, waiting.Message.Cause, Now, events, null));
        }

        if (NewEvents.Count > 0) Tell(record.Number, [.. NewEvents]);
        Effects.Notices.AddRange(NewNotices);
        NewEvents.Clear();
        NewNotices.Clear();
        EndRecord();
    }

    private void EndRecord()
    {
        _recordCommands = [];
        foreach (PeerLink link in _changedByOutput)
        {
            link.Committed = link.Queued;
            link.On &= ~LinkLists.Output;
            if (link.Sent < link.Committed) Plan(link);
        }

        _changedByOutput.Clear();
        foreach (PeerLink link in _batchLinks)
        {
            link.On &= ~LinkLists.ToAcknowledge;
            link.Durable = link.Applied;
            SendAcknowledgement(link, link.Durable, link.Committed);
        }

        _batchLinks.Clear();
    }

    private protected override void Queued(PeerLink link)
    {
        if (link.On.HasFlag(LinkLists.Output)) return;
        link.On |= LinkLists.Output;
        _changedByOutput.Add(link);
    }

    /// <summary>The machine's part of a record; false when it broke.</summary>
    private bool TryApply(LogRecord record)
    {
        Now = record.Time;
        Machine.Begin(Now);
        try
        {
            foreach (LoggedInput input in record.Inputs)
            {
                if (input.Number == 0 && input.Message.Cause != CommandId.None) Ledger.Begin(input.Message.Cause);
                Step(input.Message);
            }

            EndSteps();
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Every later activation breaks at the same record: the fault is as durable as the log.
            Break($"record {record.Number}: {e.Message}");
            return false;
        }
    }

    private void Break(string fault)
    {
        Fault = fault;
        Phase = ActivationPhase.Faulted;
        foreach (WaitingCommand waiting in _recordCommands) Effects.Replies.Add(new CommandReply(waiting.Ticket, waiting.Message.Cause, Now, [], fault));
        foreach (WaitingCommand waiting in _commands) Effects.Replies.Add(new CommandReply(waiting.Ticket, waiting.Message.Cause, Now, [], fault));
        foreach ((long ticket, _) in _views) Effects.Views.Add(new CommittedView(ticket, CommitNumber, null, fault));
        _recordCommands = [];
        _commands.Clear();
        _batches.Clear();
        _views.Clear();
    }

    private void Replay(LogRecord record)
    {
        foreach (LoggedAcknowledgement a in record.Acknowledgements) Links.Forget(Links[a.Peer], Math.Min(a.Through, Links[a.Peer].Queued));
        foreach (LoggedInput input in record.Inputs)
        {
            if (input.Number > 0) Advance(Links[input.Message.From], input.Number);
        }

        CommitNumber = _appliedThrough = record.Number;
        if (record.Inputs.Count == 0)
        {
            if (record.Time > Now) Now = record.Time;
            return;
        }

        if (!TryApply(record)) return;
        if (NewEvents.Count > 0) EventNumber = record.Number;
        NewEvents.Clear();
        foreach (LoggedInput input in record.Inputs)
        {
            if (input.Number == 0 && Ledger.FindOpen(input.Message.Cause) is { } open) Ledger.End(open, Now);
        }
    }

    // Snapshots were read before a running activation wrote a newer one and let its log turn: what is here is no state at all.
    private bool IsTorn(IReadOnlyList<StoredRecord> records)
    {
        for (int slot = LogRing.Snapshots; slot < records.Count; slot++)
        {
            if (records[slot].Exists && LogRecord.NumberOf(records[slot].Bytes) > CommitNumber) return true;
        }

        return false;
    }

    private int LoadSnapshot(IReadOnlyList<StoredRecord> records)
    {
        int newest = -1;
        long newestLast = -1;
        for (int which = 0; which < LogRing.Snapshots; which++)
        {
            StoredRecord stored = records[LogRing.SlotOfSnapshot(which)];
            if (!stored.Exists) continue;
            var head = new StateReader(stored.Bytes);
            RecordFormat.Read(head);
            long last = head.ReadInt64();
            _ring.SetSnapshot(which, last);
            if (last > newestLast) (newest, newestLast) = (which, last);
        }

        if (newest < 0) return 0;
        var reader = new StateReader(records[newest].Bytes);
        byte format = RecordFormat.Read(reader);
        CommitNumber = _appliedThrough = reader.ReadInt64();
        int epoch = reader.ReadInt32();
        Now = reader.ReadTimestamp();
        EventNumber = reader.ReadInt64();
        Links.Read(reader);
        Ledger.Read(reader, format);
        Machine.Read(reader);
        reader.ExpectEnd();
        return epoch;
    }

    // Between two records: what is in memory is durable.
    private void WriteSnapshot()
    {
        IsSnapshotWanted = false;
        StateWriter writer = ScratchWriter.Take();
        writer.WriteByte(RecordFormat.Present);
        writer.WriteInt64(CommitNumber);
        writer.WriteInt32(_epoch);
        writer.WriteTimestamp(Now);
        writer.WriteInt64(EventNumber);
        Links.Write(writer);
        Ledger.Write(writer);
        Machine.Write(writer);
        _snapshotSlot = _ring.NextSnapshot;
        _snapshotNumber = CommitNumber;
        _snapshotWrite = new StoreWrite(_ring.KeyOf(_snapshotSlot), writer.Written.ToArray(), _ring.TagOf(_snapshotSlot));
        Effects.Writes.Add(_snapshotWrite);
    }

    private void SnapshotStored(string? tag)
    {
        long covered = _ring.Covered;
        _ring.SetTag(_snapshotSlot, tag);
        _ring.SetSnapshot(_snapshotSlot, _snapshotNumber);
        if (!Options.Faults.HasFlag(PlantedFaults.DeleteLogRecords)) return;
        for (long n = Math.Max(covered + 1, _snapshotNumber - _ring.LogKeys + 1); n <= _snapshotNumber; n++)
        {
            int slot = _ring.SlotOfRecord(n);
            DeletedKeys.Add(_ring.KeyOf(slot));
            _ring.SetTag(slot, null);
        }
    }

    /// <summary>Of the planted fault alone: what it would have deleted.</summary>
    internal List<string> DeletedKeys { get; } = [];

    private readonly record struct WaitingCommand(Message Message, long Ticket);
}
