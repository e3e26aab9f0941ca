using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// One account: wallets, positions, leverage, modes and open orders. The only judge of its margin. Its parts are in this folder by
/// subject; this class only hands messages to them.
/// </summary>
public sealed class AccountActor(AccountId id, VenueProfile profile) : IActor
{
    /// <summary>One tenth of the notional, either way.</summary>
    private const long LargestFee = Rate.One / 10;

    private readonly AccountState _state = new(id, profile);

    public ActorId Address { get; } = ActorId.Of(id);

    public AccountId Id => _state.Id;

    /// <summary>The account's state, for views and audits; only the actor itself changes it.</summary>
    public AccountState State => _state;

    public void Receive(in Message message, StepContext context)
    {
        if (MessageLayout.IsCommand(message.Kind))
        {
            ReceiveCommand(message, context);
            return;
        }

        switch (message.Kind)
        {
            case MessageKind.Fill:
                FillSettlement.Apply(_state, message.Body<Fill>(), context);
                break;
            case MessageKind.OrderUpdate:
                MarketReplies.OnOrderUpdate(_state, message.Body<OrderUpdate>(), context);
                break;
            case MessageKind.JudgePool:
                ref readonly JudgePool judge = ref message.Body<JudgePool>();
                LiquidationRun.Judge(_state, new PoolId(Id, judge.Market, judge.PositionSide), context);
                break;
            case MessageKind.TriggerUpdate:
                MarketReplies.OnTriggerUpdate(_state, message.Body<TriggerUpdate>(), context);
                break;
            case MessageKind.TriggerFired:
                OrderEntry.Fire(_state, message.Body<TriggerFired>(), context);
                break;
            case MessageKind.FundingPayment:
                OnFunding(message.Body<FundingPayment>(), context);
                break;
            case MessageKind.FenceReached:
                LiquidationRun.OnFence(_state, message.Body<FenceReached>(), context);
                break;
            case MessageKind.DeleverageQuery:
                OnDeleverageQuery(message.Body<DeleverageQuery>(), context);
                break;
            case MessageKind.DeleverageRelease:
                OnDeleverageRelease(message.Body<DeleverageRelease>());
                break;
            case MessageKind.DeleverageDone:
                LiquidationRun.OnDeleverageDone(_state, message.Body<DeleverageDone>(), context);
                break;
            case MessageKind.TakeoverRefused:
                LiquidationRun.OnTakeoverRefused(_state, message.Body<TakeoverRefused>(), context);
                break;
            case MessageKind.ShortfallPaid:
                LiquidationRun.OnShortfallPaid(_state, message.Body<ShortfallPaid>(), context);
                break;
            default:
                throw new InvariantViolation($"{Id} was sent {message.Kind}");
        }
    }

    public void Write(StateWriter writer) => _state.Write(writer);

    public void Read(StateReader reader) => _state.Read(reader);

    /// <summary>The pools that hold a position or owe, in pool order: what must be watched after a restore.</summary>
    public void RequestJudgements(IRiskMonitor monitor)
    {
        monitor.RequestJudge(PoolId.Cross(Id));
        foreach (ref readonly Leg leg in _state.Legs.Legs)
        {
            if (leg.Mode == MarginMode.Isolated && (!leg.Quantity.IsZero || leg.IsolatedWallet.IsNegative))
            {
                monitor.RequestJudge(new PoolId(Id, leg.Market, leg.Side));
            }
        }
    }

    public AccountFigures Figures(PriceTable prices) => AccountMargin.Figures(_state, prices);

