using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// One life of one actor in one host: reliable delivery around a pure state machine. No I/O, clock or thread: the host hands in what
/// arrives, calls <see cref="Turn"/>, and does what <see cref="Effects"/> say. Used by one thread at a time.
/// <para>What holds, whatever hosts, networks and storage do within the <see cref="IActorStore"/> contract:</para>
/// <list type="bullet">
/// <item>Nothing leaves before the write that covers it has ended.</item>
/// <item>A message that has left is sent again until it is acknowledged; it is acknowledged when its effect is durable, and has that effect
/// once. Messages of a pair take effect in order. An account acknowledges what made it send something only when that has arrived too, so
/// that somebody who is always active answers for every message on its way.</item>
/// <item>A crash may lose what was applied but not written; whoever sent it sends it again. It may repeat what was sent; receivers know the
/// numbers. It loses nothing that was acknowledged or answered.</item>
/// <item>Two activations of one actor may run at once: at most one of them can write, and the other drops itself when it tries.</item>
/// </list>
/// </summary>
public abstract class Activation
{
    private readonly List<PeerLink> _toSend = [];
    private readonly Queue<Message> _own = new();
    private readonly SortedSet<ActorId> _untold = []; // of this actor's fault
    private readonly ActorOutput _output = new();

    private protected Activation(IActorMachine machine, DeliveryOptions options)
    {
        Machine = machine;
        Options = options;
        Links = new PeerLinks(machine.Address);
    }

    public IActorMachine Machine { get; }

    public ActorId Address => Machine.Address;

    public ActivationPhase Phase { get; private protected set; } = ActivationPhase.Loading;

    /// <summary>Why the actor is <see cref="ActivationPhase.Faulted"/>; else null.</summary>
    public string? Fault { get; private protected set; }

    /// <summary>The last write that has ended, counted over all activations.</summary>
    public long CommitNumber { get; private protected set; }

    /// <summary>The last write that had events, counted over all activations; 0 none.</summary>
    public long EventNumber { get; private protected set; }

    /// <summary>Exchange time of the last batch.</summary>
    public Timestamp Now { get; private protected set; }

    public ActivationEffects Effects { get; } = new();

    /// <summary>The node whose monitor watches this actor's pools; told to peers with each batch.</summary>
    public NodeId Watcher { get; set; }

    /// <summary>What to read before <see cref="Load"/>, in this order.</summary>
    public abstract IReadOnlyList<string> Keys { get; }

    /// <summary>Messages that are queued for others and not acknowledged.</summary>
    public int OutboxDepth => Links.Queued;

    /// <summary>Nothing waits: no input, no write, no unacknowledged message, no open command. A host may end the activation.</summary>
    public bool IsIdle => Phase is ActivationPhase.Running or ActivationPhase.Faulted
        && InputCount == 0 && !IsWriting && OutboxDepth == 0 && Ledger.Open.Count == 0;

    /// <summary>Inputs that wait to be applied.</summary>
    public abstract int InputCount { get; }

    public abstract bool IsWriting { get; }

    internal PeerLinks Links { get; }

    internal CommandLedger Ledger { get; } = new();

    private protected DeliveryOptions Options { get; }

    private protected List<Event> NewEvents { get; } = [];

    private protected List<Message> NewNotices { get; } = [];

    /// <summary>Takes what was stored under <see cref="Keys"/>. Throws <see cref="StateFormatException"/> for bytes that cannot be right.</summary>
    public abstract void Load(IReadOnlyList<StoredRecord> records);

    /// <summary>A client's command, to be answered under a ticket. The same id again has no second effect.</summary>
    /// <param name="answered">Earlier commands whose answers the client has.</param>
    public abstract void Submit(in Message command, long ticket, ReadOnlySpan<CommandId> answered);

    /// <summary>
    /// Messages from another actor, acknowledged when their effect is durable. False: they are not taken (too much waits, or the actor is
    /// faulted) and are to be sent again.
    /// </summary>
    public abstract bool Receive(DeliveryBatch batch);

