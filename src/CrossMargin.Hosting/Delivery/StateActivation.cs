using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// An actor whose state is small (an account, the fund): each write holds the whole of it, with its queues, numbers and the answers it
/// gave. While a write is in flight the next batch is applied in memory; nothing of it leaves before its own write has ended.
/// </summary>
public sealed class StateActivation(IActorMachine machine, DeliveryOptions options) : Activation(machine, options)
{
    private static readonly string[] StateKey = ["state"];
    private static readonly string[] BothKeys = ["state", EventKeeper.Key];

    private readonly EventKeeper? _keeper = (machine as IKeepsEvents)?.Keeper;

    private readonly Queue<Input> _inputs = new();
    private readonly List<PeerLink> _changed = [];
    private readonly Custody _custody = new();
    private readonly List<Custody.Sent> _caused = []; // by the batch being applied, or by its end
    private Release _applied = new(); // what the batch in memory will let go
    private Release _writing = new(); // what the write in flight will let go
    private StoreWrite? _write;
    private ReadOnlyMemory<byte> _committed; // the last record that is known to be there
    private string? _tag;
    private bool _isDirty;
    private bool _isFaultWrite;

    public override IReadOnlyList<string> Keys => _keeper is null ? StateKey : BothKeys;

    public override int InputCount => _inputs.Count;

    public override bool IsWriting => _write is not null || _keeper is { IsWriting: true };

    public override void Load(IReadOnlyList<StoredRecord> records)
    {
        StoredRecord record = records[0];
        _tag = record.Tag;
        _keeper?.Load(records[1]);
        bool isTorn = false;
        if (record.Exists)
        {
            _committed = record.Bytes;
            Fault = ReadState(new StateReader(record.Bytes), out isTorn);
        }

        if (isTorn)
        {
            Phase = ActivationPhase.Dropped;
            return;
        }

        Phase = Fault is null ? ActivationPhase.Running : ActivationPhase.Faulted;
        foreach (PeerLink link in Links.All) link.Restart();
        if (Phase == ActivationPhase.Faulted)
        {
            TellFault();
            return;
        }

        PlanAll();
        HoldAll();
        Machine.Activated(0);
        TellBegin();
        _inputs.Enqueue(new Input(InputKind.Activation, default, null, 0, null));
    }

    public override void Submit(in Message command, long ticket, ReadOnlySpan<CommandId> answered)
    {
        if (IsRefusing(out string? why))
        {
            Effects.Replies.Add(new CommandReply(ticket, command.Cause, Now, [], why));
            return;
        }

        Ledger.Confirm(answered);
        _inputs.Enqueue(new Input(InputKind.Command, command, null, ticket, null));
    }

    public override bool Receive(DeliveryBatch batch)
    {
        if (IsRefusing(out _))
        {
            if (Phase == ActivationPhase.Faulted) TellFault(batch.From); // what it has here is more than was told to be there
            return false;
        }

        _inputs.Enqueue(new Input(InputKind.Batch, default, batch, 0, null));
        return true;
    }

    public override void Wake(in Message judge)
    {
        if (!IsRefusing(out _)) _inputs.Enqueue(new Input(InputKind.Wake, judge, null, 0, null));
    }

    public override void Read(long ticket, Func<IActorMachine, object?> view)
    {
        if (Fault is not null) Effects.Views.Add(new CommittedView(ticket, CommitNumber, null, Fault));
        else _inputs.Enqueue(new Input(InputKind.View, default, null, ticket, view));
    }

    public override void Stored(StoreWrite write, in StoreResult result)
    {
        if (Phase == ActivationPhase.Dropped) return;
        if (_keeper is not null && _keeper.TryStored(write, result, out bool isKept))
        {
            if (!isKept) Phase = ActivationPhase.Dropped;
            return;
        }

        if (write != _write) return;
        _write = null;
        if (result.Outcome != StoreOutcome.Written)
        {
            Phase = ActivationPhase.Dropped;
            return;
        }

        _tag = result.Tag;
        _committed = write.Bytes;
        if (_isFaultWrite)
        {
            Phase = ActivationPhase.Faulted;
            TellFault();
            return;
        }

        CommitNumber++;
        foreach (PeerLink link in _writing.Links)
        {
            link.Committed = Math.Max(link.Committed, link.InWrite);
            link.Durable = Math.Max(link.Durable, link.AppliedInWrite);
            if (link.Sent < link.Committed) Plan(link);
        }

        Let(_writing);
    }

