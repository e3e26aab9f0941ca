using System.Collections.Concurrent;
using CrossMargin.Grains.Contracts;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Risk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace CrossMargin.Grains.Nodes;

/// <summary>
/// What all grains of a silo share: its watch over the accounts that are active here, the rules, storage, and the way events take. Starts
/// when the silo is up and ends with it. Thread-safe.
/// </summary>
public sealed class SiloNode : ILifecycleParticipant<ISiloLifecycle>, INodeListener, INodeCluster, ISiloStatusListener
{
    private readonly IServiceProvider _services;
    private readonly ILogger<SiloNode> _log;
    private readonly ConcurrentDictionary<ActorId, ActorPump> _pumps = new();
    private readonly ConcurrentDictionary<ActorId, int?> _unwatched = new();
    private readonly ConcurrentDictionary<ActorId, IActorGrain> _references = new(); // they never change
    private readonly CancellationTokenSource _end = new();
    private readonly NodeLoop _loop;
    private readonly EventRelay _relay;
    private INodeListener? _self;
    private Task _running = Task.CompletedTask;

    public SiloNode(CrossMarginSiloOptions options, ILocalSiloDetails silo, IServiceProvider services, IExchangeClock clock, ILogger<SiloNode> log)
    {
        _services = services;
        _log = log;
        Options = options;
        Clock = clock;
        Profile = options.Profile ?? VenueProfiles.Binance;
        Delivery = options.Delivery;
        Watch = new NodeWatch(Profile, NodeIds.Of(silo.SiloAddress), options.Watch);
        _loop = new NodeLoop(Profile, Watch, this, clock, options.Loop);
        _relay = new EventRelay();
        Silo = silo.SiloAddress;
    }

    public CrossMarginSiloOptions Options { get; }
    public SiloAddress Silo { get; }
    public VenueProfile Profile { get; }
    public IExchangeClock Clock { get; }
    public NodeWatch Watch { get; }

    /// <summary>Actors that are active on this silo.</summary>
    public int ActorCount => _pumps.Count;

    /// <summary>Wake-ups that the watch has sent.</summary>
    public long JudgeCalls => _loop.JudgeCalls;

    /// <summary>Pumps of the actors that are active here, for metrics; their counters may be read from any thread, a little late.</summary>
    public IEnumerable<ActorPump> Pumps => _pumps.Values;

    /// <summary>
    /// The markets that are active here, and how many of their holders nobody in the cluster watches; null where a market has not looked yet.
    /// </summary>
    public (int Markets, int? Unwatched) MarketsHere
    {
        get
        {
            int?[] counts = [.. _unwatched.Values];
            return (counts.Length, counts.Contains(null) ? null : counts.Sum());
        }
    }

    /// <summary>Milliseconds that a write took, refused ones too. From any thread; must not wait.</summary>
    public event Action<double>? Written;

    /// <summary>Sees all events of the cluster, each actor's in order. From any thread; must not wait.</summary>
    public event Action<EventCommit>? Committed;

    internal DeliveryOptions Delivery { get; }
    internal HolderWatchOptions HolderOptions => Options.Holders;
    internal IGrainStorage Storage => field ??= _services.GetRequiredKeyedService<IGrainStorage>(Options.Storage);
    private IGrainFactory Grains => field ??= _services.GetRequiredService<IGrainFactory>();

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloNode), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public Task Notify(Message[] notices)
    {
        _loop.Receive(notices);
        return Task.CompletedTask;
    }

    public Task Happened(EventCommit[] commits)
    {
        foreach (EventCommit commit in commits) Committed?.Invoke(commit);
        return Task.CompletedTask;
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead) return;
        long node = NodeIds.Of(updatedSilo).Value;
        SiloLog.NodeDied(_log, updatedSilo.ToString(), node);
        foreach (ActorId market in _pumps.Keys.Where(a => a.Kind == ActorKind.Market)) Forget(Grains.GetGrain<IMarketGrain>(market.Number).NodeEnded(node));
    }

    public Task<LeaseAnswer> RenewAsync(MarketId market, NodeId node) => Grains.GetGrain<IMarketGrain>(market.Value).Renew(node.Value, _self!);

    public async Task<FundStatus> RenewFundAsync(NodeId node) =>
        new() { WithdrawalsClosed = await Grains.GetGrain<IInsuranceFundGrain>(0).Renew(node.Value, _self!) };

    public Task<bool> JudgeAsync(Message judge) => Grains.GetGrain<IAccountGrain>(judge.To.Number).Judge(judge, Watch.Id.Value);

    public void AnnounceAll(MarketId market)
    {
        foreach (ActorId account in _pumps.Keys.Where(a => a.Kind == ActorKind.Account))
            Forget(Grains.GetGrain<IAccountGrain>(account.Number).Announce(market.Value));
    }

    /// <summary>The grain of a market or the fund.</summary>
    internal IActorGrain ReferenceTo(ActorId actor) => _references.GetOrAdd(
        actor,
        static (actor, grains) => actor.Kind switch
        {
            ActorKind.Market => grains.GetGrain<IMarketGrain>(actor.Number),
            ActorKind.Fund => grains.GetGrain<IInsuranceFundGrain>(0),
            _ => throw new InvariantViolation($"nothing is sent to {actor}"),
        },
        Grains);

    internal void Looked(ActorId market, int? unwatched) => _unwatched[market] = unwatched;

    internal void Left(ActorId market) => _unwatched.TryRemove(market, out _);

    internal void HasBroken(ActorId actor, string fault) => SiloLog.ActorBroken(_log, actor.ToString(), fault);

    internal void HasWritten(double milliseconds) => Written?.Invoke(milliseconds);

    internal void Add(ActorPump pump) => _pumps[pump.Address] = pump;

    internal void Remove(ActorPump pump) => _pumps.TryRemove(new KeyValuePair<ActorId, ActorPump>(pump.Address, pump));

    /// <summary>Events of an actor that is active here.</summary>
    internal void Happened(EventCommit commit)
    {
        Committed?.Invoke(commit);
        _relay.Add(commit);
    }

    private Task StartAsync(CancellationToken cancellation)
    {
        _self = Grains.CreateObjectReference<INodeListener>(this);
        _services.GetRequiredService<ISiloStatusOracle>().SubscribeToSiloStatusEvents(this);
        Func<Task>[] loops = [() => _loop.RunAsync(_end.Token), JoinAsync, () => _relay.RunAsync(_end.Token)];
        _running = Task.WhenAll(loops.Select(loop => Task.Run(loop, CancellationToken.None)));
        SiloLog.NodeUp(_log, Watch.Id.Value, Profile.Markets.Count);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        await _end.CancelAsync();
        _services.GetRequiredService<ISiloStatusOracle>().UnSubscribeFromSiloStatusEvents(this);
        try
        {
            await Grains.GetGrain<INodesGrain>(0).Leave(Watch.Id.Value).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            SiloLog.LeaveFailed(_log, e.Message); // it is forgotten by itself
        }

        await _running;
    }

    // Each node tells all others what happens on it, and keeps the feed going.
    private async Task JoinAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        do
        {
            try
            {
                NodeEntry[] others = await Grains.GetGrain<INodesGrain>(0).Join(Watch.Id.Value, _self!);
                _relay.SetOthers(others);
                await Grains.GetGrain<IFeedGrain>(0).Ensure();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                SiloLog.JoinFailed(_log, e.Message);
            }
        }
        while (await NextAsync(timer));
    }

    // False when the silo stops.
    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void Forget(Task call) => call.ContinueWith(static t => _ = t.Exception, TaskContinuationOptions.OnlyOnFaulted);
}
