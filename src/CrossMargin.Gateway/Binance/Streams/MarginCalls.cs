using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// Warns accounts whose stream is heard when a pool's maintenance margin is near its equity, at most once in a while a pool. Judged by
/// snapshots now and then, not at every price: a warning may come late or, in a crash, not before the liquidation.
/// </summary>
internal sealed class MarginCalls(IExchangeGateway exchange, MarketFormats formats, StreamOptions options, TimeProvider time)
{
    public async Task BeatAsync(IEnumerable<AccountStream> streams)
    {
        foreach (AccountStream stream in streams.Where(s => s.IsHeard && s.Ready.IsCompletedSuccessfully))
        {
            AccountSnapshot? account = await exchange.ReadAccountAsync(stream.Record.Account).ConfigureAwait(false);
            if (account is not null && Encode(stream, account) is { } json) stream.Publish(json);
        }
    }

    private byte[]? Encode(AccountStream stream, AccountSnapshot account)
    {
        LegSnapshot[] held = [.. account.Legs.Where(l => !l.Quantity.IsZero)];
        LegSnapshot[] cross = [.. held.Where(l => l.Mode == MarginMode.Cross)];
        bool crossNear = cross.Length > 0 && IsNear(account.CrossEquity, account.CrossMaintenance) && MayWarn(stream, (0,
            PositionSide.Both));
        LegSnapshot[] near =
        [
            .. crossNear ? cross : [],
            .. held.Where(l => l.Mode == MarginMode.Isolated && IsNear(l.IsolatedWallet + l.UnrealizedProfit, l.Maintenance)
                && MayWarn(stream, (l.Market.Value, l.Side))),
        ];
        if (near.Length == 0) return null;
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WriteString("e"u8, "MARGIN_CALL"u8);
        json.WriteNumber("E"u8, account.Time.Milliseconds);
        if (crossNear) json.WriteAmount("cw"u8, account.CrossWallet);
        json.WriteStartArray("p"u8);
        foreach (LegSnapshot leg in near)
        {
            MarketFormat m = formats[leg.Market];
            json.WriteStartObject();
            json.WriteString("s"u8, m.Symbol);
            json.WriteString("ps"u8, OrderWords.Of(leg.Side));
            m.Write(json, "pa"u8, leg.Quantity);
            json.WriteString("mt"u8, leg.Mode == MarginMode.Isolated ? "ISOLATED"u8 : "CROSSED"u8);
            json.WriteAmount("iw"u8, leg.IsolatedWallet);
            m.Write(json, "mp"u8, leg.Mark);
            json.WriteAmount("up"u8, leg.UnrealizedProfit);
            json.WriteAmount("mm"u8, leg.Maintenance);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return UserJson.End(json);
    }

    private bool IsNear(Amount equity, Amount maintenance) =>
        (Int128)maintenance.E8 * 100 >= (Int128)equity.E8 * options.MarginCallPercent;

    private bool MayWarn(AccountStream stream, (int Market, PositionSide Side) pool)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (stream.Warned.TryGetValue(pool, out DateTimeOffset last) && now - last < options.MarginCallPause) return false;
        stream.Warned[pool] = now;
        return true;
    }
}
