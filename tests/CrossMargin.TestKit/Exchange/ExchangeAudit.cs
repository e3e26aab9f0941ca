using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// The invariants (docs/INVARIANTS.md) checked from outside, by plain loops over all actors. A fault is an <see cref="InvariantViolation"/>
/// that begins with the invariant's number.
/// </summary>
public static class ExchangeAudit
{
    /// <summary>Invariants 1 and 2 with what is in flight; at any moment between two steps.</summary>
    public static void CheckSums(
        EngineActors x, OutsideTotals outside, ReadOnlySpan<Int128> amountsInFlight, ReadOnlySpan<long> lotsInFlight)
    {
        for (int asset = 0; asset < amountsInFlight.Length; asset++)
        {
            Int128 held = Held(x, new AssetId(asset));
            Int128 wanted = outside.Net(new AssetId(asset));
            if (held + amountsInFlight[asset] != wanted)
                Fail($"1: asset {asset}: held {held} + in flight {amountsInFlight[asset]} = {held + amountsInFlight[asset]}, paid in {wanted}");
        }

        foreach (MarketActor market in x.Markets)
        {
            MarketId id = market.View.Spec.Id;
            long lots = market.View.HouseQuantity.Lots + x.Fund.State.Position(id).Quantity.Lots + lotsInFlight[id.Value - 1];
            foreach (AccountActor account in x.Accounts)
            {
                foreach (ref readonly Leg leg in account.State.Legs.Legs) lots += leg.Market == id ? leg.Quantity.Lots : 0;
            }

            if (lots != 0) Fail($"2: the positions of {market.View.Spec.Symbol} add up to {lots} lots");
        }

        if (x.Fund.State.Wallet.IsNegative) Fail($"4: the fund's wallet is {x.Fund.State.Wallet}");
        if (x.Fund.State.Deficit.IsPositive) Fail($"4: the deficit is {x.Fund.State.Deficit}");
    }

    /// <summary>Everything that holds when nothing is in flight and every judgement has been made.</summary>
    public static void CheckAtRest(EngineActors x, OutsideTotals outside)
    {
        CheckSums(x, outside, new Int128[OutsideTotals.AssetCount(x.Profile)], new long[x.Markets.Count]);
        foreach (MarketActor market in x.Markets) CheckMarket(x, market.View);
        foreach (AccountActor account in x.Accounts) CheckAccount(x, account.State);
        foreach (FundPosition p in x.Fund.State.Positions)
        {
            if (!p.Promised.IsZero || !p.Order.IsNone || p.Deleveraging) Fail($"at rest the fund still waits: {p.Promised} {p.Order} {p.Deleveraging}");
        }
    }

    private static Int128 Held(EngineActors x, AssetId asset)
    {
        FundState fund = x.Fund.State;
        Int128 sum = fund.Conversion[asset.Value].E8;
        foreach (AccountActor account in x.Accounts) sum += account.State.Balance(asset).E8;
        if (asset != AssetId.Settlement) return sum;
        sum += (Int128)fund.Wallet.E8 + fund.Deficit.E8;
        foreach (FundPosition p in fund.Positions) sum -= p.OpenCost.E8;
        foreach (AccountActor account in x.Accounts)
        {
            foreach (ref readonly Leg leg in account.State.Legs.Legs) sum -= leg.OpenCost.E8;
        }

        foreach (MarketActor market in x.Markets)
        {
            MarketView v = market.View;
            sum += (Int128)v.HouseWallet.E8 - v.HouseOpenCost.E8 + v.Fees.E8 + v.Dust.E8 + v.UnsentFunding;
        }

        return sum;
    }

    private static void CheckMarket(EngineActors x, MarketView market)
    {
        string symbol = market.Spec.Symbol;
        if (market.PendingDeleverages != 0) Fail($"at rest {symbol} has {market.PendingDeleverages} deleveraging rounds");
        if (market.UnsentFunding != 0) Fail($"at rest {symbol} has unsent funding");
        Holding[] holders = [];
        int count = market.CopyHolders(ref holders);
        int expected = 0;
        for (int i = 0; i < count; i++)
        {
            Holding h = holders[i];
            (Quantity quantity, Amount cost) = h.Account == AccountId.Fund
                ? (x.Fund.State.Position(market.Spec.Id).Quantity, x.Fund.State.Position(market.Spec.Id).OpenCost)
                : Position(x[h.Account], market.Spec.Id, h.Side);
            if (quantity != h.Quantity || cost != h.OpenCost)
                Fail($"2: {symbol} has {h.Account} {h.Side} at {h.Quantity} for {h.OpenCost}, the holder {quantity} for {cost}");
        }

        if (!x.Fund.State.Position(market.Spec.Id).Quantity.IsZero) expected++;
        int orders = 0;
        int triggers = 0;
        foreach (AccountActor account in x.Accounts)
        {
            foreach (ref readonly Leg leg in account.State.Legs.Legs) expected += leg.Market == market.Spec.Id && !leg.Quantity.IsZero ? 1 : 0;
            orders += account.State.CountOrders(market.Spec.Id);
            triggers += account.State.CountTriggers(market.Spec.Id);
        }

        if (expected != count) Fail($"2: {symbol} knows {count} holders, there are {expected}");
        if (orders != market.OpenOrders) Fail($"5: {symbol} has {market.OpenOrders} orders in the book, the accounts {orders}");
        if (triggers != market.OpenTriggers) Fail($"5: {symbol} has {market.OpenTriggers} conditional orders, the accounts {triggers}");
        bool crossed = !market.BestBid.Price.IsNone && !market.BestAsk.Price.IsNone && market.BestBid.Price >= market.BestAsk.Price;
        if (crossed) Fail($"5: the book of {symbol} is crossed: {market.BestBid.Price} against {market.BestAsk.Price}");
    }

