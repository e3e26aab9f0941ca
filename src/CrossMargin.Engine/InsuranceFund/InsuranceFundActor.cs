using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.InsuranceFund;

/// <summary>
/// An account with a policy: it takes over what the book did not take, as far as its limits allow, pays shortfalls, keeps liquidation
/// fees, and unwinds what it holds. Its wallet is never below zero: what it cannot bear is booked to the deficit. It is never liquidated;
/// when its equity reaches zero its positions are deleveraged.
/// </summary>
public sealed class InsuranceFundActor(VenueProfile profile) : IActor
{
    private readonly FundState _state = new(profile);

    public ActorId Address => ActorId.Fund;

    /// <summary>The fund's state, for views and audits; only the actor itself changes it.</summary>
    public FundState State => _state;

    public void Receive(in Message message, StepContext context)
    {
        switch (message.Kind)
        {
            case MessageKind.DepositToFund:
                OnDeposit(message.Body<DepositToFund>().Amount, context);
                break;
            case MessageKind.RequestTakeover:
                OnTakeover(AccountOf(message), message.Body<RequestTakeover>(), context);
                break;
            case MessageKind.ClaimShortfall:
                OnShortfall(AccountOf(message), message.Body<ClaimShortfall>(), context);
                break;
            case MessageKind.LiquidationProceeds:
                ref readonly LiquidationProceeds proceeds = ref message.Body<LiquidationProceeds>();
                Credit(proceeds.Fee, FundReason.LiquidationFee, proceeds.Liquidation, AccountOf(message), context);
                Credit(proceeds.Leftover, FundReason.LiquidationLeftover, proceeds.Liquidation, AccountOf(message), context);
                break;
            case MessageKind.CollateralSold:
                ref readonly CollateralSold sold = ref message.Body<CollateralSold>();
                _state.AddConversion(sold.Asset, sold.Sold);
                _state.AddConversion(AssetId.Settlement, -sold.Proceeds);
                break;
            case MessageKind.Fill:
                OnFill(message.Body<Fill>(), context);
                break;
            case MessageKind.OrderUpdate:
                OnOrderUpdate(message.Body<OrderUpdate>());
                break;
            case MessageKind.FundingPayment:
                ref readonly FundingPayment payment = ref message.Body<FundingPayment>();
                Change(payment.Amount, FundReason.Funding, LiquidationId.None, AccountId.None, context);
                break;
            case MessageKind.DeleverageDone:
                _state.Position(message.Body<DeleverageDone>().Market).Deleveraging = false;
                break;
            case MessageKind.TakeoverLapsed:
                ref readonly TakeoverLapsed lapsed = ref message.Body<TakeoverLapsed>();
                ref FundPosition promised = ref _state.Position(lapsed.Market);
                promised.Promised -= lapsed.Quantity;
                promised.PromisedCost -= profile[lapsed.Market].Notional(lapsed.Price, lapsed.Quantity);
                break;
            case MessageKind.AdvanceTime or MessageKind.JumpTime:
                FundUnwinding.OnTime(_state, profile, context);
                break;
            case MessageKind.DeleverageQuery:
                ref readonly DeleverageQuery query = ref message.Body<DeleverageQuery>();
                context.Send(message.From, new DeleverageAnswer { Round = query.Round, PositionSide = query.PositionSide, Declined = true });
                break;
            case MessageKind.DeleverageRelease:
                break; // it never answers a round, so it is never held
            default:
                throw new InvariantViolation($"the fund was sent {message.Kind}");
        }

        InvariantViolation.Check(!_state.Wallet.IsNegative, "4: the fund's wallet is never below zero");
        InvariantViolation.Check(!_state.Deficit.IsPositive, "4: a deficit is never above zero");
    }

    public void Write(StateWriter writer) => _state.Write(writer);

    public void Read(StateReader reader) => _state.Read(reader);

    private static AccountId AccountOf(in Message message) => new(message.From.Number);

