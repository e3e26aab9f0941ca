using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>Money that enters or leaves the account, or moves between its cross wallet and its isolated legs.</summary>
internal static class Transfers
{
    /// <summary>A deposit may not lift a balance above this: ten billion of an asset leave room for whatever is added to it.</summary>
    public static readonly Amount MaxBalance = Amount.FromWhole(10_000_000_000);

    public static void Deposit(AccountState state, in Deposit command, StepContext context)
    {
        Refusal refusal = CheckAsset(state, command.Asset);
        if (refusal.IsNone && !command.Amount.IsPositive) refusal = new Refusal(RejectReason.InvalidAmount, 1, command.Amount.E8);
        if (refusal.IsNone && command.Amount > MaxBalance - Amount.Max(Amount.Zero, state.Balance(command.Asset)))
        {
            refusal = new Refusal(RejectReason.InvalidAmount, MaxBalance.E8, command.Amount.E8);
        }

        if (!refusal.IsNone)
        {
            AccountSettings.Refuse(state, MarketId.None, refusal, MessageKind.Deposit, context);
            return;
        }

        state.AddToBalance(command.Asset, command.Amount, context.Now);
        EmitBalance(state, command.Asset, command.Amount, BalanceReason.Deposit, LiquidationId.None, context);
        context.Monitor.RequestJudge(PoolId.Cross(state.Id));
    }

    public static void Withdraw(AccountState state, in Withdraw command, StepContext context)
    {
        Refusal refusal = CheckWithdraw(state, command, context);
        if (!refusal.IsNone)
        {
            AccountSettings.Refuse(state, MarketId.None, refusal, MessageKind.Withdraw, context);
            return;
        }

        state.AddToBalance(command.Asset, -command.Amount, context.Now);
        EmitBalance(state, command.Asset, -command.Amount, BalanceReason.Withdrawal, LiquidationId.None, context);
        context.Monitor.RequestJudge(PoolId.Cross(state.Id));
    }

    public static void AdjustIsolated(AccountState state, in AdjustIsolatedMargin command, StepContext context)
    {
        Refusal refusal = CheckIsolated(state, command, context, out int i);
        if (refusal.IsNone) refusal = CheckAdjust(state, i, command.Amount, context);
        if (!refusal.IsNone)
        {
            AccountSettings.Refuse(state, command.Market, refusal, MessageKind.AdjustIsolatedMargin, context);
            return;
        }

        state.Legs[i].IsolatedWallet += command.Amount;
        state.Legs[i].UpdatedAt = context.Now;
        EmitMargin(state, command.Market, command.PositionSide, -command.Amount, context);
        EmitPosition(state, i, context);
        FillSettlement.Watch(state, state.PoolOf(state.Legs[i]), context);
    }

    /// <summary>To isolated: initial margin at the mark plus the open loss goes with the position. To cross: its wallet returns.</summary>
    public static void Move(AccountState state, in MovePosition command, StepContext context)
    {
        Refusal refusal = CheckMove(state, command, context, out int i, out Amount margin);
        if (!refusal.IsNone)
        {
            AccountSettings.Refuse(state, command.Market, refusal, MessageKind.MovePosition, context);
            return;
        }

        ref Leg leg = ref state.Legs[i];
        PoolId before = state.PoolOf(leg);
        Amount freed = leg.IsolatedWallet - margin;
        leg.Mode = command.Mode;
        leg.IsolatedWallet = margin;
        leg.UpdatedAt = context.Now;
        if (!freed.IsZero) EmitMargin(state, command.Market, command.PositionSide, freed, context);
        if (!before.IsCross) context.Monitor.Unwatch(before);
        EmitPosition(state, i, context);
        FillSettlement.Watch(state, state.PoolOf(leg), context);
        context.Monitor.RequestJudge(PoolId.Cross(state.Id));
    }

