using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Funding;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// One market: order book, conditional orders, table of holders, house, mark and index price, funding, deleveraging. Every fill comes from
/// here, so its position sizes are final. This class routes messages; each subject has its own class.
/// </summary>
public sealed class MarketActor : IActor
{
    private readonly MarketState _state;
    private readonly OrderEntry _entry;
    private readonly OrderChanges _changes;
    private readonly PositionTransfer _transfer;
    private readonly TriggerDesk _triggers;
    private readonly CountdownTable _countdowns = new();
    private readonly PremiumIndex _premium = new();
    private readonly FundingDesk _funding;
    private readonly PriceDesk _prices;
    private readonly DeleverageRounds _rounds;
    private readonly OperatorDesk _operator;

    public MarketActor(MarketSpec spec, VenueProfile profile)
        : this(spec, profile, DeleverageRounds.MostGathered)
    {
    }

    /// <summary>For comparisons: another bound on the deleveraging rounds that one asking serves. Part of the rules.</summary>
    internal MarketActor(MarketSpec spec, VenueProfile profile, int mostGathered)
    {
        _state = new MarketState(spec, profile);
        var replies = new OrderReplies(spec.Id, _state.Post);
        var cuts = new ReduceOnlyCuts(_state, replies);
        var booking = new TradeBooking(_state, replies, cuts);
        _entry = new OrderEntry(_state, booking, replies);
        _changes = new OrderChanges(_state, _entry, replies);
        _transfer = new PositionTransfer(_state, cuts);
        _triggers = new TriggerDesk(_state);
        _funding = new FundingDesk(_state, _premium);
        _prices = new PriceDesk(_state, booking, _funding);
        _rounds = new DeleverageRounds(_state, _transfer, _changes, mostGathered);
        _operator = new OperatorDesk(_state);
        View = new MarketView(_state, _triggers, _funding, _prices, _rounds, _operator);
    }

    public ActorId Address => ActorId.Of(_state.Spec.Id);

    /// <summary>What anybody may read of the market.</summary>
    public MarketView View { get; }

    public void Receive(in Message message, StepContext context)
    {
        _state.Post.Begin(context, message.From);
        switch (message.Kind)
        {
            case MessageKind.SubmitOrder:
                _entry.Submit(_state.Post.Sender, message.Body<SubmitOrder>());
                break;
            case MessageKind.RequestCancel:
                _changes.Cancel(_state.Post.Sender, message.Body<RequestCancel>());
                break;
            case MessageKind.RequestAmend:
                _changes.Amend(_state.Post.Sender, message.Body<RequestAmend>());
                break;
            default:
                ReceiveRare(message);
                break;
        }

        if (_state.Tape.HasTrades) _triggers.WatchTrades();
        if (MovesPrices(message.Kind)) _triggers.WatchPrices();
    }

    public void Write(StateWriter writer)
    {
        _state.Guard.Write(writer);
        _state.Tape.Write(writer);
        _state.Book.Write(writer);
        _triggers.Write(writer);
        _state.Holders.Write(writer);
        _state.Own.Write(writer);
        _state.Ladder.Write(writer);
        _countdowns.Write(writer);
        _funding.Write(writer);
        _prices.Write(writer);
        _rounds.Write(writer);
        _operator.Write(writer);
    }

    public void Read(StateReader reader)
    {
        _state.Guard.Read(reader);
        _state.Tape.Read(reader);
        _state.Book.Read(reader);
        _triggers.Read(reader);
        _state.Holders.Read(reader);
        _state.Own.Read(reader);
        _state.Ladder.Read(reader);
        _countdowns.Read(reader);
        _funding.Read(reader);
        _prices.Read(reader);
        _rounds.Read(reader);
        _operator.Read(reader);
        _state.CheckBalance();
    }