    private void OnDeposit(Amount amount, StepContext context)
    {
        Amount room = Transfers.MaxBalance - _state.Wallet;
        if (amount.IsPositive && amount <= room)
        {
            Credit(amount, FundReason.Deposit, LiquidationId.None, AccountId.None, context);
            return;
        }

        var refusal = new Refusal(RejectReason.InvalidAmount, amount.IsPositive ? room.E8 : 1, amount.E8);
        context.Emit(AccountId.Fund, MarketId.None, new CommandRefused { Refusal = refusal, Command = MessageKind.DepositToFund });
    }

    private void OnTakeover(AccountId from, in RequestTakeover request, StepContext context)
    {
        MarketSpec spec = profile[request.Market];
        ref FundPosition position = ref _state.Position(request.Market);
        Quantity after = position.Quantity + position.Promised + request.Quantity;
        Amount notional = LegMath.Notional(spec, after, request.Mark);
        // With what the takeover itself would gain or lose at the mark: the check comes before the change.
        Amount gain = spec.Notional(request.Mark, request.Quantity) - spec.Notional(request.Price, request.Quantity);
        Amount equity = _state.Equity(profile, context.Prices.Marks) + gain;
        Amount before = LegMath.Notional(spec, position.Quantity + position.Promised, request.Mark);
        Amount inventory = _state.Inventory(profile, context.Prices.Marks) - before + notional;
        Amount inventoryLimit = equity.IsPositive ? profile.Fund.InventoryLimit.OfDown(equity) : Amount.Zero;
        bool reduces = notional < before;
        bool fits = reduces || (notional <= spec.FundPositionLimit && inventory <= inventoryLimit && equity.IsPositive);
        bool accepted = fits || request.Forced;
        bool byMarket = notional > spec.FundPositionLimit;
        context.Emit(AccountId.Fund, request.Market, new TakeoverDecided
        {
            Liquidation = request.Liquidation,
            From = from,
            Quantity = request.Quantity,
            Price = request.Price,
            Mark = request.Mark,
            Limit = byMarket ? spec.FundPositionLimit : inventoryLimit,
            Notional = byMarket ? notional : inventory,
            PositionSide = request.PositionSide,
            Accepted = accepted,
            Forced = request.Forced,
        });
        if (!accepted)
        {
            var refusal = new Refusal(
                RejectReason.NotionalAboveTierLimit, byMarket ? spec.FundPositionLimit.E8 : inventoryLimit.E8, byMarket ? notional.E8 : inventory.E8);
            context.Send(ActorId.Of(from), new TakeoverRefused
            {
                Liquidation = request.Liquidation,
                Refusal = refusal,
                Market = request.Market,
                PositionSide = request.PositionSide,
            });
            return;
        }

        position.Promised += request.Quantity;
        position.PromisedCost += spec.Notional(request.Price, request.Quantity);
        context.Send(ActorId.Of(request.Market), new TakeOver
        {
            Account = from,
            Liquidation = request.Liquidation,
            Quantity = request.Quantity,
            Price = request.Price,
            PositionSide = request.PositionSide,
        });
    }

    private void OnShortfall(AccountId from, in ClaimShortfall claim, StepContext context)
    {
        InvariantViolation.Check(claim.Amount.IsPositive, "4: a shortfall is what a wallet is below zero");
        Amount paid = Amount.Min(claim.Amount, _state.Wallet);
        Amount deficit = claim.Amount - paid;
        if (!paid.IsZero) SetWallet(-paid, FundReason.Shortfall, claim.Liquidation, from, context);
        if (!deficit.IsZero) SetDeficit(-deficit, from, context);
        context.Send(ActorId.Of(from), new ShortfallPaid { Liquidation = claim.Liquidation, Amount = claim.Amount, FromDeficit = deficit });
    }

