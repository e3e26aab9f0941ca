using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>What the operator does about an account: freeze it, let it go, close it for good.</summary>
internal static class AccountClosing
{
    public static void Freeze(AccountState state, in FreezeAccount command, StepContext context)
    {
        AccountStatus status = command.Frozen ? AccountStatus.Frozen : AccountStatus.Active;
        if (state.Status == status)
        {
            AccountSettings.Refuse(state, MarketId.None, Refusal.Because(RejectReason.NothingToChange), MessageKind.FreezeAccount, context);
            return;
        }

        state.Status = status;
        context.Emit(state.Id, MarketId.None, new AccountStatusChanged { Status = status });
    }

    public static void Close(AccountState state, in CloseAccount command, StepContext context)
    {
        Refusal refusal = CheckEmpty(state);
        if (!refusal.IsNone)
        {
            AccountSettings.Refuse(state, MarketId.None, refusal, MessageKind.CloseAccount, context);
            return;
        }

        for (int i = 0; i < state.Balances.Length; i++)
        {
            var asset = new AssetId(i);
            Amount held = state.Balance(asset);
            if (held.IsZero) continue;
            state.AddToBalance(asset, -held, context.Now);
            Transfers.EmitBalance(state, asset, -held, BalanceReason.Withdrawal, LiquidationId.None, context);
        }

        state.Status = AccountStatus.Closed;
        context.Emit(state.Id, MarketId.None, new AccountClosed { Successor = command.Successor });
        context.Monitor.RequestJudge(PoolId.Cross(state.Id));
    }

    /// <summary>What a frozen account refuses: whatever is not certain to close.</summary>
    public static Refusal CheckFrozen(AccountState state, bool adds) =>
        adds && state.IsFrozen ? Refusal.Because(RejectReason.AccountFrozen) : Refusal.None;

    private static Refusal CheckEmpty(AccountState state)
    {
        if (state.Liquidations is { Count: > 0 }) return Refusal.Because(RejectReason.InLiquidation);
        if (state.HeldByRound != 0) return Refusal.Because(RejectReason.HeldForDeleveraging);
        int orders = state.Orders.Count + (state.Triggers?.Count ?? 0);
        if (orders > 0) return new Refusal(RejectReason.OpenOrdersExist, 0, orders);
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            Refusal refusal = AccountSettings.CheckEmpty(leg);
            if (!refusal.IsNone) return refusal;
        }

        return state.Wallet.IsNegative ? new Refusal(RejectReason.BalanceInsufficient, 0, state.Wallet.E8) : Refusal.None;
    }
}
