using System.Text.Unicode;

namespace CrossMargin.Load.Generator;

/// <summary>
/// What one account sends, in order and over again: far limit orders and their cancels, orders in the middle of the market that cross
/// those of the other group, and market orders. Makers leave theirs in the book and then take away what is left; takers send IOC.
/// Buys and sells take turns, so positions stay small.
/// </summary>
internal sealed class OrderScript
{
    private static readonly Step[] s_maker =
    [
        Step.FarBid, Step.Cancel, Step.MiddleBid, Step.Cancel, Step.FarAsk, Step.Cancel,
        Step.MiddleAsk, Step.Cancel, Step.MarketBuy, Step.FarBid, Step.Cancel, Step.MarketSell,
    ];

    private static readonly Step[] s_taker =
    [
        Step.FarAsk, Step.Cancel, Step.TakeSell, Step.FarBid, Step.Cancel, Step.MarketSell,
        Step.FarAsk, Step.Cancel, Step.TakeBuy, Step.FarBid, Step.Cancel, Step.MarketBuy,
    ];

    private readonly SignedRequest _request;
    private readonly MarketTerms _market;
    private readonly Step[] _steps;
    private readonly TimeProvider _time;
    private readonly string _prefix;
    private int _step;
    private long _order;

    public OrderScript(string host, ApiKey key, MarketTerms market, bool isMaker, string run, TimeProvider time)
    {
        _request = new SignedRequest(host, key);
        _market = market;
        _steps = isMaker ? s_maker : s_taker;
        _time = time;
        _prefix = "x-cvBPrNm9" + run;
    }

    private enum Step
    {
        FarBid,
        FarAsk,
        MiddleBid,
        MiddleAsk,
        TakeBuy,
        TakeSell,
        MarketBuy,
        MarketSell,
        Cancel,
    }

    /// <summary>The next request, signed now; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        Step step = _steps[_step];
        _step = (_step + 1) % _steps.Length;
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        Span<byte> to = _request.Parameters;
        if (step == Step.Cancel)
        {
            Utf8.TryWrite(to, $"symbol={_market.Symbol}&origClientOrderId={_prefix}{_order}", out int cancel);
            return _request.Sign("DELETE /fapi/v1/order", cancel, now, inBody: false);
        }

        _order++;
        string side = step is Step.FarBid or Step.MiddleBid or Step.TakeBuy or Step.MarketBuy ? "BUY" : "SELL";
        int length;
        if (step is Step.MarketBuy or Step.MarketSell)
        {
            Utf8.TryWrite(
                to,
                $"symbol={_market.Symbol}&side={side}&newClientOrderId={_prefix}{_order}&newOrderRespType=RESULT&type=MARKET&quantity={_market.Quantity}",
                out length);
        }
        else
        {
            string force = step is Step.TakeBuy or Step.TakeSell ? "IOC" : "GTC";
            string price = step switch
            {
                Step.FarBid => _market.FarBid,
                Step.FarAsk => _market.FarAsk,
                _ => _market.Middle,
            };
            Utf8.TryWrite(
                to,
                $"symbol={_market.Symbol}&side={side}&newClientOrderId={_prefix}{_order}&newOrderRespType=RESULT"
                + $"&type=LIMIT&quantity={_market.Quantity}&price={price}&timeInForce={force}",
                out length);
        }

        return _request.Sign("POST /fapi/v1/order", length, now, inBody: true);
    }
}