    private protected override void Work(Timestamp now)
    {
        if (Phase == ActivationPhase.Faulted) return; // what is in memory is broken: it is never written
        do ApplyInputs(now);
        while (_inputs.Count > 0 && !_isDirty && MayApply()); // what changes nothing needs no write
        if (Fault is null && Phase == ActivationPhase.Running && _keeper?.TakeDue(CommitNumber) is { } history) Effects.Writes.Add(history);
        if (_write is not null || Phase == ActivationPhase.Dropped) return;
        if (Fault is not null) WriteFault();
        else if (_isDirty) WriteBatch();
        else if (!_applied.IsEmpty) Let(_applied);
    }

    private protected override void AfterAcknowledgement()
    {
        if (Fault is not null) return;
        EndCommands();
        _custody.Release(link => SendAcknowledgement(link, link.Durable, link.Committed));
    }

    private protected override void Queued(PeerLink link)
    {
        _isDirty = true;
        _caused.Add(new Custody.Sent(link, link.Queued));
        Change(link);
    }

    // What is here of earlier lives has no known cause: everybody waits for it.
    private void HoldAll()
    {
        _caused.Clear();
        foreach (PeerLink link in Links.All)
        {
            if (link.Count > 0) _caused.Add(new Custody.Sent(link, link.Queued));
        }

        foreach (PeerLink link in Links.All) Hold(link);
    }

    private void Hold(PeerLink peer)
    {
        if (_caused.Count > 0 && Address.Kind == ActorKind.Account) _custody.Hold(peer, [.. _caused]);
    }

    private bool MayApply() => Fault is null && Phase == ActivationPhase.Running && Machine.IsReady && _keeper is not { IsFull: true };

    private bool IsRefusing(out string? why)
    {
        why = Fault is not null ? $"{Address} is faulted: {Fault}"
            : _inputs.Count >= Options.Backlog ? $"{Address} is busy: {_inputs.Count} inputs wait"
            : null;
        return why is not null;
    }

    private void ApplyInputs(Timestamp now)
    {
        if (_inputs.Count == 0 || !MayApply()) return;
        if (now > Now) Now = now;
        Machine.Begin(Now);
        try
        {
            for (int n = 0; n < Options.BatchInputs && _inputs.TryDequeue(out Input input); n++)
            {
                Apply(input);
                if (Phase == ActivationPhase.Dropped) return;
            }

            _caused.Clear();
            EndSteps();
            foreach (PeerLink link in _applied.Acknowledge) Hold(link);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(e.Message);
            return;
        }

        if (NewEvents.Count > 0)
        {
            _isDirty = true;
            _applied.Events.AddRange(NewEvents);
            NewEvents.Clear();
        }

        _applied.Notices.AddRange(NewNotices);
        NewNotices.Clear();
        EndCommands();
        if (Options.Faults.HasFlag(PlantedFaults.SendBeforeWrite)) LeaveEarly();
    }

