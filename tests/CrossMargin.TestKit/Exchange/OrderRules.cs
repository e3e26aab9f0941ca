using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// Invariant 5 and the account's statement, followed from the events alone: filled + open + cancelled = size, no fill worse than the limit,
/// reduce-only shrinks and never flips, post-only never takes, market orders stay inside their bound, each wallet is the sum of its
/// statement, a frozen account sends nothing that may open, a closed one does nothing at all.
/// </summary>
public sealed class OrderRules(VenueProfile profile, bool scrambled = false)
{
    private readonly Dictionary<(AccountId, OrderId), OpenNow> _orders = [];
    private readonly SortedDictionary<(int Account, int Asset), Int128> _statements = [];
    private readonly HashSet<AccountId> _frozen = [];
    private readonly HashSet<AccountId> _closed = [];
    private Price[] _marks = [];

    /// <summary>How often each kind of event, refusal and liquidation outcome was seen: what a run has covered.</summary>
    public SortedDictionary<string, long> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>The marks that the next command's orders are bounded by.</summary>
    public void Before(PriceTable prices) => _marks = prices.Marks.ToArray();

    public void See(in Event e)
    {
        Count(NameOf(e));
        Check(e.Kind == EventKind.CommandRefused || !_closed.Contains(e.Account), "8: a closed account does something", e);
        switch (e.Kind)
        {
            case EventKind.OrderAccepted:
                Accept(e);
                break;
            case EventKind.OrderFilled:
                Fill(e);
                break;
            case EventKind.OrderReduced:
                ref readonly OrderReduced reduced = ref e.Body<OrderReduced>();
                OpenNow cut = Of(e, reduced.Order);
                Check(reduced.Leaves == cut.Open - reduced.Canceled && reduced.Leaves.Lots > 0, "5: a cut leaves what was open less the cut", e);
                (cut.Open, cut.Size, cut.Touched) = (reduced.Leaves, cut.Size - reduced.Canceled, e.Time);
                break;
            case EventKind.OrderAmended:
                ref readonly OrderAmended amended = ref e.Body<OrderAmended>();
                OpenNow order = Of(e, amended.Order);
                Check(amended.Quantity - amended.Leaves == order.Size - order.Open, "5: an amend keeps what is filled", e);
                (order.Open, order.Size, order.Limit, order.Touched) = (amended.Leaves, amended.Quantity, amended.Price, e.Time);
                break;
            case EventKind.OrderEnded:
                ref readonly OrderEnded ended = ref e.Body<OrderEnded>();
                OpenNow gone = Of(e, ended.Order);
                Check(ended.Cumulative == gone.Size - gone.Open && ended.Quantity == gone.Size, "5: what ended was filled or open", e);
                _orders.Remove((e.Account, ended.Order));
                break;
            case EventKind.AccountStatusChanged when e.Body<AccountStatusChanged>().Status == AccountStatus.Frozen:
                _frozen.Add(e.Account);
                break;
            case EventKind.AccountStatusChanged:
                _frozen.Remove(e.Account);
                break;
            case EventKind.AccountClosed:
                _closed.Add(e.Account);
                break;
            case EventKind.BalanceChanged:
                ref readonly BalanceChanged change = ref e.Body<BalanceChanged>();
                bool within = change.Reason == BalanceReason.IsolatedMargin;
                Add(e, change.Asset, within ? Amount.Zero : change.Change, change.WalletAfter);
                break;
        }
    }

    /// <summary>Each order that the events say is open is open at its account, with the same rest, the same fills and the same times.</summary>
    public void CheckAtRest(EngineActors x)
    {
        int open = 0;
        foreach (AccountActor account in x.Accounts)
        {
            open += account.State.Orders.Count;
            foreach (OpenOrder o in account.State.Orders.Orders)
            {
                if (!_orders.TryGetValue((account.Id, o.Id), out OpenNow? seen) || seen.Open != o.Leaves || seen.Size != o.Quantity)
                    throw new InvariantViolation($"5: {account.Id} {o.Id} has {o.Leaves} of {o.Quantity} open, its events {seen?.Open} of {seen?.Size}");
                bool asTold = o.FilledQuote == seen.Quote && o.CreatedAt == seen.Placed && o.UpdatedAt == seen.Touched;
                if (!asTold) throw new InvariantViolation($"5: {account.Id} {o.Id} was filled for {o.FilledQuote}, by its events for {seen.Quote}");
            }
        }

        if (open != _orders.Count) throw new InvariantViolation($"5: {open} orders are open, by the events {_orders.Count}");
    }