    private void ReceiveCommand(in Message message, StepContext context)
    {
        if (message.Kind == MessageKind.OpenAccount)
        {
            Open(message.Body<OpenAccount>(), context);
            return;
        }

        if (!_state.IsOpen)
        {
            RejectReason reason = _state.Status == AccountStatus.Closed ? RejectReason.AccountClosed : RejectReason.UnknownAccount;
            AccountSettings.Refuse(_state, MarketId.None, Refusal.Because(reason, 0, Id.Value), message.Kind, context);
            return;
        }

        switch (message.Kind)
        {
            case MessageKind.PlaceOrder:
                OrderEntry.Place(_state, message.Body<PlaceOrder>(), context);
                break;
            case MessageKind.CancelOrder:
                OrderChanges.Cancel(_state, message.Body<CancelOrder>(), context);
                break;
            case MessageKind.AmendOrder:
                OrderChanges.Amend(_state, message.Body<AmendOrder>(), context);
                break;
            case MessageKind.CancelTrigger:
                OrderChanges.CancelTrigger(_state, message.Body<CancelTrigger>(), context);
                break;
            case MessageKind.CancelAllOrders:
                OrderChanges.CancelAll(_state, message.Body<CancelAllOrders>(), context);
                break;
            case MessageKind.SetCountdown:
                OrderChanges.Countdown(_state, message.Body<SetCountdown>(), context);
                break;
            case MessageKind.SetLeverage:
                AccountSettings.SetLeverage(_state, message.Body<SetLeverage>(), context);
                break;
            case MessageKind.SetMarginMode:
                AccountSettings.SetMarginMode(_state, message.Body<SetMarginMode>(), context);
                break;
            case MessageKind.SetPositionMode:
                AccountSettings.SetPositionMode(_state, message.Body<SetPositionMode>(), context);
                break;
            case MessageKind.AdjustIsolatedMargin:
                Transfers.AdjustIsolated(_state, message.Body<AdjustIsolatedMargin>(), context);
                break;
            case MessageKind.MovePosition:
                Transfers.Move(_state, message.Body<MovePosition>(), context);
                break;
            case MessageKind.Deposit:
                Transfers.Deposit(_state, message.Body<Deposit>(), context);
                break;
            case MessageKind.Withdraw:
                Transfers.Withdraw(_state, message.Body<Withdraw>(), context);
                break;
            case MessageKind.FreezeAccount:
                AccountClosing.Freeze(_state, message.Body<FreezeAccount>(), context);
                break;
            case MessageKind.CloseAccount:
                AccountClosing.Close(_state, message.Body<CloseAccount>(), context);
                break;
            default:
                throw new InvariantViolation($"{Id} was sent the command {message.Kind}");
        }
    }

    private void Open(in OpenAccount command, StepContext context)
    {
        if (_state.Status != AccountStatus.None)
        {
            RejectReason used = _state.IsOpen ? RejectReason.AccountExists : RejectReason.AccountClosed;
            AccountSettings.Refuse(_state, MarketId.None, Refusal.Because(used, 0, Id.Value), MessageKind.OpenAccount, context);
            return;
        }

        foreach (Rate fee in (ReadOnlySpan<Rate>)[command.MakerFee, command.TakerFee])
        {
            if (fee.E8 is >= -LargestFee and <= LargestFee) continue;
            Refusal refusal = new(RejectReason.InvalidAmount, LargestFee, fee.E8);
            AccountSettings.Refuse(_state, MarketId.None, refusal, MessageKind.OpenAccount, context);
            return;
        }

        _state.Status = AccountStatus.Active;
        _state.MakerFee = command.MakerFee;
        _state.TakerFee = command.TakerFee;
        context.Emit(Id, MarketId.None, new AccountOpened { MakerFee = command.MakerFee, TakerFee = command.TakerFee });
    }

    private void OnFunding(in FundingPayment payment, StepContext context)
    {
        int i = _state.Legs.Find(payment.Market, payment.PositionSide);
        bool isolated = i >= 0 && _state.Legs[i].Mode == MarginMode.Isolated;
        _state.AddToBalance(AssetId.Settlement, payment.Amount, context.Now);
        if (isolated)
        {
            _state.Legs[i].IsolatedWallet += payment.Amount;
            _state.Legs[i].UpdatedAt = context.Now;
        }

        Transfers.EmitBalance(
            _state, AssetId.Settlement, payment.Amount, BalanceReason.Funding, LiquidationId.None, context, payment.Market, payment.PositionSide);
        context.Monitor.RequestJudge(isolated ? new PoolId(Id, payment.Market, payment.PositionSide) : PoolId.Cross(Id));
    }

    private void OnDeleverageQuery(in DeleverageQuery query, StepContext context)
    {
        int i = _state.Legs.Find(query.Market, query.PositionSide);
        var answer = new DeleverageAnswer { Round = query.Round, PositionSide = query.PositionSide, Declined = true };
        if (i >= 0 && _state.HeldByRound == 0 && _state.Liquidations is null)
        {
            bool cross = _state.Legs[i].Mode == MarginMode.Cross;
            PoolView pool = cross ? _state.CrossPool : _state.IsolatedPool(i);
            PoolFigures figures = pool.Judge(_state.Profile, context.Prices.Marks, context.Prices.Indexes);
            _state.HeldByRound = query.Round;
            _state.HeldByMarket = query.Market;
            answer.Declined = false;
            answer.Isolated = !cross;
            answer.Wallet = cross ? _state.CrossWallet : _state.Legs[i].IsolatedWallet;
            answer.Equity = figures.Equity;
            answer.Maintenance = figures.Maintenance;
        }

        context.Send(ActorId.Of(query.Market), answer);
    }

    private void OnDeleverageRelease(in DeleverageRelease release)
    {
        if (_state.HeldByRound != release.Round || _state.HeldByMarket != release.Market) return; // it had declined
        _state.HeldByRound = 0;
        _state.HeldByMarket = MarketId.None;
    }
}