    /// <summary>The monitor of the node wakes a pool of this account. Neither numbered nor answered: the monitor wakes again.</summary>
    public abstract void Wake(in Message judge);

    /// <summary>Has a reader look at the state when it is durable; see <see cref="CommittedView"/>.</summary>
    public abstract void Read(long ticket, Func<IActorMachine, object?> view);

    /// <summary>How a write of <see cref="ActivationEffects.Writes"/> ended.</summary>
    public abstract void Stored(StoreWrite write, in StoreResult result);

    /// <summary>Applies what may be applied, and leaves writes and what may leave.</summary>
    public void Turn(Timestamp now)
    {
        if (Phase is ActivationPhase.Loading or ActivationPhase.Dropped) return;
        Work(now);
        if (Phase is ActivationPhase.Running) SendBatches(now);
    }

    /// <summary>
    /// The peer has applied our messages up to a number. A number that this activation has not sent, or an acknowledgement that it has not
    /// given, is another activation's, which has taken over: this one is <see cref="ActivationPhase.Dropped"/>.
    /// </summary>
    public void Acknowledge(in Acknowledgement acknowledgement)
    {
        if (Phase is not ActivationPhase.Running) return;
        PeerLink? link = Links.Find(acknowledgement.From);
        if (acknowledgement.Through > (link?.Committed ?? 0) || acknowledgement.Forgotten > (link?.Applied ?? 0))
        {
            Phase = ActivationPhase.Dropped;
            return;
        }

        if (link is null) return;
        foreach (OpenCommand command in Ledger.Open) command.Acknowledged(acknowledgement, link.Applied);
        if (acknowledgement.Through > link.Acknowledged)
        {
            Links.Forget(link, acknowledgement.Through);
            Forgotten(link);
            if (link.Sent < link.Committed) Plan(link);
        }

        AfterAcknowledgement();
    }

    /// <summary>Sends again what was sent long ago and is not acknowledged. To be called now and then.</summary>
    public void Resend(Timestamp now)
    {
        if (Phase is ActivationPhase.Faulted)
        {
            foreach (ActorId peer in _untold) TellFault(peer);
            _untold.Clear();
        }

        if (Phase is not ActivationPhase.Running) return;
        foreach (PeerLink link in Links.All)
        {
            if (link.Sent == link.Acknowledged || now - link.SentAt < Options.ResendMilliseconds) continue;
            link.Sent = link.Acknowledged;
            Plan(link);
        }

        SendBatches(now);
    }

    /// <summary>Tells a peer which node watches this actor, by a batch without messages. It may be lost: who must know asks again.</summary>
    public void Announce(ActorId peer)
    {
        if (Phase is not ActivationPhase.Running) return;
        long next = (Links.Find(peer)?.Acknowledged ?? 0) + 1;
        Effects.Batches.Add(new DeliveryBatch(Address, peer, next, [], Watcher));
    }

    /// <summary>A batch did not reach the peer: it is sent again with the next <see cref="Resend"/>.</summary>
    public void SendFailed(ActorId peer)
    {
        if (Phase is ActivationPhase.Faulted) _untold.Add(peer);
        if (Links.Find(peer) is { } link && link.Sent > link.Acknowledged) link.SentAt = new Timestamp(link.SentAt.Milliseconds - Options.ResendMilliseconds);
    }

    /// <summary>Markets are told that nothing comes from here any more: they still have orders of this actor's.</summary>
    private protected void TellFault()
    {
        foreach (PeerLink link in Links.All) TellFault(link.Peer);
    }

    private protected void TellFault(ActorId peer)
    {
        if (peer.Kind != ActorKind.Market) return;
        long next = (Links.Find(peer)?.Acknowledged ?? 0) + 1;
        Effects.Batches.Add(new DeliveryBatch(Address, peer, next, [], NodeId.None) { IsFaulted = true });
    }

