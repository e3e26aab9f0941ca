using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.History;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Risk;
using CrossMargin.Simulator.World;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Simulator.Audit;

/// <summary>
/// Watches storage alone. Each record that lands is taken apart: numbers only rise and fit together, messages exist before they are applied
/// and are applied before they are forgotten, each account agrees with its model, and the sums of invariants 1 and 2, with what is in
/// flight between durable outboxes and durable watermarks, hold after every single write. A broken rule is an
/// <see cref="InvariantViolation"/> that begins with its number.
/// </summary>
internal sealed class DurableAudit
{
    private readonly VenueProfile _profile;
    private readonly int _assets;
    private readonly Books _total;
    private readonly SortedDictionary<(ActorId From, ActorId To), Pair> _pairs = [];
    private readonly SortedDictionary<ActorId, Entry> _entries = [];
    private readonly ShadowMarket[] _markets;

    public DurableAudit(VenueProfile profile)
    {
        _profile = profile;
        _assets = OutsideTotals.AssetCount(profile);
        _total = new Books(_assets, profile.Markets.Count);
        Actors = new EngineActors(profile);
        Outside = new OutsideTotals(profile);
        Actors.NewMonitor(new Engine.Pricing.PriceTable(profile.Markets.Count));
        Actors.NewFund();
        EntryOf(ActorId.Fund).Books.Take(Actors.Fund.State);
        _total.Add(EntryOf(ActorId.Fund).Books, 1);
        _markets = [.. profile.Markets.Select(spec => new ShadowMarket(this, Actors, spec))];
    }

    /// <summary>Accounts and fund as last written, markets as their logs replay.</summary>
    public EngineActors Actors { get; }

    public OutsideTotals Outside { get; }

    public IEnumerable<Pair> Pairs => _pairs.Values;

    /// <summary>The number of the actor's last durable write.</summary>
    public long CommitOf(ActorId actor) => EntryOf(actor).Commit;

    public void Landed(ActorId actor, StoreWrite write)
    {
        Entry entry = EntryOf(actor);
        if (actor.Kind == ActorKind.Market)
        {
            ShadowMarket market = _markets[actor.Number - 1];
            if (!write.Key.StartsWith("log", StringComparison.Ordinal)) return;
            market.Take(write.Bytes, entry.Commands);
            entry.Commit = market.Last;
            if (market.HasEvents) entry.AddEvents(market.Last);
            Replace(entry, books => books.Take(market.View));
        }
        else
        {
            if (write.Key == "state") TakeState(actor, entry, write.Bytes);
        }

        CheckSums();
    }

    /// <summary>The pair as it is durable; made when it is first spoken of.</summary>
    public Pair PairOf(ActorId from, ActorId to)
    {
        if (!_pairs.TryGetValue((from, to), out Pair? pair)) _pairs.Add((from, to), pair = new Pair(from, to));
        return pair;
    }

    /// <summary>A message that is durable now.</summary>
    public void Sent(Pair pair, in Message message)
    {
        pair.Add(message);
        _total.Add(message, _profile, 1);
    }

    /// <summary>The receiver has durably applied a number of the pair.</summary>
    public Message Applied(Pair pair, long number)
    {
        Message message = pair.Apply(number);
        _total.Add(message, _profile, -1);
        return message;
    }

    public void CheckReply(ActorId actor, CommandReply reply)
    {
        if (reply.Id != CommandId.None) EntryOf(actor).Commands.CheckReply(reply);
    }

    public void CheckEvents(EventCommit commit)
    {
        Entry entry = EntryOf(commit.Actor);
        if (commit.Number > entry.Commit)
            throw new InvariantViolation($"6: events of write {commit.Number} of {commit.Actor} left before it, {entry.Commit} is there");
        if (commit.Number > 0 && entry.PreviousOf(commit.Number) is null)
            throw new InvariantViolation($"6: {commit.Actor} tells of events of write {commit.Number}, which had none");
        if (commit.Events.Count == 0) return; // a new activation says from where it goes on
        if (commit.Previous != entry.PreviousOf(commit.Number))
            throw new InvariantViolation($"6: {commit.Actor} says that write {commit.Previous} had events last before {commit.Number}");
        if (!entry.Shown.Add(commit.Number)) throw new InvariantViolation($"6: events of write {commit.Number} of {commit.Actor} left twice");
    }

