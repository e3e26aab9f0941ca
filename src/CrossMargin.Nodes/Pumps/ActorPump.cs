using System.Diagnostics;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Pumps;

/// <summary>
/// Drives one actor's <see cref="Activation"/> with real storage and real calls. The only place that awaits: storage and other actors are
/// called from here, and nothing here waits for another actor inside a call that the other could need. When the activation drops itself it
/// is loaded anew and what callers wait for is handed in again. All members are called, and all continuations run, in one
/// single-threaded context: a grain's, or a scheduler that runs one thing at a time.
/// </summary>
public sealed class ActorPump
{
    private readonly Func<Activation> _make;
    private readonly IActorStore _store;
    private readonly INodeTransport _transport;
    private readonly IExchangeClock _clock;
    private readonly PumpOptions _options;
    private readonly SortedDictionary<long, WaitingCall> _waiting = [];
    private readonly List<WaitingBatch> _batches = [];
    private Activation? _activation;
    private Activation? _toldFaulted;
    private Task? _loading;
    private long _tickets;
    private int _dropsInARow;
    private bool _isPumping;
    private bool _isAskedAgain;
    private bool _isStopping;
    private bool _isResending;
    private bool _isLookingAgain;

    public ActorPump(ActorId address, Func<Activation> make, IActorStore store, INodeTransport transport, IExchangeClock clock, PumpOptions options)
    {
        Address = address;
        _make = make;
        _store = store;
        _transport = transport;
        _clock = clock;
        _options = options;
    }

    public ActorId Address { get; }

    /// <summary>The present activation; null while it is being loaded.</summary>
    public Activation? Activation => _loading is null ? _activation : null;

    public PumpCounters Counters { get; } = new();

    /// <summary>Loads the actor. Throws what the store throws when it cannot be read.</summary>
    public Task StartAsync() => LoadAsync();

