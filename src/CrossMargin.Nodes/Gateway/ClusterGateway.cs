using System.Collections.Concurrent;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.Nodes.Gateway;

/// <summary>
/// The way into a cluster. Commands are asked again under their id while nodes die: the actor has one effect and one answer for each.
/// Snapshots of two actors are not of one moment, and their sequences are each actor's own. Time and index prices are no clients' here.
/// Thread-safe.
/// </summary>
/// <param name="ids">Ids for commands that come without one; no other process gives the same.</param>
public sealed class ClusterGateway(
    VenueProfile profile, IActorCalls calls, Func<CommandId> ids, ClusterGatewayOptions? options = null, TimeProvider? time = null) : IExchangeGateway
{
    private const int ManyLanes = 10_000;

    private readonly ClusterGatewayOptions _options = options ?? new ClusterGatewayOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly PatientCalls _calls = new(options ?? new ClusterGatewayOptions(), time ?? TimeProvider.System);
    private readonly ConcurrentDictionary<ActorId, CommandLane> _lanes = new();
    private volatile string? _closed;

    public VenueProfile Profile => profile;

    public string? Unavailable => _closed;

    /// <summary>From now on nothing is taken; what is under way goes on.</summary>
    public void Close(string reason) => _closed = reason;

    public async Task<IReadOnlyList<CommandAnswer>> SubmitAsync(IReadOnlyList<Message> commands)
    {
        for (int i = 0; i < commands.Count; i++)
        {
            if (Objection(commands[i]) is { } objection) throw new ArgumentException($"command {i + 1}: {objection}", nameof(commands));
        }

        var answers = new CommandAnswer[commands.Count];
        string? stopped = null;
        for (int i = 0; i < answers.Length; i++)
        {
            // After one whose outcome is not known, the next would perhaps come before it.
            answers[i] = stopped is null ? await SubmitAsync(commands[i]).ConfigureAwait(false) : new CommandAnswer(default, [], stopped);
            if (answers[i].Unavailable is not null) stopped ??= $"not tried: the command before was not answered ({answers[i].Unavailable})";
        }

        return answers;
    }

    public async Task<CancelAttempt> CancelOrderAsync(AccountId account, MarketId market, OrderId order, ClientOrderId name, CommandId command)
    {
        CheckMarket(market);
        AccountSnapshot? state = await ReadAccountAsync(account).ConfigureAwait(false);
        OpenOrderSnapshot? before = state?.Orders.FirstOrDefault(
            o => o.Market == market && o.Algo.IsNone && (!order.IsNone ? o.Id == order : !name.IsNone && o.ClientOrderId == name));
        if (before is null) return new CancelAttempt(null, state is null || state.Triggers.Count > 0 || state.Orders.Any(o => !o.Algo.IsNone));
        var cancel = new CancelOrder { Market = market, Order = before.Id };
        CommandAnswer answer = await SubmitAsync(Message.Of(ActorId.Client, ActorId.Of(account), command, cancel)).ConfigureAwait(false);
        if (answer.Unavailable is not null) return new CancelAttempt(new CanceledOrder(before, answer), false);
        if (answer.Refusal.Reason == RejectReason.UnknownOrder) return default; // it ended between the look and the cancel
        return new CancelAttempt(new CanceledOrder(Corrected(before, answer.Events), answer), false);
    }

    public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) =>
        account.IsTrader ? AskAsync(() => calls.ReadAccountAsync(account)) : Task.FromResult<AccountSnapshot?>(null);

    public Task<MarketSnapshot> ReadMarketAsync(MarketId market)
    {
        CheckMarket(market);
        return AskAsync(() => calls.ReadMarketAsync(market));
    }

    public async Task<IReadOnlyList<MarketSnapshot>> ReadMarketsAsync() =>
        await Task.WhenAll(profile.Markets.Select(market => ReadMarketAsync(market.Id))).ConfigureAwait(false);

    public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels)
    {
        CheckMarket(market);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 1_000);
        return AskAsync(() => calls.ReadDepthAsync(market, levels));
    }

    public Task<FundSnapshot> ReadFundAsync() => AskAsync(calls.ReadFundAsync);

    // What was filled or amended between the look and the cancel: the end of the order says how much was open then.
    private OpenOrderSnapshot Corrected(OpenOrderSnapshot before, IReadOnlyList<Event> events)
    {
        foreach (Event e in events)
        {
            if (e.Kind != EventKind.OrderEnded || e.Body<OrderEnded>().Order != before.Id) continue;
            ref readonly OrderEnded ended = ref e.Body<OrderEnded>();
            Quantity more = ended.Cumulative - before.Filled;
            if (more.IsZero && ended.Quantity == before.Quantity && ended.Price == before.Price) return before;

            // Fills of a resting order are at its price; one that was amended in between may differ in the quote alone.
            return before with
            {
                Quantity = ended.Quantity,
                Price = ended.Price,
                Leaves = ended.Quantity - ended.Cumulative,
                FilledQuote = before.FilledQuote + profile[before.Market].Notional(before.Price, more),
            };
        }

        return before;
    }

    private string? Objection(in Message command) => command.Kind switch
    {
        MessageKind.AdvanceTime or MessageKind.JumpTime => "time is the cluster's own",
        MessageKind.SetIndexPrice => "index prices come from the cluster's feed",
        _ => CommandRules.Objection(command, profile),
    };

    private async Task<CommandAnswer> SubmitAsync(Message command)
    {
        if (_closed is { } closed) return new CommandAnswer(default, [], closed);
        if (command.Cause == CommandId.None) command.Cause = ids();
        CommandLane lane = LaneOf(command.To);
        long place = await lane.EnterAsync(_options.RoomPatience, _time).ConfigureAwait(false);
        if (place == 0)
            return new CommandAnswer(default, [], $"{command.To} is busy: {_options.UnansweredCommands} commands ago one has no answer yet");
        IReadOnlyList<CommandId> answered = lane.TakeAnswered();
        CommandId done = CommandId.None;
        List<Task> copies = [];
        try
        {
            CommandAnswer answer = await _calls.CallAsync(() => Copy(calls.SubmitAsync(command, answered), copies)).ConfigureAwait(false);
            if (answer.Unavailable is null) done = command.Cause;
            return answer;
        }
        catch (ExchangeUnavailableException e)
        {
            return new CommandAnswer(default, [], $"{e.Message}; the command may or may not have been executed");
        }
        finally
        {
            Leave(lane, place, done, copies);
        }
    }

    private static Task<CommandAnswer> Copy(Task<CommandAnswer> call, List<Task> copies)
    {
        copies.Add(call);
        return call;
    }

    // A copy that was given up may still reach the actor: as long as it is under way, the actor must remember that it was done.
    private async void Leave(CommandLane lane, long place, CommandId done, List<Task> copies)
    {
        if (copies.TrueForAll(c => c.IsCompleted))
        {
            lane.Leave(place, done);
            return;
        }

        await Task.WhenAny(Task.WhenAll(copies), Task.Delay(_options.LongestCopy, _time)).ConfigureAwait(false);
        lane.Leave(place, done);
    }

    private CommandLane LaneOf(ActorId actor)
    {
        // A lane that goes while somebody enters it costs no more than a little of the bound.
        if (_lanes.Count >= ManyLanes && !_lanes.ContainsKey(actor))
        {
            foreach ((ActorId idle, CommandLane lane) in _lanes)
            {
                if (lane.IsIdle) _lanes.TryRemove(idle, out _);
            }
        }

        return _lanes.GetOrAdd(actor, static (_, most) => new CommandLane(most), _options.UnansweredCommands);
    }

    private Task<T> AskAsync<T>(Func<Task<T>> read) =>
        _closed is { } closed ? Task.FromException<T>(new ExchangeUnavailableException(closed)) : _calls.CallAsync(read);

    private void CheckMarket(MarketId market)
    {
        if (!profile.Contains(market)) throw new ArgumentOutOfRangeException(nameof(market), market.Value, "no market of this exchange");
    }
}