    private static (Quantity Quantity, Amount Cost) Position(AccountState state, MarketId market, PositionSide side)
    {
        int i = state.Legs.Find(market, side);
        return i < 0 ? default : (state.Legs[i].Quantity, state.Legs[i].OpenCost);
    }

    private static void CheckAccount(EngineActors x, AccountState state)
    {
        if (state.HeldByRound != 0) Fail($"at rest {state.Id} is held by round {state.HeldByRound}");
        if (state.Amends is { Count: > 0 }) Fail($"at rest {state.Id} waits for an amend");
        foreach (var c in state.Liquidations ?? [])
        {
            if (!c.Waiting) Fail($"3: at rest {state.Id} is in liquidation of {c.Market} {c.Side}, claimed {c.Claimed}, legs {c.Legs.Count}");
        }

        bool holds = state.Balances.ContainsAnyExcept(Amount.Zero) || state.Orders.Count > 0 || state.Triggers is { Count: > 0 };
        if (state.Status == AccountStatus.Closed && holds) Fail($"1: {state.Id} is closed and has balances or orders");
        for (int i = 0; i < state.Orders.Count; i++) CheckOrder(x, state, state.Orders[i]);
        CheckLoads(x, state);
        CheckPool(x, state, PoolId.Cross(state.Id), state.CrossPool, state.CrossWallet);
        for (int i = 0; i < state.Legs.Count; i++)
        {
            Leg leg = state.Legs[i];
            if (leg.Mode == MarginMode.Cross && !leg.IsolatedWallet.IsZero) Fail($"{state.Id} has an isolated wallet on a cross leg");
            if (leg.Mode != MarginMode.Isolated) continue;
            if (leg.Quantity.IsZero && !leg.IsolatedWallet.IsZero) Fail($"4: {state.Id} has {leg.IsolatedWallet} on an isolated leg without position");
            CheckPool(x, state, new PoolId(state.Id, leg.Market, leg.Side), state.IsolatedPool(i), leg.IsolatedWallet);
        }
    }

    private static void CheckOrder(EngineActors x, AccountState state, in OpenOrder order)
    {
        bool found = x.View(order.Market).TryGetOrder(state.Id, order.Id, out Quantity open);
        if (!found || open != order.Leaves) Fail($"5: {state.Id} {order.Id} has {order.Leaves} open, the book {open} (found: {found})");
        if (!order.IsResting) Fail($"5: {state.Id} {order.Id} rests unconfirmed");
    }

    /// <summary>What a leg reserves by is the sum of its open orders.</summary>
    private static void CheckLoads(EngineActors x, AccountState state)
    {
        for (int i = 0; i < state.Legs.Count; i++)
        {
            Leg leg = state.Legs[i];
            OrderLoad wanted = default;
            int count = 0;
            foreach (ref readonly OpenOrder o in state.Orders.Orders)
            {
                if (o.Market != leg.Market || o.PositionSide != leg.Side) continue;
                count++;
                if (o.IsReduceOnly) continue;
                Amount value = x.Profile[o.Market].Notional(o.Price, o.Leaves);
                if (o.Side == Side.Buy) (wanted.Bids, wanted.BidQuantity) = (wanted.Bids + value, wanted.BidQuantity + o.Leaves);
                else (wanted.Asks, wanted.AskQuantity) = (wanted.Asks + value, wanted.AskQuantity + o.Leaves);
            }

            LegOrders has = state.Legs.OrdersAt(i);
            bool same = has.Count == count && has.Load.Bids == wanted.Bids && has.Load.Asks == wanted.Asks
                && has.Load.BidQuantity == wanted.BidQuantity && has.Load.AskQuantity == wanted.AskQuantity;
            if (!same) Fail($"{state.Id} {leg.Market} {leg.Side} reserves {has.Load.Bids}/{has.Load.Asks}, its orders are {wanted.Bids}/{wanted.Asks}");
        }
    }

    private static void CheckPool(EngineActors x, AccountState state, PoolId pool, PoolView view, Amount wallet)
    {
        PoolFigures figures = view.Judge(x.Profile, x.Prices.Marks, x.Prices.Indexes);
        bool running = state.LiquidationOf(pool.Market, pool.Side) is not null;
        bool collateral = pool.IsCross && state.Balances[1..].ContainsAnyExcept(Amount.Zero);
        if (!figures.HasPositions && !collateral && wallet.IsNegative && !running) Fail($"4: {state.Id} {pool} without positions owes {wallet}");
        if (!figures.IsLiquidatable(x.Profile.Liquidation.EqualityIsSafe) || running) return;
        if (!x.Monitor.TryGetWaiting(pool, out MarketId market))
            Fail($"3: {pool} is liquidatable ({figures.Equity} against {figures.Maintenance}) and nobody knows");
        if (x.Prices.Pause(market) == PauseReason.None) Fail($"3: {pool} waits for {market}, which is not paused");
    }

    private static void Fail(string fault) => throw new InvariantViolation(fault);
}