    public void CheckView(ActorId actor, CommittedView view)
    {
        if (view.Unavailable is not null) return;
        AccountActor? account = Actors.Find(new AccountId(actor.Number));
        if (view.Number > CommitOf(actor) || (long)view.View! > (account?.State.LastId ?? 0))
            throw new InvariantViolation($"6: a reader of {actor} was shown {view.View} at write {view.Number}, which is not durable");
    }

    /// <summary>What an account's history would show, if it were loaded now, is what its events told. Returns how many rings were full.</summary>
    public int CheckHistories(SimStore store, DeliveryOptions options)
    {
        int wrapped = 0;
        var watch = new NodeWatch(_profile, new NodeId(1));
        foreach ((ActorId actor, Entry entry) in _entries)
        {
            if (entry.History is null) continue;
            var machine = new AccountMachine(new AccountId(actor.Number), _profile, watch);
            var activation = new StateActivation(machine, options with { Faults = PlantedFaults.None });
            activation.Load([.. activation.Keys.Select(key => store.Read(actor, key))]);
            if (activation.Phase != ActivationPhase.Running)
                throw new InvariantViolation($"6: {actor} cannot be loaded: {activation.Phase} {activation.Fault}");
            entry.History.Check(machine.Actor.Id, (AccountHistory)machine.Keeper.Project(), machine.Actor.State.Balances);
            if (entry.History.HasWrapped) wrapped++;
        }

        return wrapped;
    }

    /// <summary>Everything again, from the stored bytes and from nothing else.</summary>
    public void Recompute(SimStore store, DeliveryOptions options)
    {
        var total = new Books(_assets, _profile.Markets.Count);
        var books = new Books(_assets, _profile.Markets.Count);
        foreach (ActorId actor in _entries.Keys)
        {
            if (actor.Kind == ActorKind.Market) continue;
            StoredRecord stored = store.Read(actor, "state");
            if (!stored.Exists && actor.Kind == ActorKind.Account) continue;
            if (actor.Kind == ActorKind.Account) books.Take(ReadAccount(actor, stored.Bytes).State);
            else books.Take(stored.Exists ? ReadFund(stored.Bytes).State : Actors.Fund.State);
            total.Add(books, 1);
        }

        foreach (ShadowMarket market in _markets)
        {
            market.CheckStored(store, options);
            books.Take(market.View);
            total.Add(books, 1);
        }

        foreach (Pair pair in _pairs.Values)
        {
            for (long n = pair.Applied + 1; n <= pair.Queued; n++) total.Add(pair[n], _profile, 1);
        }

        if (!total.Is(_total)) throw new InvariantViolation("1: the sums that were kept differ from those computed anew");
    }

    private void TakeState(ActorId actor, Entry entry, ReadOnlyMemory<byte> bytes)
    {
        var image = StateImage.Read(actor, bytes);
        if (image.Commit != entry.Commit + 1) throw new InvariantViolation($"6: {actor} wrote {image.Commit} over {entry.Commit}");
        entry.Commit = image.Commit;
        if (image.EventNumber == image.Commit) entry.AddEvents(image.Commit);
        if (image.EventNumber != entry.LastEvents)
            throw new InvariantViolation($"6: {actor} says that it had events last in write {image.EventNumber}, not in {entry.LastEvents}");
        AccountModel? model = actor.Kind == ActorKind.Account ? entry.Model ??= new AccountModel(_profile, _assets) : null;
        foreach (PeerLink link in image.Links.All) TakeLink(actor, link, model);
        entry.Commands.Take(image.Ledger, e => TakeEvent(e, model));
        if (model is null)
        {
            var fund = new InsuranceFundActor(_profile);
            fund.Read(image.Rest);
            Actors.Put(fund);
            Replace(entry, books => books.Take(fund.State));
            return;
        }

        var account = new AccountActor(new AccountId(actor.Number), _profile);
        account.Read(image.Rest);
        Actors.Put(account);
        model.Check(account.State);
        TakeTail(image, entry.History ??= new HistoryModel(_profile, _assets));
        Replace(entry, books => books.Take(account.State));
    }

    // What the record of the account's history does not cover yet, this write's own events as the last of it.
    private static void TakeTail(StateImage image, HistoryModel model)
    {
        image.Rest.ReadInt64();
        int count = image.Rest.ReadCount(8 + 4);
        for (int i = 0; i < count; i++)
        {
            long number = image.Rest.ReadInt64();
            Event[] events = CommandLedger.ReadEvents(image.Rest);
            if (number == image.Commit) model.Take(number, events);
        }

        image.Rest.ExpectEnd();
    }

