using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>Why balances and positions changed, in Binance's words.</summary>
internal enum UpdateReason
{
    None = 0,
    Order,
    Funding,
    Deposit,
    Withdraw,
    InsuranceClear,
    MarginTransfer,
    MarginTypeChange,
    AutoExchange,
}

/// <summary>What changed for one reason within one command: only the balances and positions that did. Reused; not thread-safe.</summary>
internal sealed class AccountUpdate(MarketFormats formats, long[] marks)
{
    private readonly SortedDictionary<int, Amount> _balances = [];
    private readonly SortedSet<(int Market, PositionSide Side)> _legs = [];

    public UpdateReason Reason { get; private set; }

    public IEnumerable<(int Market, PositionSide Side)> Legs => _legs;

    public static UpdateReason ReasonOf(BalanceReason reason) => reason switch
    {
        BalanceReason.Deposit => UpdateReason.Deposit,
        BalanceReason.Withdrawal => UpdateReason.Withdraw,
        BalanceReason.Funding => UpdateReason.Funding,
        BalanceReason.LiquidationFee or BalanceReason.InsuranceClear or BalanceReason.LiquidationLeftover => UpdateReason.InsuranceClear,
        BalanceReason.IsolatedMargin => UpdateReason.MarginTransfer,
        BalanceReason.CollateralSale => UpdateReason.AutoExchange,
        _ => UpdateReason.Order,
    };

    public void Begin(UpdateReason reason) => Reason = reason;

    /// <param name="change">Other than profit and fee.</param>
    public void Balance(AssetId asset, Amount change) => _balances[asset.Value] = _balances.GetValueOrDefault(asset.Value) + change;

    public void Leg(MarketId market, PositionSide side) => _legs.Add((market.Value, side));

    public byte[] Encode(AccountMirror account, Timestamp time)
    {
        Utf8JsonWriter json = UserJson.Begin("ACCOUNT_UPDATE"u8, time);
        json.WriteStartObject("a"u8);
        json.WriteString("m"u8, Word(Reason));
        json.WriteStartArray("B"u8);
        foreach ((int asset, Amount change) in _balances)
        {
            var id = new AssetId(asset);
            json.WriteStartObject();
            json.WriteString("a"u8, formats.AssetName(id));
            json.WriteAmount("wb"u8, account.Wallet(id));
            json.WriteAmount("cw"u8, account.CrossWallet(id));
            json.WriteAmount("bc"u8, change);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("P"u8);
        foreach ((int market, PositionSide side) in _legs) WriteLeg(json, formats[new MarketId(market)], side, account);
        json.WriteEndArray();
        json.WriteEndObject();
        return UserJson.End(json);
    }

    public void Clear()
    {
        Reason = UpdateReason.None;
        _balances.Clear();
        _legs.Clear();
    }

    /// <summary>Quantity at the mark less what it cost; 0 before the first mark.</summary>
    public static Amount Unrealized(MarketSpec spec, LegMirror leg, long mark) =>
        mark == 0 ? Amount.Zero : spec.Notional(new Price(mark), leg.Quantity) - leg.OpenCost;

    private static ReadOnlySpan<byte> Word(UpdateReason reason) => reason switch
    {
        UpdateReason.Funding => "FUNDING_FEE"u8,
        UpdateReason.Deposit => "DEPOSIT"u8,
        UpdateReason.Withdraw => "WITHDRAW"u8,
        UpdateReason.InsuranceClear => "INSURANCE_CLEAR"u8,
        UpdateReason.MarginTransfer => "MARGIN_TRANSFER"u8,
        UpdateReason.MarginTypeChange => "MARGIN_TYPE_CHANGE"u8,
        UpdateReason.AutoExchange => "AUTO_EXCHANGE"u8,
        _ => "ORDER"u8,
    };

    private void WriteLeg(Utf8JsonWriter json, MarketFormat m, PositionSide side, AccountMirror account)
    {
        LegMirror leg = account.Leg(m.Id, side);
        json.WriteStartObject();
        json.WriteString("s"u8, m.Symbol);
        m.Write(json, "pa"u8, leg.Quantity);
        m.WriteAverage(json, "ep"u8, leg.OpenCost, leg.Quantity);
        Int128 even = leg.Quantity.IsZero ? 0 : m.BreakEven(leg.OpenCost, leg.Quantity, account.TakerFee);
        json.WriteDecimal("bep"u8, even, m.AverageDecimals, leg.Quantity.IsZero ? 0 : m.Spec.PriceDecimals);
        json.WriteAmount("cr"u8, leg.Realized);
        json.WriteAmount("up"u8, Unrealized(m.Spec, leg, Volatile.Read(ref marks[m.Id.Value - 1])));
        json.WriteString("mt"u8, leg.Mode == MarginMode.Isolated ? "isolated"u8 : "cross"u8);
        json.WriteAmount("iw"u8, leg.IsolatedWallet);
        json.WriteString("ps"u8, OrderWords.Of(side));
        json.WriteString("ma"u8, formats.Settlement);
        json.WriteEndObject();
    }
}
