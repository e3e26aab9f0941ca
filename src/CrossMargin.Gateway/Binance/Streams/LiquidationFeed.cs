using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// Liquidation orders as others may see them: as at Binance the newest of each market and second. Events from one thread, beats from
/// another.
/// </summary>
internal sealed class LiquidationFeed(MarketFormats formats, TopicTable topics)
{
    // Orders of liquidations that may still be filled; they are IOC, so few and short-lived.
    private const int MostOpen = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(AccountId, OrderId), Amount> _open = [];
    private readonly SortedDictionary<int, byte[]> _newest = [];

    public void OnEvent(in Event e)
    {
        if (e.Kind == EventKind.OrderAccepted)
        {
            ref readonly OrderAccepted accepted = ref e.Body<OrderAccepted>();
            if (accepted.Liquidation.IsNone) return;
            if (_open.Count >= MostOpen) _open.Clear();
            _open[(e.Account, accepted.Order)] = Amount.Zero;
            return;
        }

        ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
        if (fill.Type != FillKind.Liquidation || fill.Order.IsNone || fill.IsMaker) return;
        MarketFormat market = formats[e.Market];
        Amount quote = _open.GetValueOrDefault((e.Account, fill.Order)) + market.Spec.Notional(fill.Price, fill.Quantity);
        if (fill.Leaves.IsZero) _open.Remove((e.Account, fill.Order));
        else _open[(e.Account, fill.Order)] = quote;
        if (!IsHeard(e.Market) && !IsHeard(MarketId.None)) return;
        byte[] json = Encode(market, e.Time, fill, quote);
        lock (_gate) _newest[e.Market.Value] = json;
    }

    /// <summary>Events were lost: which orders are open is not known any more. On the events' thread.</summary>
    public void Lose() => _open.Clear();

    public void Beat()
    {
        KeyValuePair<int, byte[]>[] due;
        lock (_gate)
        {
            if (_newest.Count == 0) return;
            due = [.. _newest];
            _newest.Clear();
        }

        foreach ((int market, byte[] json) in due)
        {
            foreach (StreamTopic stream in topics.Of(StreamKind.Liquidation, new MarketId(market))) stream.Topic.Publish(json);
            foreach (StreamTopic stream in topics.Of(StreamKind.Liquidation, MarketId.None)) stream.Topic.Publish(json);
        }
    }

    private static byte[] Encode(MarketFormat m, Timestamp time, in OrderFilled fill, Amount quote)
    {
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WriteString("e"u8, "forceOrder"u8);
        json.WriteNumber("E"u8, time.Milliseconds);
        json.WriteStartObject("o"u8);
        json.WriteString("s"u8, m.Symbol);
        json.WriteString("S"u8, fill.Side == Side.Buy ? "BUY"u8 : "SELL"u8);
        json.WriteString("o"u8, "LIMIT"u8);
        json.WriteString("f"u8, "IOC"u8);
        m.Write(json, "q"u8, fill.OrderQuantity);
        m.Write(json, "p"u8, fill.OrderPrice);
        m.WriteAverage(json, "ap"u8, quote, fill.Cumulative);
        json.WriteString("X"u8, fill.Leaves.IsZero ? "FILLED"u8 : "PARTIALLY_FILLED"u8);
        m.Write(json, "l"u8, fill.Quantity);
        m.Write(json, "z"u8, fill.Cumulative);
        json.WriteNumber("T"u8, time.Milliseconds);
        json.WriteEndObject();
        json.WriteEndObject();
        return EventJson.End();
    }

    private bool IsHeard(MarketId market)
    {
        foreach (StreamTopic stream in topics.Of(StreamKind.Liquidation, market))
        {
            if (stream.Topic.IsHeard) return true;
        }

        return false;
    }
}
