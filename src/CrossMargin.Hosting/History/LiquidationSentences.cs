using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>One line of a liquidation's record.</summary>
/// <param name="Time">Exchange time.</param>
/// <param name="What">Kind of event, in lower-camel case ("started", "ordered", "fill" …).</param>
/// <param name="Text">One sentence with the numbers.</param>
public sealed record LiquidationLine(Timestamp Time, string What, string Text);

/// <summary>Tells a liquidation in words and numbers, exactly.</summary>
public static class LiquidationSentences
{
    /// <summary>The line of an event of a liquidation, or of a fill of its orders.</summary>
    public static LiquidationLine Line(in Event e, VenueProfile profile)
    {
        MarketSpec? market = e.Market.IsNone ? null : profile[e.Market];
        return e.Kind switch
        {
            EventKind.LiquidationStarted => new(e.Time, "started", Started(e.Body<LiquidationStarted>(), market)),
            EventKind.LiquidationOrdered => new(e.Time, "ordered", Ordered(e.Body<LiquidationOrdered>(), market!)),
            EventKind.LiquidationStepped => new(e.Time, "step", Stepped(e.Body<LiquidationStepped>(), market)),
            EventKind.OrderFilled => new(e.Time, "fill", Filled(e.Body<OrderFilled>(), market!)),
            EventKind.TakeoverDecided => new(e.Time, "takeover", Takeover(e.Body<TakeoverDecided>(), market!)),
            EventKind.DeleverageRoundStarted => new(e.Time, "deleverageStarted", Round(e.Body<DeleverageRoundStarted>(), market!)),
            EventKind.Deleveraged => new(e.Time, "deleveraged", Deleveraged(e, market!)),
            EventKind.DeleverageRoundEnded => new(e.Time, "deleverageEnded", RoundEnded(e.Body<DeleverageRoundEnded>(), market!)),
            EventKind.LiquidationEnded => new(e.Time, "ended", Ended(e.Body<LiquidationEnded>())),
            _ => new(e.Time, "other", e.Kind.ToString()),
        };
    }

    private static string Started(in LiquidationStarted s, MarketSpec? market)
    {
        string pool = market is null ? "cross pool" : $"isolated {market.Symbol} {Leg(s.PositionSide)}".TrimEnd();
        string rule = s.Rule switch
        {
            LiquidationRule.EquityAtOrBelowMaintenance => "equity at or below maintenance",
            LiquidationRule.NegativeWithoutPosition => "equity below zero without a position",
            _ => "the fund's equity reached zero",
        };
        return $"{pool}: {rule}: equity {s.Equity} against maintenance {s.Maintenance} (wallet {s.Wallet}, unrealized profit {s.UnrealizedProfit}), "
            + $"{Count(s.Positions, "position")} of {s.Notional} notional, {Count(s.OpenOrders, "open order")}; policy {s.Policy}";
    }

    private static string Ordered(in LiquidationOrdered o, MarketSpec m) =>
        $"closes {m.Format(o.Quantity)} of {m.Format(o.Position)} {m.Symbol} {Leg(o.PositionSide)}".TrimEnd()
        + $" at {m.Format(o.Limit)} or better: mark {m.Format(o.Mark)}, tier {o.Tier}, its maintenance {o.PositionMaintenance} of {o.Maintenance}, "
        + $"its share {o.Share} of equity {o.Equity}, bankruptcy price {m.Format(o.BankruptcyPrice)}";

    private static string Stepped(in LiquidationStepped s, MarketSpec? market)
    {
        string leg = market is null || s.Position.IsZero ? "" : $", {market.Format(s.Position)} {market.Symbol} left";
        string price = market is null || s.Price.IsNone ? "" : $" at {market.Format(s.Price)}";
        return $"{Words(s.Stage)}{price}: equity {s.Equity}, maintenance {s.Maintenance}{leg}";
    }

    private static string Filled(in OrderFilled f, MarketSpec m)
    {
        string against = f.Counterparty == AccountId.House ? "the house" : f.Counterparty == AccountId.Fund ? "the fund" : $"{f.Counterparty}";
        string how = f.Type switch { FillKind.Takeover => "taken over: ", FillKind.Deleverage => "deleveraged: ", _ => "" };
        string deal = f.Side == Side.Buy ? "bought" : "sold";
        string toward = f.Side == Side.Buy ? "from" : "to";
        return $"{how}{deal} {m.Format(f.Quantity)} {m.Symbol} at {m.Format(f.Price)} {toward} {against}: profit {f.RealizedProfit}, fee {f.Fee}, "
            + $"position {m.Format(f.PositionAfter)}, wallet {f.WalletAfter}";
    }

    private static string Takeover(in TakeoverDecided t, MarketSpec m)
    {
        string answer = t.Accepted ? t.Forced ? "takes, being the last," : "takes" : "does not take";
        return $"the fund {answer} {m.Format(t.Quantity)} {m.Symbol} at {m.Format(t.Price)} (mark {m.Format(t.Mark)}): notional {t.Notional}, limit {t.Limit}";
    }

    private static string Round(in DeleverageRoundStarted r, MarketSpec m) =>
        $"deleveraging round {r.Round}: {m.Format(r.Quantity)} {m.Symbol} at {m.Format(r.Price)}, {Count(r.Asked, "opposite holder")} asked";

    private static string RoundEnded(in DeleverageRoundEnded r, MarketSpec m) =>
        $"deleveraging round {r.Round} over: closed {m.Format(r.Closed)} {m.Symbol}, {m.Format(r.Leaves)} left";

    private static string Deleveraged(in Event e, MarketSpec m)
    {
        ref readonly Deleveraged d = ref e.Body<Deleveraged>();
        return $"{e.Account} closes {m.Format(d.Quantity)} {m.Symbol} at {m.Format(d.Price)}, rank {d.Rank}, score {d.Score}";
    }

    private static string Ended(in LiquidationEnded e)
    {
        string deficit = e.FromDeficit.IsZero ? "" : $" ({e.FromDeficit} of it the deficit)";
        string fund = e.Shortfall.IsZero ? "" : $", shortfall {e.Shortfall} paid by the fund{deficit}";
        return $"{Words(e.Outcome)}: book {e.BookNotional}, fund {e.FundNotional}, deleveraged {e.DeleveragedNotional}; fee {e.Fee}, "
            + $"left to the fund {e.Leftover}{fund}; wallet {e.WalletAfter}, equity {e.Equity}, maintenance {e.Maintenance}";
    }

    private static string Leg(PositionSide side) => side switch { PositionSide.Long => "long", PositionSide.Short => "short", _ => "" };

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    // "BookTried" reads "book tried".
    private static string Words<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
    }
}
