using System.Globalization;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// Scenarios as text, one row a command or an expectation; `#` begins a comment. What follows `->` is what must have come of the row.
/// <code>
/// account alice 1000 [maker 0] [taker 0] [hedge]     price AAAUSDT 100     wait 5000 | skip 5000     funding AAAUSDT 0.0001
/// halt AAAUSDT | resume AAAUSDT                      fund deposit 80
/// alice leverage AAAUSDT 50 | isolated AAAUSDT | cross AAAUSDT | hedge | oneway | deposit 5 [asset 1] | withdraw 5 [asset 1]
/// alice buy AAAUSDT 1.5 @ 100 [gtc|ioc|fok|gtx|gtd MS] [reduce] [long|short] [stp taker|maker|both] [as ID]
/// alice sell AAAUSDT 1.5 market [reduce] [long|short]
/// alice stop|stop-market|take-profit|take-profit-market sell AAAUSDT 1 at 95 [@ 94] [last] [reduce]     (size 0: close the position)
/// alice trailing sell AAAUSDT 1 callback 0.01 [last]
/// alice amend ID 2 @ 101 | cancel ID | cancel-trigger ID | cancel-all | countdown AAAUSDT 5000
/// alice freeze | unfreeze | close                    jump 5000
/// alice add AAAUSDT 10 [long] | remove AAAUSDT 10 | move AAAUSDT isolated|cross
/// -> accepted | refused REASON [LIMIT ACTUAL] | filled 1.5 @ 100 | ended STATUS REASON | nothing
/// expect alice wallet|cross|equity|available 12.5     expect alice position|margin|mode AAAUSDT 1     expect alice orders|triggers 2
/// expect fund wallet 5 | fund position AAAUSDT 1 | deficit -5 | fees AAAUSDT 1 | dust AAAUSDT 1
/// </code>
/// </summary>
public sealed class ScenarioTable(TestExchange x)
{
    private string[] _words = [];
    private int _at;

    /// <summary>Runs a table; a row that does not come out as it says is named.</summary>
    public static TestExchange Run(string table, string patch = "{}")
    {
        var x = new TestExchange(TestProfiles.Simple(patch));
        new ScenarioTable(x).Play(table);
        return x;
    }

    public void Play(string table)
    {
        int number = 0;
        foreach (string line in table.Split('\n'))
        {
            number++;
            string row = line.Split('#')[0].Trim();
            if (row.Length == 0) continue;
            string[] halves = row.Split("->", 2);
            _words = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _at = 0;
            try
            {
                string subject = Word();
                string actor = PlayRow(subject);
                if (_at < _words.Length) throw new FormatException($"what is \"{_words[_at]}\"?");
                if (halves.Length == 2) Check(actor, halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
                else if (subject is not ("expect" or "skip") && !x.LastRefusal.IsNone) throw new InvalidOperationException($"refused: {x.LastRefusal}");
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"row {number} \"{row}\": {e.Message}", e);
            }
        }
    }

    private string PlayRow(string subject)
    {
        switch (subject)
        {
            case "account":
                string name = Word();
                x.Account(name, Word(), After("maker"), After("taker"), Has("hedge"));
                return name;
            case "price":
                x.Price(Word(), Word());
                break;
            case "wait":
                x.Wait(Number());
                break;
            case "jump":
                x.Jump(Number());
                break;
            case "skip":
                x.Skip(Number());
                break;
            case "funding":
                x.Funding(Word(), Word());
                break;
            case "halt" or "resume":
                string symbol = Word();
                MarketStatus status = subject == "halt" ? MarketStatus.Halted : MarketStatus.Trading;
                x.ToMarket(symbol, new SetMarketStatus { Market = x.Spec(symbol).Id, Status = status });
                break;
            case "fund":
                Expect(Word(), "deposit");
                x.ToFund(new DepositToFund { Amount = Money() });
                break;
            case "expect":
                Expect();
                break;
            default:
                Act(subject, Word());
                return subject;
        }

        return "";
    }