    private static string NameOf(in Event e) => e.Kind switch
    {
        EventKind.CommandRefused => $"refused {e.Body<CommandRefused>().Command}: {((Refusal)e.Body<CommandRefused>().Refusal).Reason}",
        EventKind.OrderFilled => $"filled {e.Body<OrderFilled>().Type}{(e.Account.IsTrader ? "" : " of the fund")}",
        EventKind.OrderEnded => $"order {e.Body<OrderEnded>().Status} {e.Body<OrderEnded>().Reason} {((Refusal)e.Body<OrderEnded>().Refusal).Reason}",
        EventKind.TriggerEnded => $"trigger {e.Body<TriggerEnded>().Status} {((Refusal)e.Body<TriggerEnded>().Refusal).Reason}",
        EventKind.LiquidationEnded => $"liquidation {(e.Market.IsNone ? "cross" : "isolated")} {e.Body<LiquidationEnded>().Outcome}",
        EventKind.LiquidationStepped => $"liquidation step {e.Body<LiquidationStepped>().Stage}",
        EventKind.TakeoverDecided => $"takeover accepted {e.Body<TakeoverDecided>().Accepted}, forced {e.Body<TakeoverDecided>().Forced}",
        EventKind.LiquidationPaused => $"paused {e.Body<LiquidationPaused>().Reason}",
        EventKind.BalanceChanged => $"balance {e.Body<BalanceChanged>().Reason}",
        _ => e.Kind.ToString(),
    };

    private void Count(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;

    private void Accept(in Event e)
    {
        ref readonly OrderAccepted o = ref e.Body<OrderAccepted>();
        bool reduces = (o.Flags & OrderFlags.ReduceOnly) != 0;
        Check(reduces || !_frozen.Contains(e.Account), "8: a frozen account sent an order that may open", e);
        _orders.Add((e.Account, o.Order), new OpenNow
        {
            Size = o.Quantity,
            Open = o.Quantity,
            Limit = o.Price,
            ReduceOnly = reduces,
            PostOnly = o.TimeInForce == TimeInForce.Gtx,
            Placed = e.Time,
            Touched = e.Time,
        });
        if (o.Type != OrderType.Market || scrambled || o.Algo.Value != 0) return;
        MarketSpec spec = profile[e.Market];
        Price mark = _marks[e.Market.Value - 1];
        Int128 away = o.Side == Side.Buy ? o.Price.Units - mark.Units : mark.Units - o.Price.Units;
        bool lowest = o.Side == Side.Buy && o.Price.Units == spec.TickUnits; // nothing lower can be ordered
        bool within = away * Rate.One <= (Int128)mark.Units * spec.TakeBound.E8;
        Check(lowest || within, "5: a market order's bound is beyond the take bound", e);
    }

    private void Fill(in Event e)
    {
        ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
        if (e.Account.IsTrader) Add(e, AssetId.Settlement, fill.RealizedProfit - fill.Fee, fill.WalletAfter);
        if (fill.Order.IsNone || !e.Account.IsTrader) return;
        OpenNow order = Of(e, fill.Order);
        bool within = fill.Side == Side.Buy ? fill.Price <= order.Limit : fill.Price >= order.Limit;
        Check(within, "5: a fill is worse than its limit", e);
        Check(!order.PostOnly || fill.IsMaker, "5: a post-only order took", e);
        Check(fill.Quantity <= order.Open && fill.Leaves == order.Open - fill.Quantity, "5: a fill takes from what is open", e);
        order.Open = fill.Leaves;
        order.Quote += profile[e.Market].Notional(fill.Price, fill.Quantity);
        order.Touched = e.Time;
        if (order.ReduceOnly)
        {
            Quantity before = fill.PositionAfter - (fill.Side == Side.Buy ? fill.Quantity : -fill.Quantity);
            bool shrank = fill.PositionAfter.Abs < before.Abs && (fill.PositionAfter.IsZero || fill.PositionAfter.Sign == before.Sign);
            Check(shrank, "5: a reduce-only order grew or flipped a position", e);
        }

        if (fill.Leaves.IsZero) _orders.Remove((e.Account, fill.Order));
    }

    private void Add(in Event e, AssetId asset, Amount change, Amount after)
    {
        (int, int) key = (e.Account.Value, asset.Value);
        Int128 sum = _statements.GetValueOrDefault(key) + change.E8;
        _statements[key] = sum;
        Check(sum == after.E8, $"1: the statement of asset {asset.Value} adds up to {sum}", e);
    }

    private OpenNow Of(in Event e, OrderId order)
    {
        if (_orders.TryGetValue((e.Account, order), out OpenNow? seen)) return seen;
        throw new InvariantViolation($"5: {Describe.Text(e)} is about an order that is not open");
    }

    private static void Check(bool holds, string rule, in Event e)
    {
        if (!holds) throw new InvariantViolation($"{rule}: {Describe.Text(e)}");
    }

    private sealed class OpenNow
    {
        public Quantity Size;
        public Quantity Open;
        public Price Limit;
        public bool ReduceOnly;
        public bool PostOnly;
        public Amount Quote;
        public Timestamp Placed;
        public Timestamp Touched;
    }
}