    // The change is the cross wallet's; the account's balance stays.
    private static void EmitMargin(AccountState state, MarketId market, PositionSide side, Amount change, StepContext context) =>
        EmitBalance(state, AssetId.Settlement, change, BalanceReason.IsolatedMargin, LiquidationId.None, context, market, side);

    public static void EmitBalance(
        AccountState state, AssetId asset, Amount change, BalanceReason reason, LiquidationId liquidation, StepContext context,
        MarketId market = default, PositionSide side = PositionSide.Both) =>
        context.Emit(state.Id, market, new BalanceChanged
        {
            Change = change,
            WalletAfter = state.Balance(asset),
            CrossWalletAfter = asset == AssetId.Settlement ? state.CrossWallet : state.Balance(asset),
            Liquidation = liquidation,
            Asset = asset,
            Reason = reason,
            PositionSide = side,
        });

    public static void EmitPosition(AccountState state, int index, StepContext context)
    {
        ref readonly Leg leg = ref state.Legs[index];
        context.Emit(state.Id, leg.Market, new PositionChanged
        {
            Quantity = leg.Quantity,
            OpenCost = leg.OpenCost,
            IsolatedWallet = leg.IsolatedWallet,
            PositionSide = leg.Side,
            Mode = leg.Mode,
        });
    }

    /// <summary>What may be withdrawn of the settlement asset now: never unrealized profit.</summary>
    public static Amount Withdrawable(AccountState state, PriceTable prices)
    {
        AccountFigures figures = AccountMargin.Figures(state, prices);
        Amount wallet = state.CrossWallet;
        Amount needed = Needed(figures.Initial, figures.Maintenance, figures.HasPositions);
        Amount byPool = PoolJudge.Withdrawable(figures.Equity, CollateralWallet(state, prices), needed, figures.Orders);
        return Amount.Max(Amount.Zero, Amount.Min(byPool, wallet));
    }

    /// <summary>
    /// What a pool must keep when money leaves it: its initial margin, and one unit more than its maintenance, which is the larger of the two
    /// where a position has grown into tiers that its leverage would no longer be allowed in.
    /// </summary>
    private static Amount Needed(Amount initial, Amount maintenance, bool hasPositions) =>
        hasPositions ? Amount.Max(initial, maintenance + new Amount(1)) : initial;

    private static Amount CollateralWallet(AccountState state, PriceTable prices)
    {
        Amount sum = CollateralMath.PoolValueDown(state.Profile, state.Balances, prices.Indexes);
        foreach (ref readonly Leg leg in state.Legs.Legs) sum -= leg.IsolatedWallet;
        return sum;
    }

    private static Refusal CheckAsset(AccountState state, AssetId asset)
    {
        if (asset == AssetId.Settlement) return Refusal.None;
        CollateralSpec collateral = state.Profile.Collateral;
        if (collateral.Enabled)
        {
            for (int i = 0; i < collateral.Assets.Count; i++)
            {
                if (collateral.Assets[i].Id == asset) return Refusal.None;
            }
        }

        return new Refusal(RejectReason.UnknownAsset, 0, asset.Value);
    }

    /// <summary>Nothing leaves a pool while a price of the account's positions cannot be trusted.</summary>
    private static Refusal CheckPriced(AccountState state, StepContext context)
    {
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            PauseReason pause = leg.Quantity.IsZero ? PauseReason.None : context.Prices.Pause(leg.Market);
            if (pause != PauseReason.None) return new Refusal(RejectReason.PriceUnavailable, leg.Market.Value, (long)pause);
        }