    private void Act(string name, string verb)
    {
        switch (verb)
        {
            case "leverage":
                x.Do(name, new SetLeverage { Market = Market(), Leverage = (int)Number() });
                break;
            case "isolated" or "cross":
                x.Do(name, new SetMarginMode { Market = Market(), Mode = Mode(verb) });
                break;
            case "hedge" or "oneway":
                x.Do(name, new SetPositionMode { Hedge = verb == "hedge" });
                break;
            case "freeze" or "unfreeze":
                x.Do(name, new FreezeAccount { Frozen = verb == "freeze" });
                break;
            case "close":
                x.Do(name, new CloseAccount());
                break;
            case "deposit":
                x.Do(name, new Deposit { Amount = Money(), Asset = Asset() });
                break;
            case "withdraw":
                x.Do(name, new Withdraw { Amount = Money(), Asset = Asset() });
                break;
            case "buy" or "sell":
                x.Place(name, Order(verb));
                break;
            case "stop" or "stop-market" or "take-profit" or "take-profit-market" or "trailing":
                x.Place(name, Conditional(verb));
                break;
            case "add" or "remove":
                MarketId market = Market();
                Amount amount = Money();
                x.Do(name, new AdjustIsolatedMargin { Market = market, Amount = verb == "add" ? amount : -amount, PositionSide = Leg() });
                break;
            case "move":
                x.Do(name, new MovePosition { Market = Market(), Mode = Mode(Word()), PositionSide = Leg() });
                break;
            case "countdown":
                x.Do(name, new SetCountdown { Market = Market(), Milliseconds = Number() });
                break;
            default:
                Change(name, verb);
                break;
        }
    }

    private void Change(string name, string verb)
    {
        if (verb == "cancel-all")
        {
            x.Do(name, new CancelAllOrders { Scope = CancelScope.All });
            return;
        }

        ClientOrderId id = ClientId(Word());
        int order = x.State(name).Orders.Find(id);
        MarketId market = order >= 0 ? x.State(name).Orders[order].Market : new MarketId(1);
        switch (verb)
        {
            case "amend":
                string quantity = Word();
                Expect(Word(), "@");
                string symbol = x.Profile[market].Symbol;
                x.Do(name, new AmendOrder { Market = market, ClientOrderId = id, Quantity = x.Q(symbol, quantity), Price = x.P(symbol, Word()) });
                break;
            case "cancel":
                x.Do(name, new CancelOrder { Market = market, ClientOrderId = id });
                break;
            case "cancel-trigger":
                x.Do(name, new CancelTrigger { Market = new MarketId(1), ClientOrderId = id });
                break;
            default:
                throw new FormatException($"nobody can \"{verb}\"");
        }
    }

    private PlaceOrder Order(string verb)
    {
        string symbol = Word();
        string quantity = Word();
        Side side = verb == "buy" ? Side.Buy : Side.Sell;
        PlaceOrder order = Has("market") ? x.Market(symbol, side, quantity) : x.Limit(symbol, side, quantity, After("@")!);
        Options(ref order);
        return order;
    }

    private PlaceOrder Conditional(string verb)
    {
        Side side = Word() == "buy" ? Side.Buy : Side.Sell;
        string symbol = Word();
        string quantity = Word();
        OrderType type = verb switch
        {
            "stop" => OrderType.Stop,
            "stop-market" => OrderType.StopMarket,
            "take-profit" => OrderType.TakeProfit,
            "take-profit-market" => OrderType.TakeProfitMarket,
            _ => OrderType.TrailingStopMarket,
        };
        TriggerSource source = Has("last") ? TriggerSource.Last : TriggerSource.Mark;
        PlaceOrder order = x.Trigger(symbol, type, side, quantity, After("at") ?? "0", After("@"), source);
        if (After("callback") is { } callback) order.CallbackRate = new Rate(TestExchange.Money(callback).E8);
        Options(ref order);
        return order;
    }

    private void Options(ref PlaceOrder order)
    {
        foreach (TimeInForce tif in (ReadOnlySpan<TimeInForce>)[TimeInForce.Gtc, TimeInForce.Ioc, TimeInForce.Fok, TimeInForce.Gtx])
        {
            if (Has(tif.ToString().ToLowerInvariant())) order.TimeInForce = tif;
        }

        if (After("gtd") is { } life)
        {
            order.TimeInForce = TimeInForce.Gtd;
            order.GoodTill = x.Now.AddMilliseconds(long.Parse(life, CultureInfo.InvariantCulture));
        }

        if (Has("reduce")) order.Flags |= OrderFlags.ReduceOnly;
        order.PositionSide = Leg();
        if (After("as") is { } id) order.ClientOrderId = ClientId(id);
        order.SelfTradePrevention = After("stp") switch
        {
            "taker" => SelfTradePrevention.ExpireTaker,
            "maker" => SelfTradePrevention.ExpireMaker,
            "both" => SelfTradePrevention.ExpireBoth,
            _ => SelfTradePrevention.None,
        };
    }