    private protected abstract void Work(Timestamp now);

    private protected abstract void AfterAcknowledgement();

    private protected virtual void Forgotten(PeerLink link)
    {
    }

    private protected virtual void Queued(PeerLink link)
    {
    }

    /// <summary>One step, and what it sends to itself, to quiescence. What it throws has broken the machine.</summary>
    private protected void Step(in Message message)
    {
        Machine.Apply(message, _output);
        TakeOutput();
    }

    private protected void EndSteps()
    {
        Machine.End(_output);
        TakeOutput();
    }

    private protected bool IsNew(PeerLink link, long number) =>
        number == link.Applied + 1 || (number <= link.Applied && Options.Faults.HasFlag(PlantedFaults.NoDeduplication));

    /// <summary>
    /// Whether the peer has forgotten messages that were never applied here: it does so only when they were durably applied, so another
    /// activation has been at work since this one was loaded.
    /// </summary>
    private protected static bool ShowsAnother(DeliveryBatch batch, PeerLink link) => batch.First > link.Applied + 1;

    private protected static void Advance(PeerLink link, long number)
    {
        if (number > link.Applied) link.Applied = number;
    }

    private protected void Plan(PeerLink link)
    {
        if (link.On.HasFlag(LinkLists.ToSend)) return;
        link.On |= LinkLists.ToSend;
        _toSend.Add(link);
    }

    private protected void PlanAll()
    {
        foreach (PeerLink link in Links.All)
        {
            if (link.Sent < link.Committed) Plan(link);
        }
    }

    /// <summary>Lets the events of a write leave.</summary>
    private protected void Tell(long number, IReadOnlyList<Event> events)
    {
        Effects.Events.Add(new EventCommit(Address, number, Now, events) { Previous = EventNumber });
        EventNumber = number;
    }

    /// <summary>Says up to where events were told before this activation.</summary>
    private protected void TellBegin() => Effects.Events.Add(new EventCommit(Address, EventNumber, Now, []) { Previous = EventNumber });

    private protected void SendAcknowledgement(PeerLink link, long through, long answered) =>
        Effects.Acknowledgements.Add(new Acknowledgement(Address, link.Peer, through, answered) { Forgotten = link.Acknowledged });

    private void TakeOutput()
    {
        while (true)
        {
            foreach (ref readonly Message message in _output.Sent) Route(message);
            foreach (ref readonly Event e in _output.Events)
            {
                NewEvents.Add(e);
                if (e.Cause != CommandId.None) Ledger.FindOpen(e.Cause)?.Events.Add(e);
            }

            _output.Clear();
            if (!_own.TryDequeue(out Message own)) return;
            Machine.Apply(own, _output);
        }
    }

    private void Route(in Message message)
    {
        if (message.To == Address)
        {
            _own.Enqueue(message);
            return;
        }

        if (message.To == ActorId.Monitor)
        {
            NewNotices.Add(message);
            return;
        }

        PeerLink link = Links[message.To];
        long number = Links.Enqueue(link, message);
        Ledger.FindOpen(message.Cause)?.WaitFor(link.Peer, number);
        Queued(link);
    }

    private void SendBatches(Timestamp now)
    {
        foreach (PeerLink link in _toSend)
        {
            link.On &= ~LinkLists.ToSend;
            if (link.Sent != link.Acknowledged || link.Committed == link.Sent) continue; // one batch under way at a time
            long first = link.Acknowledged + 1;
            int count = (int)Math.Min(link.Committed - link.Acknowledged, Options.BatchMessages);
            var messages = new Message[count];
            for (int i = 0; i < count; i++) messages[i] = link[first + i];
            link.Sent = link.Acknowledged + count;
            link.SentAt = now;
            Effects.Batches.Add(new DeliveryBatch(Address, link.Peer, first, messages, Watcher));
        }

        _toSend.Clear();
    }
}
