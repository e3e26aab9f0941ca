using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>How a liquidation ends: collateral, shortfall, fee, what is left, and the record of it all.</summary>
internal static class LiquidationEnd
{
    /// <summary>Positions remain and the pool is sound with the buffer, the fee already counted.</summary>
    public static void WithPositions(AccountState state, LiquidationCase c, StepContext context) =>
        Finish(state, c, LiquidationOutcome.Reduced, c.FeeDue, Amount.Zero, context);

    /// <summary>Whether what collateral is left is sold at the end: all of it after a takeover or round, otherwise for what is owed.</summary>
    public static bool SellsCollateral(AccountState state, LiquidationCase c) =>
        c.IsCross && (c.LastClosedOutsideBook || state.CrossWallet.IsNegative);

    /// <summary>Nothing is left to close: the wallet is made whole, or pays the fee as far as it goes.</summary>
    public static void WithoutPositions(AccountState state, LiquidationCase c, StepContext context)
    {
        if (SellsCollateral(state, c))
        {
            CollateralSale.Sell(state, c.LastClosedOutsideBook ? new Amount(long.MaxValue) : -state.CrossWallet, context);
        }

        Amount wallet = Wallet(state, c);
        if (wallet.IsNegative)
        {
            c.Claimed = true;
            context.Emit(state.Id, c.Market, new LiquidationStepped
            {
                Liquidation = c.Id,
                Equity = wallet,
                PositionSide = c.Side,
                Stage = LiquidationStage.ShortfallClaimed,
            });
            context.Send(ActorId.Fund, new ClaimShortfall { Liquidation = c.Id, Amount = -wallet });
            return;
        }

        // Once the fund has paid, what has come in since is not the liquidated pool's.
        bool paid = c.Shortfall.IsPositive;
        Amount fee = paid ? Amount.Zero : Amount.Min(c.FeeDue, wallet);
        Amount leftover = c.LastClosedOutsideBook && !paid ? wallet - fee : Amount.Zero;
        LiquidationOutcome outcome = paid ? LiquidationOutcome.Shortfall
            : c.LastClosedOutsideBook ? LiquidationOutcome.TakenOver
            : c.Rechecked ? LiquidationOutcome.Closed : LiquidationOutcome.SoundAfterCancel;
        Finish(state, c, outcome, fee, leftover, context);
    }

    public static void Finish(
        AccountState state, LiquidationCase c, LiquidationOutcome outcome, Amount fee, Amount leftover, StepContext context)
    {
        Charge(state, c, fee, BalanceReason.LiquidationFee, context);
        Charge(state, c, leftover, BalanceReason.LiquidationLeftover, context);
        PoolFigures figures = LiquidationRun.Figures(state, c, context);
        Amount wallet = Wallet(state, c);
        state.Liquidations!.Remove(c);
        if (state.Liquidations.Count == 0) state.Liquidations = null;
        if (!c.IsCross) ReturnIsolatedWallet(state, c, context);
        context.Emit(state.Id, c.Market, new LiquidationEnded
        {
            Liquidation = c.Id,
            Fee = fee,
            Leftover = leftover,
            Shortfall = c.Shortfall,
            FromDeficit = c.FromDeficit,
            WalletAfter = wallet,
            Equity = figures.Equity,
            Maintenance = figures.Maintenance,
            BookNotional = c.BookNotional,
            FundNotional = c.FundNotional,
            DeleveragedNotional = c.DeleveragedNotional,
            PositionSide = c.Side,
            Outcome = outcome,
        });
        if (!fee.IsZero || !leftover.IsZero)
        {
            context.Send(ActorId.Fund, new LiquidationProceeds { Liquidation = c.Id, Fee = fee, Leftover = leftover });
        }

        context.Monitor.RequestJudge(new PoolId(state.Id, c.Market, c.Side));
        if (!c.IsCross) context.Monitor.RequestJudge(PoolId.Cross(state.Id));
    }

    private static Amount Wallet(AccountState state, LiquidationCase c) => c.IsCross
        ? state.CrossWallet
        : state.Legs[state.Legs.Find(c.Market, c.Side)].IsolatedWallet;

    private static void Charge(AccountState state, LiquidationCase c, Amount amount, BalanceReason reason, StepContext context)
    {
        if (amount.IsZero) return;
        state.AddToBalance(AssetId.Settlement, -amount, context.Now);
        if (!c.IsCross)
        {
            ref Leg leg = ref state.Legs[state.Legs.Find(c.Market, c.Side)];
            leg.IsolatedWallet -= amount;
            leg.UpdatedAt = context.Now;
        }

        Transfers.EmitBalance(state, AssetId.Settlement, -amount, reason, c.Id, context, c.Market, c.Side);
    }

    /// <summary>What an isolated leg without a position still holds goes back to the cross wallet.</summary>
    private static void ReturnIsolatedWallet(AccountState state, LiquidationCase c, StepContext context)
    {
        int i = state.Legs.Find(c.Market, c.Side);
        ref Leg leg = ref state.Legs[i];
        if (!leg.Quantity.IsZero) return;
        InvariantViolation.Check(!leg.IsolatedWallet.IsNegative, "4: no wallet without a position is below zero");
        leg.IsolatedWallet = Amount.Zero;
        leg.UpdatedAt = context.Now;
        Transfers.EmitPosition(state, i, context);
    }
}
