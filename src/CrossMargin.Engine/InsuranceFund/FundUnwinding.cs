using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.InsuranceFund;

/// <summary>How the fund gets rid of what it took over: a share of each position at a time, or all of it by deleveraging.</summary>
internal static class FundUnwinding
{
    public static void OnTime(FundState state, VenueProfile profile, StepContext context)
    {
        if (context.Now < state.NextUnwind) return;
        state.NextUnwind = context.Now.AddMilliseconds(profile.Fund.UnwindMilliseconds);
        bool any = false;
        foreach (ref readonly FundPosition p in state.Positions) any |= !p.Quantity.IsZero;
        if (!any) return;
        bool exhausted = state.Equity(profile, context.Prices.Marks).E8 <= 0;
        for (int i = 0; i < profile.Markets.Count; i++)
        {
            MarketSpec spec = profile.Markets[i];
            ref FundPosition position = ref state.Position(spec.Id);
            bool busy = !position.Order.IsNone || position.Deleveraging || !position.Promised.IsZero;
            if (position.Quantity.IsZero || busy || context.Prices.Pause(spec.Id) != PauseReason.None) continue;
            if (exhausted) Deleverage(state, spec, ref position, context);
            else Unwind(state, profile, spec, ref position, context);
        }
    }

    private static void Unwind(FundState state, VenueProfile profile, MarketSpec spec, ref FundPosition position, StepContext context)
    {
        Quantity size = position.Quantity.Abs;
        long share = Rounding.MulDivUp(size.Lots, profile.Fund.UnwindShare.E8, Rate.One);
        Quantity lots = Quantity.Min(size, Quantity.Min(spec.MaxQuantity, Quantity.Max(spec.MinQuantity, new Quantity(share))));
        Side side = position.Quantity.Sign > 0 ? Side.Sell : Side.Buy;
        position.Order = new OrderId(++state.LastOrderId);
        context.Send(ActorId.Of(spec.Id), new SubmitOrder
        {
            Order = position.Order,
            Price = OrderShape.BoundTick(spec, side, context.Prices.Mark(spec.Id), spec.TakeBound),
            Quantity = lots,
            Flags = OrderFlags.ReduceOnly | OrderFlags.Liquidation,
            Side = side,
            TimeInForce = TimeInForce.Ioc,
        });
    }

    /// <summary>The fund's equity is used up: its share is nothing, so the price is the mark.</summary>
    private static void Deleverage(FundState state, MarketSpec spec, ref FundPosition position, StepContext context)
    {
        position.Deleveraging = true;
        context.Send(ActorId.Of(spec.Id), new StartDeleverage
        {
            Liquidation = new LiquidationId(++state.LastRunId),
            Quantity = position.Quantity,
            Price = BankruptcyPrice.Of(spec, position.Quantity, context.Prices.Mark(spec.Id), Amount.Zero),
        });
    }
}