    /// <summary>
    /// Executes a client's command once, however often it is handed in under its id, and answers when what the answer shows is durable.
    /// </summary>
    /// <param name="answered">Earlier commands to this actor whose answers the client has.</param>
    public Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered)
    {
        var call = new WaitingCall(command, [.. answered], null);
        Hand(call);
        return call.Answer.Task;
    }

    /// <summary>Takes messages from another actor. Null: they were not taken and should be sent again.</summary>
    public Task<Acknowledgement?> ReceiveAsync(DeliveryBatch batch)
    {
        if (Activation is not { } activation) return WhenLoaded(batch);
        if (!activation.Receive(batch))
        {
            Pump();
            return Task.FromResult<Acknowledgement?>(null);
        }

        var waiting = new WaitingBatch(batch);
        _batches.Add(waiting);
        Pump();
        return waiting.Taken.Task;
    }

    /// <summary>The node's watch wakes a pool.</summary>
    public void Wake(in Message judge)
    {
        if (Activation is not { } activation) return; // it judges all its pools when it is loaded
        activation.Wake(judge);
        Pump();
    }

    /// <summary>Shows the actor's durable state to a reader. Throws <see cref="ExchangeUnavailableException"/> where it is faulted.</summary>
    public Task<CommittedView> ReadAsync(Func<IActorMachine, object?> view)
    {
        var call = new WaitingCall(default, [], view);
        Hand(call);
        return call.View.Task;
    }

    /// <summary>Tells the given actors who watches this one, with whatever is said to them next or now.</summary>
    public void Announce(IReadOnlyList<MarketId> markets)
    {
        if (Activation is not { } activation) return;
        foreach (MarketId market in markets) activation.Announce(ActorId.Of(market));
        Pump();
    }

    /// <summary>Sends again what was not acknowledged in time. Where calls always end (with an answer or an error) nobody need call it.</summary>
    public void Tick()
    {
        if (Activation is not { } activation) return;
        try
        {
            activation.Resend(_clock.Now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(e);
            return;
        }

        Pump();
    }

    /// <summary>Waits until nothing is under way and, of a market, a snapshot is written; or until the time is over.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _isStopping = true;
        (Activation as LogActivation)?.RequestSnapshot();
        Pump();
        while (!deadline.IsCancellationRequested && Activation is { Phase: ActivationPhase.Running } a && (a.IsWriting || a.InputCount > 0 || Wants(a)))
        {
            await Task.Delay(5);
            Pump();
        }
    }

    private static bool Wants(Activation a) => a is LogActivation { IsSnapshotWanted: true, UncoveredRecords: > 0 };

    private async Task<Acknowledgement?> WhenLoaded(DeliveryBatch batch)
    {
        await LoadAsync();
        return Activation is null ? null : await ReceiveAsync(batch);
    }

    private void Hand(WaitingCall call)
    {
        call.Ticket = ++_tickets;
        _waiting.Add(call.Ticket, call);
        if (Activation is null)
        {
            Load(); // handed in then; a load that failed before is tried again
            return;
        }

        HandTo(call);
        Pump();
    }

    private void HandTo(WaitingCall call)
    {
        if (Activation is not { } activation) return;
        try
        {
            if (call.Look is { } look) activation.Read(call.Ticket, look);
            else activation.Submit(call.Command, call.Ticket, call.Answered);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(e);
        }
    }

    private Task LoadAsync() => _loading ??= LoadOnceAsync();

    private async Task LoadOnceAsync()
    {
        await Task.Yield(); // so that the task is known as the one that loads before it ends
        try
        {
            if (_dropsInARow > 0) await Task.Delay(Math.Min(_options.LongestReloadDelay, 5 << Math.Min(_dropsInARow, 8)));
            Activation activation = _make();
            StoredRecord[] records = await Task.WhenAll(activation.Keys.Select(key => _store.ReadAsync(Address, key)));
            activation.Load(records);
            _activation = activation;
        }
        catch (Exception e)
        {
            FailAll(e);
            throw;
        }
        finally
        {
            _loading = null;
        }

        foreach (WaitingCall call in _waiting.Values.ToArray()) HandTo(call);
        Pump();
    }

    // Effects may lead to more: the loop goes on until nothing is left; a call from inside it only asks for another round.
    private void Pump()
    {
        if (_isPumping)
        {
            _isAskedAgain = true;
            return;
        }

        _isPumping = true;
        try
        {
            do
            {
                _isAskedAgain = false;
                if (Activation is not { } activation) return;
                activation.Turn(_clock.Now);
                Do(activation.Effects);
                if (activation.Phase == ActivationPhase.Dropped) Reload();
                else if (activation.Phase == ActivationPhase.Faulted) Faulted(activation);
            }
            while (_isAskedAgain);
            Counters.Outbox = Activation?.OutboxDepth ?? 0;
            if (Activation is { InputCount: > 0, Machine.IsReady: false }) LookAgain();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(e);
        }
        finally
        {
            _isPumping = false;
        }
    }

    // What a machine waits for comes to the node, not to this actor: nothing would start the next turn.
    private async void LookAgain()
    {
        if (_isLookingAgain) return;
        _isLookingAgain = true;
        await Task.Delay(_options.ReadyDelay);
        _isLookingAgain = false;
        if (!_isStopping) Pump();
    }

    private void Do(ActivationEffects effects)
    {
        StoreWrite[] writes = [.. effects.Writes];
        DeliveryBatch[] batches = [.. effects.Batches];
        if (effects.Notices.Count > 0) _transport.Publish(Address, [.. effects.Notices]); // first: who reads the answer may rely on the price
        foreach (Acknowledgement acknowledgement in effects.Acknowledgements) Taken(acknowledgement);
        foreach (CommandReply reply in effects.Replies) Answer(reply);
        foreach (CommittedView view in effects.Views) Show(view);
        foreach (EventCommit commit in effects.Events) _transport.Publish(commit);
        effects.Clear();
        foreach (StoreWrite write in writes) Write(_activation!, write);
        foreach (DeliveryBatch batch in batches) Send(batch);
    }

    private async void Write(Activation activation, StoreWrite write)
    {
        Counters.Writes++;
        Counters.WrittenBytes += write.Bytes.Length;
        long at = Stopwatch.GetTimestamp();
        try
        {
            StoreResult result = await _store.WriteAsync(Address, write);
            _options.OnWritten?.Invoke(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            if (activation != _activation) return;
            if (result.Outcome == StoreOutcome.Written) _dropsInARow = 0;
            activation.Stored(write, result);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (activation == _activation) Break(e);
            return;
        }

        Pump();
    }

    private async void Send(DeliveryBatch batch)
    {
        Activation? sender = _activation;
        Counters.Batches++;
        Counters.Messages += batch.Messages.Count;
        Acknowledgement? acknowledgement;
        try
        {
            acknowledgement = await _transport.DeliverAsync(batch);
        }
        catch (Exception)
        {
            acknowledgement = null; // whatever happened to it: it is sent again
        }

        if (Activation is not { } activation || activation != sender) return;
        try
        {
            if (acknowledgement is { } a) activation.Acknowledge(a);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(e);
            return;
        }

        if (acknowledgement is null || acknowledgement.Value.Through < batch.First + batch.Messages.Count - 1) Failed(activation, batch.To);
        Pump();
    }

    // Many may fail at once when a host dies: one round of sending again serves them all.
    private async void Failed(Activation activation, ActorId peer)
    {
        Counters.FailedBatches++;
        activation.SendFailed(peer);
        if (_isResending) return;
        _isResending = true;
        await Task.Delay(_options.ResendDelay);
        _isResending = false;
        if (Activation == activation) Tick();
    }

    private void Taken(in Acknowledgement acknowledgement)
    {
        for (int i = _batches.Count - 1; i >= 0; i--)
        {
            WaitingBatch waiting = _batches[i];
            if (waiting.Batch.From != acknowledgement.To || !waiting.IsAnswered(acknowledgement.Through)) continue;
            _batches.RemoveAt(i);
            waiting.Taken.TrySetResult(acknowledgement);
        }
    }

    private void Answer(CommandReply reply)
    {
        if (!_waiting.Remove(reply.Ticket, out WaitingCall? call)) return;
        call.Answer.TrySetResult(new CommandAnswer(reply.Time, reply.Events, reply.Unavailable));
    }

    private void Show(CommittedView view)
    {
        if (!_waiting.Remove(view.Ticket, out WaitingCall? call)) return;
        if (view.Unavailable is { } why) call.View.TrySetException(new ExchangeUnavailableException(why));
        else call.View.TrySetResult(view);
    }

    private void Reload()
    {
        Counters.Drops++;
        _activation = null;
        ReturnBatches();
        if (_isStopping)
        {
            FailAll(new ExchangeUnavailableException($"{Address} stops here"));
            return;
        }

        if (++_dropsInARow > _options.DropsInARow)
        {
            FailAll(new ExchangeUnavailableException($"{Address} runs elsewhere too, or its storage does not answer: {_dropsInARow} writes in a row failed"));
            _options.OnGivenUp?.Invoke(Address);
            return;
        }

        Load();
    }

    // Who waits is told by FailAll when it fails.
    private void Load() => LoadAsync().ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);

    private void Faulted(Activation activation)
    {
        ReturnBatches();
        if (_toldFaulted == activation) return;
        _toldFaulted = activation;
        _options.OnFault?.Invoke(Address, activation.Fault!);
    }

    // What delivery itself throws, around the actor's steps, ends this life: nothing of it is written any more. The next call loads the actor anew.
    private void Break(Exception e)
    {
        _activation = null;
        _options.OnFault?.Invoke(Address, e.ToString());
        ReturnBatches();
        FailAll(new ExchangeUnavailableException($"{Address} has stopped: {e.Message}"));
        _options.OnGivenUp?.Invoke(Address);
    }

    private void ReturnBatches()
    {
        foreach (WaitingBatch waiting in _batches) waiting.Taken.TrySetResult(null);
        _batches.Clear();
    }

    private void FailAll(Exception e)
    {
        WaitingCall[] calls = [.. _waiting.Values];
        _waiting.Clear();
        foreach (WaitingCall call in calls)
        {
            if (call.Look is null) call.Answer.TrySetException(e);
            else call.View.TrySetException(e);
        }
    }

    private sealed class WaitingCall(Message command, CommandId[] answered, Func<IActorMachine, object?>? look)
    {
        public long Ticket { get; set; }
        public Message Command => command;
        public CommandId[] Answered => answered;
        public Func<IActorMachine, object?>? Look => look;
        public TaskCompletionSource<CommandAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<CommittedView> View { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class WaitingBatch(DeliveryBatch batch)
    {
        public DeliveryBatch Batch => batch;

        /// <summary>All of it is applied; or none can be, because what comes before it is missing.</summary>
        public bool IsAnswered(long through) => through >= batch.First + batch.Messages.Count - 1 || batch.First > through + 1;

        public TaskCompletionSource<Acknowledgement?> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a pump has done; for metrics.</summary>
public sealed class PumpCounters
{
    public long Writes { get; set; }
    public long WrittenBytes { get; set; }
    public long Batches { get; set; }
    public long Messages { get; set; }
    public long Drops { get; set; }

    /// <summary>Messages that are queued for others and not acknowledged, now.</summary>
    public int Outbox { get; set; }

    /// <summary>Batches that were not taken, or not answered, and are sent again.</summary>
    public long FailedBatches { get; set; }
}

public sealed record PumpOptions
{
    /// <summary>After so many refused or unclear writes in a row the pump gives up and its callers are told.</summary>
    public int DropsInARow { get; init; } = 5;

    /// <summary>Milliseconds.</summary>
    public int LongestReloadDelay { get; init; } = 1_000;

    /// <summary>Milliseconds after a failed delivery until it is tried again.</summary>
    public int ResendDelay { get; init; } = 100;

    /// <summary>Milliseconds until an actor whose surroundings are not there yet looks again.</summary>
    public int ReadyDelay { get; init; } = 50;

    /// <summary>Told what broke: the actor is faulted, or has stopped.</summary>
    public Action<ActorId, string>? OnFault { get; init; }

    /// <summary>Told the milliseconds that each write took, refused ones too.</summary>
    public Action<double>? OnWritten { get; init; }

    /// <summary>Called when the pump gives up: the host should end this activation.</summary>
    public Action<ActorId>? OnGivenUp { get; init; }
}