    private void TakeLink(ActorId actor, PeerLink link, AccountModel? model)
    {
        Pair outgoing = PairOf(actor, link.Peer);
        Pair incoming = PairOf(link.Peer, actor);
        if (link.Applied < incoming.Applied)
            throw new InvariantViolation($"6: {actor} went back from message {incoming.Applied} of {link.Peer} to {link.Applied}");
        for (long n = incoming.Applied + 1; n <= link.Applied; n++)
        {
            Message message = Applied(incoming, n);
            model?.Receive(message);
        }

        if (link.Queued < outgoing.Queued)
            throw new InvariantViolation($"6: {actor} went back from message {outgoing.Queued} to {link.Peer} to {link.Queued}");
        if (link.Acknowledged > outgoing.Queued)
            throw new InvariantViolation($"6: {actor} has forgotten message {link.Acknowledged} to {link.Peer} before it was durable");
        for (long n = outgoing.Queued + 1; n <= link.Queued; n++)
        {
            Sent(outgoing, link[n]);
            model?.Send(link[n]);
        }

        outgoing.Forget(link.Acknowledged);
    }

    private void TakeEvent(in Event e, AccountModel? model)
    {
        Outside.Count([e]);
        if (e.Kind != EventKind.BalanceChanged || model is null) return;
        ref readonly BalanceChanged change = ref e.Body<BalanceChanged>();
        if (change.Reason is BalanceReason.Deposit or BalanceReason.Withdrawal) model.Transfer(change.Asset, change.Change);
    }

    private AccountActor ReadAccount(ActorId actor, ReadOnlyMemory<byte> bytes)
    {
        var account = new AccountActor(new AccountId(actor.Number), _profile);
        StateReader reader = StateImage.Read(actor, bytes).Rest;
        account.Read(reader); // the events that its history does not cover follow
        return account;
    }

    private InsuranceFundActor ReadFund(ReadOnlyMemory<byte> bytes)
    {
        var fund = new InsuranceFundActor(_profile);
        fund.Read(StateImage.Read(ActorId.Fund, bytes).Rest);
        return fund;
    }

    private void Replace(Entry entry, Action<Books> take)
    {
        _total.Add(entry.Books, -1);
        take(entry.Books);
        _total.Add(entry.Books, 1);
    }

    private void CheckSums()
    {
        for (int i = 0; i < _assets; i++)
        {
            Int128 wanted = Outside.Net(new AssetId(i));
            if (_total.Amounts[i] == wanted) continue;
            throw new InvariantViolation($"1: asset {i}: held and in flight {_total.Amounts[i]}, paid in {wanted}");
        }

        for (int i = 0; i < _total.Lots.Length; i++)
        {
            if (_total.Lots[i] == 0) continue;
            throw new InvariantViolation($"2: the positions of {_profile.Markets[i].Symbol} add up to {_total.Lots[i]} lots");
        }

        if (Actors.Fund.State.Wallet.IsNegative) throw new InvariantViolation($"4: the fund's wallet is {Actors.Fund.State.Wallet}");
        if (Actors.Fund.State.Deficit.IsPositive) throw new InvariantViolation($"4: the deficit is {Actors.Fund.State.Deficit}");
    }

    private Entry EntryOf(ActorId actor)
    {
        if (!_entries.TryGetValue(actor, out Entry? entry))
            _entries.Add(actor, entry = new Entry(actor, new Books(_assets, _profile.Markets.Count)));
        return entry;
    }

    private sealed class Entry(ActorId actor, Books books)
    {
        private readonly Dictionary<long, long> _previous = []; // writes that had events; to look up

        public Books Books => books;
        public CommandRecord Commands { get; } = new(actor);
        public HashSet<long> Shown { get; } = []; // to look up
        public AccountModel? Model { get; set; }
        public HistoryModel? History { get; set; }
        public long Commit { get; set; }

        /// <summary>The last write that had events.</summary>
        public long LastEvents { get; private set; }

        public long? PreviousOf(long number) => _previous.TryGetValue(number, out long previous) ? previous : null;

        public void AddEvents(long number)
        {
            _previous.Add(number, LastEvents);
            LastEvents = number;
        }
    }
}