    private void Expect()
    {
        string name = Word();
        string what = name is "deficit" or "fees" or "dust" ? name : Word();
        string actual = (name, what) switch
        {
            ("deficit", _) => x.Deficit,
            ("fees", _) => x.Fees(Word()),
            ("dust", _) => x.Actors.View(Market()).Dust.ToString(),
            ("fund", "wallet") => x.FundWallet,
            ("fund", "position") => x.FundPosition(Word()),
            (_, "wallet") => x.Wallet(name),
            (_, "cross") => x.CrossWallet(name),
            (_, "equity") => x.Equity(name),
            (_, "available") => x.Available(name),
            (_, "position") => x.Position(name, Word(), Leg()),
            (_, "margin") => x.Leg(name, Word(), Leg()).IsolatedWallet.ToString(),
            (_, "mode") => x.Leg(name, Word(), Leg()).Mode.ToString(),
            (_, "orders") => x.State(name).Orders.Count.ToString(CultureInfo.InvariantCulture),
            (_, "triggers") => (x.State(name).Triggers?.Count ?? 0).ToString(CultureInfo.InvariantCulture),
            _ => throw new FormatException($"nobody has a \"{what}\""),
        };
        string expected = Word();
        if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase)) throw new InvalidOperationException($"it is {actual}");
    }

    private void Check(string actor, string[] outcome)
    {
        string actual = outcome[0] switch
        {
            "accepted" => x.LastRefusal.IsNone ? "accepted" : $"refused {x.LastRefusal}",
            "refused" when outcome.Length == 2 => $"refused {x.LastRefusal.Reason}",
            "refused" => $"refused {x.LastRefusal.Reason} {x.LastRefusal.Limit} {x.LastRefusal.Actual}",
            "filled" => Filled(actor),
            "ended" => Ended(actor),
            "nothing" => x.Events.Exists(e => e.Kind is EventKind.OrderFilled or EventKind.OrderEnded) ? "something" : "nothing",
            _ => throw new FormatException($"what is \"{outcome[0]}\"?"),
        };
        string expected = string.Join(' ', outcome);
        if (actual != expected) throw new InvalidOperationException($"it was {actual}");
    }

    /// <summary>What the account's fills of the last command add up to; the price of the last one.</summary>
    private string Filled(string actor)
    {
        Quantity sum = Quantity.Zero;
        Event last = default;
        foreach (Event e in x.Events)
        {
            if (e.Kind != EventKind.OrderFilled || e.Account != x.Id(actor)) continue;
            sum += e.Body<OrderFilled>().Quantity;
            last = e;
        }

        if (sum.IsZero) return "not filled";
        MarketSpec spec = x.Profile[last.Market];
        return $"filled {spec.Format(sum)} @ {spec.Format(last.Body<OrderFilled>().Price)}";
    }

    private string Ended(string actor)
    {
        string text = "not ended";
        foreach (Event e in x.Events)
        {
            if (actor.Length > 0 && e.Account != x.Id(actor)) continue;
            if (e.Kind == EventKind.OrderEnded) text = $"ended {e.Body<OrderEnded>().Status} {e.Body<OrderEnded>().Reason}";
        }

        return text;
    }

    private string Word() => _at < _words.Length ? _words[_at++] : throw new FormatException("something is missing");

    private long Number() => long.Parse(Word(), CultureInfo.InvariantCulture);

    private Amount Money() => TestExchange.Money(Word());

    private MarketId Market() => x.Spec(Word()).Id;

    private static MarginMode Mode(string word) => word == "isolated" ? MarginMode.Isolated : MarginMode.Cross;

    private AssetId Asset() => After("asset") is { } asset ? new AssetId(int.Parse(asset, CultureInfo.InvariantCulture)) : AssetId.Settlement;

    private PositionSide Leg() => Has("long") ? PositionSide.Long : Has("short") ? PositionSide.Short : PositionSide.Both;

    private static ClientOrderId ClientId(string text) => ClientOrderId.TryParse(text, out ClientOrderId id) ? id : throw new FormatException(text);

    private static void Expect(string word, string wanted)
    {
        if (word != wanted) throw new FormatException($"\"{word}\" stands where \"{wanted}\" should");
    }

    /// <summary>Takes an option word out of the rest of the row.</summary>
    private bool Has(string option)
    {
        int i = Array.IndexOf(_words, option, _at);
        if (i < 0) return false;
        _words = [.. _words[..i], .. _words[(i + 1)..]];
        return true;
    }

    /// <summary>Takes an option and the word behind it out of the rest of the row.</summary>
    private string? After(string option)
    {
        int i = Array.IndexOf(_words, option, _at);
        if (i < 0 || i + 1 >= _words.Length) return null;
        string value = _words[i + 1];
        _words = [.. _words[..i], .. _words[(i + 2)..]];
        return value;
    }
}