    private void Apply(in Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Command:
                ApplyCommand(input.Message, input.Ticket);
                break;
            case InputKind.Batch:
                ApplyBatch(input.Batch!);
                break;
            case InputKind.Wake:
                Step(input.Message);
                break;
            case InputKind.Activation:
                break; // what the machine has put off happens at the batch's end
            default:
                _applied.Looks.Add((input.Ticket, input.View!));
                break;
        }
    }

    private void ApplyCommand(in Message command, long ticket)
    {
        CommandId id = command.Cause;
        if (id == CommandId.None)
        {
            ApplyTime(command);
            _applied.Replies.Add(new CommandReply(ticket, id, Now, [], null));
            return;
        }

        if (Ledger.FindDone(id) is { } done)
        {
            _applied.Replies.Add(new CommandReply(ticket, id, done.Time, done.Events, null));
            return;
        }

        OpenCommand? open = Ledger.FindOpen(id);
        bool isNew = open is null;
        open ??= Ledger.Begin(id);
        open.Tickets.Add(ticket);
        if (!isNew) return;
        _isDirty = true;
        Step(command);
    }

    // The clock's, or another command that nobody waits for. It comes every second: what it leaves as it was is not written, and the time
    // that it brought is in the next record. What it sends or emits is written as ever.
    private void ApplyTime(in Message command)
    {
        if (_isDirty)
        {
            Step(command);
            return;
        }

        var before = new StateWriter(1024);
        Machine.Write(before);
        Step(command);
        if (_isDirty) return; // something was sent
        var after = new StateWriter(before.Length);
        Machine.Write(after);
        _isDirty = !after.Written.SequenceEqual(before.Written);
    }

    private void ApplyBatch(DeliveryBatch batch)
    {
        PeerLink link = Links[batch.From];
        if (ShowsAnother(batch, link))
        {
            Phase = ActivationPhase.Dropped;
            return;
        }

        _caused.Clear();
        for (int i = 0; i < batch.Messages.Count; i++)
        {
            long number = batch.First + i;
            if (!IsNew(link, number)) continue;
            _isDirty = true;
            Step(batch.Messages[i]);
            Advance(link, number);
        }

        Hold(link);

        foreach (OpenCommand command in Ledger.Open) command.Applied(link.Peer, link.Applied);
        Change(link);
        if (link.On.HasFlag(LinkLists.ToAcknowledge)) return;
        link.On |= LinkLists.ToAcknowledge;
        _applied.Acknowledge.Add(link);
        if (Options.Faults.HasFlag(PlantedFaults.AcknowledgeBeforeWrite)) SendAcknowledgement(link, link.Applied, link.Queued);
    }

    private void EndCommands()
    {
        for (int i = 0; i < Ledger.Open.Count; i++)
        {
            OpenCommand command = Ledger.Open[i];
            if (!command.IsComplete) continue;
            DoneCommand done = Ledger.End(command, Now);
            foreach (long ticket in command.Tickets) _applied.Replies.Add(new CommandReply(ticket, done.Id, done.Time, done.Events, null));
            i--;
        }
    }

    private void Change(PeerLink link)
    {
        if (link.On.HasFlag(LinkLists.Changed)) return;
        link.On |= LinkLists.Changed;
        _changed.Add(link);
    }

    // A view is of the state that one write covers, whole: it is made when no more steps can come under that write.
    private void Look(Release release)
    {
        foreach ((long ticket, Func<IActorMachine, object?> look) in release.Looks)
        {
            try
            {
                release.Views.Add(new CommittedView(ticket, 0, look(Machine), null));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                release.Views.Add(new CommittedView(ticket, 0, null, e.Message));
            }
        }

        release.Looks.Clear();
    }

    private void WriteBatch()
    {
        StateWriter writer = ScratchWriter.Take();
        WriteState(writer);
        Look(_applied);
        foreach (PeerLink link in _changed)
        {
            link.On &= ~LinkLists.Changed;
            link.InWrite = link.Queued;
            link.AppliedInWrite = link.Applied;
        }

        _applied.Links.AddRange(_changed);
        _changed.Clear();
        foreach (PeerLink link in _applied.Acknowledge) link.On &= ~LinkLists.ToAcknowledge;
        (_applied, _writing) = (_writing, _applied);
        _isDirty = false;
        Send(writer);
    }

    private void Send(StateWriter writer)
    {
        _write = new StoreWrite(StateKey[0], writer.Written.ToArray(), _tag);
        Effects.Writes.Add(_write);
    }

    // What this batch would have answered is answered with the fault: it did not become durable.
    private void Break(string fault)
    {
        Fault = fault;
        foreach (CommandReply reply in _applied.Replies) Effects.Replies.Add(reply with { Events = [], Unavailable = fault });
        foreach (OpenCommand command in Ledger.Open)
        {
            foreach (long ticket in command.Tickets) Effects.Replies.Add(new CommandReply(ticket, command.Id, Now, [], fault));
        }

        foreach ((long ticket, _) in _applied.Looks) Effects.Views.Add(new CommittedView(ticket, CommitNumber, null, fault));
        _applied.Clear();
    }

    /// <summary>
    /// The state in memory is broken: the last durable one is written again, with the fault in front. An activation that broke because it
    /// was old is refused here, and nothing is at fault.
    /// </summary>
    private void WriteFault()
    {
        _isFaultWrite = true;
        StateWriter writer = ScratchWriter.Take();
        writer.WriteByte(_committed.IsEmpty ? RecordFormat.Present : _committed.Span[0]);
        writer.WriteString(Fault!);
        writer.WriteRaw(_committed.IsEmpty ? [] : RestOf(_committed).Span);
        Send(writer);
        foreach (Input input in _inputs)
        {
            if (input.Kind == InputKind.Command) Effects.Replies.Add(new CommandReply(input.Ticket, input.Message.Cause, Now, [], Fault));
            else if (input.Kind == InputKind.View) Effects.Views.Add(new CommittedView(input.Ticket, CommitNumber, null, Fault));
        }

        _inputs.Clear();
    }

    private static ReadOnlyMemory<byte> RestOf(ReadOnlyMemory<byte> record)
    {
        var reader = new StateReader(record);
        reader.ReadByte();
        reader.ReadString();
        return record[reader.Position..];
    }

    private void WriteState(StateWriter writer)
    {
        writer.WriteByte(RecordFormat.Present);
        writer.WriteString("");
        writer.WriteInt64(CommitNumber + 1);
        writer.WriteTimestamp(Now);
        writer.WriteInt64(_applied.Events.Count > 0 ? CommitNumber + 1 : EventNumber);
        Links.Write(writer);
        Ledger.Write(writer);
        Machine.Write(writer);
        _keeper?.WriteTail(writer, CommitNumber + 1, _applied.Events);
    }

    // Returns the fault.
    private string? ReadState(StateReader reader, out bool isTorn)
    {
        isTorn = false;
        byte format = RecordFormat.Read(reader);
        string fault = reader.ReadString();
        if (reader.AtEnd && fault.Length > 0) return fault; // faulted before its first write
        CommitNumber = reader.ReadInt64();
        Now = reader.ReadTimestamp();
        EventNumber = reader.ReadInt64();
        Links.Read(reader);
        Ledger.Read(reader, format);
        Machine.Read(reader);
        isTorn = _keeper is not null && !_keeper.ReadTail(reader, Options.Faults);
        reader.ExpectEnd();
        return fault.Length > 0 ? fault : null;
    }

    private void Let(Release release)
    {
        Look(release);
        foreach (PeerLink link in release.Acknowledge)
        {
            if (release == _applied) link.On &= ~LinkLists.ToAcknowledge;
            if (link.HeldBy == 0) SendAcknowledgement(link, link.Durable, link.Committed);
        }

        Effects.Replies.AddRange(release.Replies);
        Effects.Notices.AddRange(release.Notices);
        foreach (CommittedView view in release.Views) Effects.Views.Add(view with { Number = CommitNumber });
        if (release.Events.Count > 0) Tell(CommitNumber, [.. release.Events]);
        release.Clear();
    }

    private void LeaveEarly()
    {
        foreach (PeerLink link in _changed)
        {
            link.Committed = link.Queued;
            if (link.Sent < link.Committed) Plan(link);
        }
    }

    private enum InputKind
    {
        Command,
        Batch,
        Wake,
        Activation,
        View,
    }

    private readonly record struct Input(
        InputKind Kind, Message Message, DeliveryBatch? Batch, long Ticket, Func<IActorMachine, object?>? View);

    private sealed class Release
    {
        public List<PeerLink> Links { get; } = [];
        public List<PeerLink> Acknowledge { get; } = [];
        public List<CommandReply> Replies { get; } = [];
        public List<Event> Events { get; } = [];
        public List<Message> Notices { get; } = [];
        public List<(long Ticket, Func<IActorMachine, object?> View)> Looks { get; } = [];
        public List<CommittedView> Views { get; } = [];

        public bool IsEmpty => Links.Count + Acknowledge.Count + Replies.Count + Events.Count + Notices.Count + Looks.Count + Views.Count == 0;

        public void Clear()
        {
            Links.Clear();
            Acknowledge.Clear();
            Replies.Clear();
            Events.Clear();
            Notices.Clear();
            Looks.Clear();
            Views.Clear();
        }
    }
}