    private void ReceiveRare(in Message message)
    {
        MarketPost post = _state.Post;
        switch (message.Kind)
        {
            case MessageKind.SubmitTrigger:
                _triggers.Submit(post.Sender, message.Body<SubmitTrigger>());
                break;
            case MessageKind.RequestCancelTrigger:
                _triggers.Cancel(post.Sender, message.Body<RequestCancelTrigger>());
                break;
            case MessageKind.RequestCountdown:
                TakeCountdown(post.Sender, message.Body<RequestCountdown>());
                break;
            case MessageKind.Fence:
                ref readonly Fence fence = ref message.Body<Fence>();
                post.Send(post.Sender, new FenceReached { Liquidation = fence.Liquidation, Step = fence.Step, Market = _state.Spec.Id });
                break;
            case MessageKind.StartDeleverage:
                _rounds.Start(post.Sender, message.Body<StartDeleverage>());
                break;
            case MessageKind.DeleverageAnswer:
                _rounds.Answer(post.Sender, message.Body<DeleverageAnswer>());
                break;
            case MessageKind.TakeOver:
                _transfer.TakeOver(post.Sender, message.Body<TakeOver>());
                break;
            case MessageKind.ContinueFunding:
                _funding.Continue();
                break;
            default:
                ReceiveCommand(message);
                break;
        }
    }

    private void ReceiveCommand(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.SetIndexPrice:
                if (!_operator.AllowsIndex(message.Body<SetIndexPrice>().Index)) break;
                _funding.StartAt(_state.Now);
                _prices.TakeIndex(message.Body<SetIndexPrice>());
                _prices.Sweep();
                _prices.Publish();
                break;
            case MessageKind.AdvanceTime:
                AdvanceTime(jump: false);
                break;
            case MessageKind.JumpTime:
                AdvanceTime(jump: true);
                break;
            case MessageKind.SetMarketStatus:
                if (!_operator.AllowsStatus(message.Body<SetMarketStatus>().Status)) break;
                _prices.SetStatus(message.Body<SetMarketStatus>().Status);
                _prices.Sweep();
                _prices.Publish();
                break;
            case MessageKind.SetFundingRate:
                Rate recorded = message.Body<SetFundingRate>().Rate;
                if (_operator.AllowsRate(recorded, message.Kind)) _funding.SetRecordedRate(recorded);
                break;
            case MessageKind.SettleFunding:
                Rate rate = message.Body<SettleFunding>().Rate;
                if (_operator.AllowsRate(rate, message.Kind)) _funding.SettleNow(rate);
                break;
            case MessageKind.SetLeverageBrackets:
                _operator.SetBrackets(message.Body<SetLeverageBrackets>());
                break;
            case MessageKind.SetHouse:
                if (!_operator.TrySetHouse(message.Body<SetHouse>())) break;
                _prices.Sweep();
                _prices.Publish();
                break;
            case MessageKind.CancelAccountOrders:
                AccountId owner = message.Body<CancelAccountOrders>().Account;
                _changes.CancelAll(owner, CancelReason.ByOperator);
                _triggers.CancelAll(owner, CancelReason.ByOperator);
                break;
            default:
                throw new InvariantViolation($"{Address} cannot take a {message.Kind} from {message.From}");
        }
    }

    private static bool MovesPrices(MessageKind kind) => kind
        is MessageKind.SetIndexPrice or MessageKind.AdvanceTime or MessageKind.JumpTime or MessageKind.SetMarketStatus
        or MessageKind.SetHouse;

    /// <summary>Whatever fell due fires, in this order.</summary>
    private void AdvanceTime(bool jump)
    {
        _funding.StartAt(_state.Now);
        _changes.ExpireDue();
        _triggers.ExpireDue();
        while (_countdowns.TryTakeDue(_state.Now, out AccountId account))
        {
            _changes.CancelAll(account, CancelReason.Countdown);
            _triggers.CancelAll(account, CancelReason.Countdown);
        }

        _prices.TakeTime();
        _prices.SampleBasis(jump);
        if (jump) _funding.JumpTo(_state.Now);
        else _funding.Advance(_state.Now);
        _prices.RefillHouse();
        _prices.Sweep();
        _rounds.TimeOut();
        _prices.Publish();
    }

    private void TakeCountdown(AccountId account, in RequestCountdown request)
    {
        if (request.Milliseconds > 0) _countdowns.Arm(account, _state.Now.AddMilliseconds(request.Milliseconds));
        else _countdowns.Disarm(account);
    }
}
