using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>Leverage, margin mode and position mode.</summary>
internal static class AccountSettings
{
    public static void SetLeverage(AccountState state, in SetLeverage command, StepContext context)
    {
        Refusal refusal = CheckLeverage(state, command, context);
        if (!refusal.IsNone)
        {
            Refuse(state, command.Market, refusal, MessageKind.SetLeverage, context);
            return;
        }

        bool any = false;
        for (int i = 0; i < state.Legs.Count; i++)
        {
            if (state.Legs[i].Market != command.Market) continue;
            state.Legs[i].Leverage = command.Leverage;
            any = true;
        }

        if (!any) AddSettings(state, command.Market, leverage: command.Leverage);
        TidyMarket(state, command.Market);
        context.Emit(state.Id, command.Market, new LeverageChanged { Leverage = command.Leverage });
    }

    public static void SetMarginMode(AccountState state, in SetMarginMode command, StepContext context)
    {
        Refusal refusal = CheckMarket(state, command.Market);
        if (refusal.IsNone && command.Mode > MarginMode.Isolated) refusal = new Refusal(RejectReason.InvalidFlags, 1, (long)command.Mode);
        if (refusal.IsNone) refusal = CheckUnfrozen(state, command.Market);
        if (refusal.IsNone && ModeOf(state, command.Market) == command.Mode) refusal = Refusal.Because(RejectReason.NothingToChange);
        if (refusal.IsNone) refusal = CheckFlat(state, command.Market);
        if (refusal.IsNone) refusal = AccountClosing.CheckFrozen(state, adds: true);
        if (!refusal.IsNone)
        {
            Refuse(state, command.Market, refusal, MessageKind.SetMarginMode, context);
            return;
        }

        int leverage = state.Legs.LeverageOf(command.Market);
        AddSettings(state, command.Market, leverage, command.Mode);
        TidyMarket(state, command.Market);
        context.Emit(state.Id, command.Market, new MarginModeChanged { Mode = command.Mode });
    }

    public static void SetPositionMode(AccountState state, in SetPositionMode command, StepContext context)
    {
        Refusal refusal = Refusal.None;
        if (state.Liquidations is { Count: > 0 }) refusal = Refusal.Because(RejectReason.InLiquidation);
        else if (state.IsHedge == command.Hedge) refusal = Refusal.Because(RejectReason.NothingToChange);
        else if (state.Orders.Count > 0 || state.Triggers is { Count: > 0 })
        {
            refusal = new Refusal(RejectReason.OpenOrdersExist, 0, state.Orders.Count + (state.Triggers?.Count ?? 0));
        }

        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (refusal.IsNone) refusal = CheckEmpty(leg);
        }

        if (refusal.IsNone) refusal = AccountClosing.CheckFrozen(state, adds: true);

        if (!refusal.IsNone)
        {
            Refuse(state, MarketId.None, refusal, MessageKind.SetPositionMode, context);
            return;
        }