        MarketId valuing = CollateralSale.PausedMarket(state, context.Prices);
        return valuing.IsNone
            ? Refusal.None
            : new Refusal(RejectReason.PriceUnavailable, valuing.Value, (long)context.Prices.Pause(valuing));
    }

    private static Refusal CheckFree(AccountState state)
    {
        if (state.CrossLiquidation is not null) return Refusal.Because(RejectReason.InLiquidation);
        return state.HeldByRound != 0 ? Refusal.Because(RejectReason.HeldForDeleveraging) : Refusal.None;
    }

    private static Refusal CheckWithdraw(AccountState state, in Withdraw command, StepContext context)
    {
        Refusal refusal = CheckAsset(state, command.Asset);
        if (!refusal.IsNone) return refusal;
        if (!command.Amount.IsPositive) return new Refusal(RejectReason.InvalidAmount, 1, command.Amount.E8);
        refusal = CheckPriced(state, context);
        if (refusal.IsNone) refusal = CheckFree(state);
        if (refusal.IsNone) refusal = AccountClosing.CheckFrozen(state, adds: true);
        if (!refusal.IsNone) return refusal;
        if (command.Asset == AssetId.Settlement)
        {
            Amount limit = Withdrawable(state, context.Prices);
            refusal = command.Amount > limit ? new Refusal(RejectReason.BalanceInsufficient, limit.E8, command.Amount.E8) : Refusal.None;
        }
        else
        {
            refusal = CheckWithdrawCollateral(state, command, context);
        }

        if (!refusal.IsNone) return refusal;
        return context.Prices.WithdrawalsClosed ? Refusal.Because(RejectReason.WithdrawalsClosed) : Refusal.None;
    }

    /// <summary>Collateral may leave while the pool without it, its unrealized profit not counted, still covers what is reserved.</summary>
    private static Refusal CheckWithdrawCollateral(AccountState state, in Withdraw command, StepContext context)
    {
        Amount held = state.Balance(command.Asset);
        if (command.Amount > held) return new Refusal(RejectReason.BalanceInsufficient, held.E8, command.Amount.E8);
        state.ShiftBalance(command.Asset, -command.Amount);
        AccountFigures after = AccountMargin.Figures(state, context.Prices);
        Amount wallet = CollateralWallet(state, context.Prices);
        state.ShiftBalance(command.Asset, command.Amount);
        Amount left = Amount.Min(after.Equity, wallet) - after.Initial - after.Orders;
        return left.IsNegative ? new Refusal(RejectReason.BalanceInsufficient, 0, left.E8) : Refusal.None;
    }

    private static Refusal CheckIsolated(AccountState state, in AdjustIsolatedMargin command, StepContext context, out int leg)
    {
        leg = -1;
        MarketId market = command.Market;
        if (!state.Profile.Contains(market)) return new Refusal(RejectReason.UnknownMarket, state.Profile.Markets.Count, market.Value);
        if (command.Amount.IsZero) return new Refusal(RejectReason.InvalidAmount, 1, 0);
        if (command.Amount > MaxBalance || command.Amount < -MaxBalance) return new Refusal(RejectReason.InvalidAmount, MaxBalance.E8, command.Amount.E8);
        Refusal refusal = command.Amount.IsNegative ? CheckPriced(state, context) : Refusal.None;
        if (refusal.IsNone && state.LiquidationOf(market, command.PositionSide) is not null) return Refusal.Because(RejectReason.InLiquidation);
        if (refusal.IsNone) refusal = CheckFree(state);
        if (!refusal.IsNone) return refusal;
        leg = state.Legs.Find(market, command.PositionSide);
        if (leg < 0 || state.Legs[leg].Quantity.IsZero) return Refusal.Because(RejectReason.NoPosition);
        if (state.Legs[leg].Mode != MarginMode.Isolated) return Refusal.Because(RejectReason.NotIsolated);
        return AccountClosing.CheckFrozen(state, adds: command.Amount.IsNegative);
    }

    private static Refusal CheckAdjust(AccountState state, int i, Amount change, StepContext context)
    {
        if (change.IsPositive)
        {
            Amount limit = Withdrawable(state, context.Prices);
            return change > limit ? new Refusal(RejectReason.MarginInsufficient, limit.E8, change.E8) : Refusal.None;
        }

        ref readonly Leg leg = ref state.Legs[i];
        MarketSpec spec = state.Profile[leg.Market];
        Price mark = context.Prices.Mark(leg.Market);
        PoolFigures pool = PoolJudge.Isolated(state.Profile, leg, mark);
        Amount initial = LegMath.InitialUp(LegMath.Notional(spec, leg.Quantity, mark), leg.Leverage);
        Amount free = PoolJudge.Withdrawable(pool.Equity, leg.IsolatedWallet, Needed(initial, pool.Maintenance, true), Amount.Zero);
        return -change > free ? new Refusal(RejectReason.MarginInsufficient, free.E8, -change.E8) : Refusal.None;
    }

    private static Refusal CheckMove(AccountState state, in MovePosition command, StepContext context, out int i, out Amount margin)
    {
        i = -1;
        margin = Amount.Zero;
        if (!state.Profile.Contains(command.Market)) return new Refusal(RejectReason.UnknownMarket, state.Profile.Markets.Count, command.Market.Value);
        if (command.Mode > MarginMode.Isolated) return new Refusal(RejectReason.InvalidFlags, 1, (long)command.Mode);
        Refusal refusal = CheckPriced(state, context);
        if (!refusal.IsNone) return refusal;
        if (state.Liquidations is { Count: > 0 }) return Refusal.Because(RejectReason.InLiquidation);
        if (state.HeldByRound != 0) return Refusal.Because(RejectReason.HeldForDeleveraging);
        i = state.Legs.Find(command.Market, command.PositionSide);
        if (i < 0) return Refusal.Because(RejectReason.NoPosition);
        if (state.Legs[i].Mode == command.Mode) return Refusal.Because(RejectReason.NothingToChange);
        if (state.Legs.OrdersAt(i).Count > 0) return new Refusal(RejectReason.OpenOrdersExist, 0, state.Legs.OrdersAt(i).Count);
        if (state.Legs[i].Quantity.IsZero) return Refusal.Because(RejectReason.NoPosition);
        refusal = AccountClosing.CheckFrozen(state, adds: true);
        if (!refusal.IsNone) return refusal;
        ref Leg leg = ref state.Legs[i];
        MarketSpec spec = state.Profile[leg.Market];
        Price mark = context.Prices.Mark(leg.Market);
        Leg was = leg;
        if (command.Mode == MarginMode.Isolated)
        {
            Amount profit = LegMath.UnrealizedProfit(spec, leg.Quantity, leg.OpenCost, mark);
            Amount initial = LegMath.InitialUp(LegMath.Notional(spec, leg.Quantity, mark), leg.Leverage);
            margin = profit.IsNegative ? initial - profit : initial;
        }

        leg.Mode = command.Mode;
        leg.IsolatedWallet = margin;
        refusal = CheckBothSound(state, i, context);
        leg = was;
        return refusal;
    }

    /// <summary>With the leg as it would be after a move: both pools sound, and the cross pool able to carry what it has reserved.</summary>
    private static Refusal CheckBothSound(AccountState state, int i, StepContext context)
    {
        AccountFigures cross = AccountMargin.Figures(state, context.Prices);
        Amount needed = cross.Initial + cross.Orders;
        if (cross.Equity < needed) return new Refusal(RejectReason.MarginInsufficient, cross.Equity.E8, needed.E8);
        bool crossBad = PoolJudge.IsLiquidatable(cross.Equity, cross.Maintenance, cross.HasPositions, false);
        if (crossBad) return new Refusal(RejectReason.WouldLiquidate, cross.Maintenance.E8, cross.Equity.E8);
        ref readonly Leg leg = ref state.Legs[i];
        if (leg.Mode == MarginMode.Cross) return Refusal.None;
        PoolFigures own = PoolJudge.Isolated(state.Profile, leg, context.Prices.Mark(leg.Market));
        return own.IsLiquidatable(false) ? new Refusal(RejectReason.WouldLiquidate, own.Maintenance.E8, own.Equity.E8) : Refusal.None;
    }
}