    private void OnFill(in Fill fill, StepContext context)
    {
        MarketSpec spec = profile[fill.Market];
        ref FundPosition position = ref _state.Position(fill.Market);
        Amount realized = LegMath.ApplyFill(spec, ref position.Quantity, ref position.OpenCost, fill.Side, fill.Quantity, fill.Price);
        if (fill.Type == FillKind.Takeover)
        {
            Quantity taken = fill.Side == Side.Buy ? fill.Quantity : -fill.Quantity;
            position.Promised -= taken;
            position.PromisedCost -= spec.Notional(fill.Price, taken);
        }

        if (fill.Final && fill.Order == position.Order) position.Order = OrderId.None;
        context.Emit(AccountId.Fund, fill.Market, new OrderFilled
        {
            Order = fill.Order,
            Trade = fill.Trade,
            Liquidation = fill.Liquidation,
            Price = fill.Price,
            Quantity = fill.Quantity,
            Leaves = fill.Leaves,
            Fee = fill.Fee,
            RealizedProfit = realized,
            PositionAfter = position.Quantity,
            OpenCostAfter = position.OpenCost,
            Counterparty = fill.Counterparty,
            Status = fill.Leaves.IsZero ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
            Side = fill.Side,
            PositionSide = fill.PositionSide,
            Type = fill.Type,
            IsMaker = fill.IsMaker,
        });
        if (!fill.Fee.IsZero) Change(-fill.Fee, FundReason.Commission, fill.Liquidation, fill.Counterparty, context);
        if (!realized.IsZero) Change(realized, FundReason.RealizedProfit, fill.Liquidation, fill.Counterparty, context);
    }

    private void OnOrderUpdate(in OrderUpdate update)
    {
        if (!update.Leaves.IsZero) return;
        ref FundPosition position = ref _state.Position(update.Market);
        if (position.Order == update.Order) position.Order = OrderId.None;
    }

    private void Change(Amount change, FundReason reason, LiquidationId liquidation, AccountId from, StepContext context)
    {
        if (change.IsPositive) Credit(change, reason, liquidation, from, context);
        else Debit(-change, reason, liquidation, from, context);
    }

    /// <summary>Income repays the deficit first.</summary>
    private void Credit(Amount amount, FundReason reason, LiquidationId liquidation, AccountId from, StepContext context)
    {
        if (amount.IsZero) return;
        InvariantViolation.Check(amount.IsPositive, "the fund's income is positive");
        SetWallet(amount, reason, liquidation, from, context);
        Amount repaid = Amount.Min(_state.Wallet, -_state.Deficit);
        if (repaid.IsZero) return;
        SetWallet(-repaid, FundReason.DeficitRepaid, liquidation, from, context);
        SetDeficit(repaid, from, context);
    }

    private void Debit(Amount amount, FundReason reason, LiquidationId liquidation, AccountId from, StepContext context)
    {
        Amount paid = Amount.Min(amount, _state.Wallet);
        if (!paid.IsZero) SetWallet(-paid, reason, liquidation, from, context);
        if (paid < amount) SetDeficit(paid - amount, from, context);
    }

    private void SetWallet(Amount change, FundReason reason, LiquidationId liquidation, AccountId from, StepContext context)
    {
        _state.Wallet += change;
        context.Emit(AccountId.Fund, MarketId.None, new FundBalanceChanged
        {
            Change = change,
            WalletAfter = _state.Wallet,
            Liquidation = liquidation,
            From = from,
            Reason = reason,
        });
    }

    private void SetDeficit(Amount change, AccountId from, StepContext context)
    {
        bool had = _state.Deficit.IsNegative;
        _state.Deficit += change;
        context.Emit(AccountId.Fund, MarketId.None, new DeficitChanged { Change = change, DeficitAfter = _state.Deficit, From = from });
        if (had != _state.Deficit.IsNegative && profile.Fund.DeficitClosesWithdrawals)
        {
            context.Send(ActorId.Monitor, new FundStatus { WithdrawalsClosed = _state.Deficit.IsNegative });
        }
    }
}