        state.IsHedge = command.Hedge;
        Rearrange(state);
        context.Emit(state.Id, MarketId.None, new PositionModeChanged { Hedge = command.Hedge });
    }

    /// <summary>The margin mode that new positions of a market take.</summary>
    public static MarginMode ModeOf(AccountState state, MarketId market)
    {
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (leg.Market == market) return leg.Mode;
        }

        return MarginMode.Cross;
    }

    public static void Refuse(AccountState state, MarketId market, Refusal refusal, MessageKind command, StepContext context) =>
        context.Emit(state.Id, market, new CommandRefused { Refusal = refusal, Command = command });

    private static Refusal CheckMarket(AccountState state, MarketId market) => state.Profile.Contains(market)
        ? Refusal.None
        : new Refusal(RejectReason.UnknownMarket, state.Profile.Markets.Count, market.Value);

    private static Refusal CheckUnfrozen(AccountState state, MarketId market)
    {
        if (state.CrossLiquidation is not null) return Refusal.Because(RejectReason.InLiquidation);
        bool own = state.LiquidationOf(market, PositionSide.Both) is not null || state.LiquidationOf(market, PositionSide.Long) is not null
            || state.LiquidationOf(market, PositionSide.Short) is not null;
        return own ? Refusal.Because(RejectReason.InLiquidation) : Refusal.None;
    }

    private static Refusal CheckLeverage(AccountState state, in SetLeverage command, StepContext context)
    {
        Refusal refusal = CheckMarket(state, command.Market);
        if (!refusal.IsNone) return refusal;
        MarketSpec spec = state.Profile[command.Market];
        LeverageBrackets? brackets = context.Prices.Brackets(command.Market);
        int max = brackets?[0] ?? spec.Tiers[0].MaxLeverage;
        if (command.Leverage < 1 || command.Leverage > max) return new Refusal(RejectReason.InvalidLeverage, max, command.Leverage);
        refusal = CheckUnfrozen(state, command.Market);
        if (!refusal.IsNone) return refusal;
        Amount limit = PositionTierLimit.LargestNotional(spec.Tiers, brackets, command.Leverage);
        Price mark = context.Prices.Mark(command.Market);
        int old = state.Legs.LeverageOf(command.Market);
        bool isolated = false;
        for (int i = 0; i < state.Legs.Count; i++)
        {
            ref readonly Leg leg = ref state.Legs[i];
            if (leg.Market != command.Market) continue;
            isolated |= leg.Mode == MarginMode.Isolated && !leg.Quantity.IsZero;
            OrderLoad load = state.Legs.OrdersAt(i).Load;
            Amount held = spec.Notional(mark, leg.Quantity);
            Amount worst = Amount.Max((held + load.Bids).Abs, (held - load.Asks).Abs);
            if (worst > limit) return new Refusal(RejectReason.LeverageTooHighForNotional, limit.E8, worst.E8);
        }

        if (isolated && command.Leverage < old) return new Refusal(RejectReason.LeverageReductionIsolated, old, command.Leverage);
        refusal = AccountClosing.CheckFrozen(state, adds: command.Leverage > old);
        if (!refusal.IsNone) return refusal;
        return command.Leverage < old ? CheckMarginAt(state, command, context) : Refusal.None;
    }

    /// <summary>A lower leverage needs more initial margin, which must be there.</summary>
    private static Refusal CheckMarginAt(AccountState state, in SetLeverage command, StepContext context)
    {
        int old = state.Legs.LeverageOf(command.Market);
        Apply(command.Leverage, command.Market);
        AccountFigures after = AccountMargin.Figures(state, context.Prices);
        Apply(old, command.Market);
        Amount needed = after.Initial + after.Orders;
        return needed > after.Equity && !needed.IsZero
            ? new Refusal(RejectReason.MarginInsufficient, after.Equity.E8, needed.E8)
            : Refusal.None;

        void Apply(int leverage, MarketId market)
        {
            for (int i = 0; i < state.Legs.Count; i++)
            {
                if (state.Legs[i].Market == market) state.Legs[i].Leverage = leverage;
            }
        }
    }

    private static Refusal CheckFlat(AccountState state, MarketId market)
    {
        int orders = state.CountOrders(market) + state.CountTriggers(market);
        if (orders > 0) return new Refusal(RejectReason.OpenOrdersExist, 0, orders);
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            Refusal refusal = leg.Market == market ? CheckEmpty(leg) : Refusal.None;
            if (!refusal.IsNone) return refusal;
        }

        return Refusal.None;
    }

    /// <summary>A leg is in use while it has a position, or a wallet of its own that still has to be settled.</summary>
    public static Refusal CheckEmpty(in Leg leg) => leg.Quantity.IsZero && leg.IsolatedWallet.IsZero
        ? Refusal.None
        : new Refusal(RejectReason.PositionExists, 0, leg.Quantity.Lots);

    private static void AddSettings(AccountState state, MarketId market, int leverage, MarginMode? mode = null)
    {
        if (state.IsHedge)
        {
            Set(PositionSide.Long);
            Set(PositionSide.Short);
        }
        else
        {
            Set(PositionSide.Both);
        }

        void Set(PositionSide side)
        {
            int i = state.Legs.FindOrAdd(market, side);
            state.Legs[i].Leverage = leverage;
            if (mode is not null) state.Legs[i].Mode = mode.Value;
        }
    }

    private static void TidyMarket(AccountState state, MarketId market)
    {
        for (int i = state.Legs.Count - 1; i >= 0; i--)
        {
            if (state.Legs[i].Market == market) state.Legs.Tidy(i);
        }
    }

    /// <summary>All legs are flat: their settings move to the legs of the new position mode.</summary>
    private static void Rearrange(AccountState state)
    {
        Leg[] old = state.Legs.Legs.ToArray();
        for (int i = state.Legs.Count - 1; i >= 0; i--) state.Legs.RemoveAt(i);
        foreach (Leg leg in old)
        {
            AddSettings(state, leg.Market, leg.Leverage, leg.Mode);
            TidyMarket(state, leg.Market);
        }
    }
}
