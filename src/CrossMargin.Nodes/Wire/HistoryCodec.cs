using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Wire;

/// <summary>Rows of history as bytes, between machines and in records. The fields in order, without tags.</summary>
public static class HistoryCodec
{
    public static void Write(OrderRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar((int)x.Side);
        writer.WriteVar((int)x.PositionSide);
        writer.WriteVar((int)x.Type);
        writer.WriteVar((int)x.TimeInForce);
        writer.WriteVar((int)x.Flags);
        writer.WriteVar(x.Price.Units);
        writer.WriteVar(x.Quantity.Lots);
        writer.WriteVar(x.GoodTill.Milliseconds);
        writer.WriteVar(x.Id);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Order.Value);
        writer.WriteVar((int)x.SelfTradePrevention);
        writer.WriteVar(x.Filled.Lots);
        writer.WriteVar(x.FilledQuote.E8);
        writer.WriteVar((int)x.Status);
        writer.WriteVar((int)x.Reason);
        writer.WriteVar(x.Changed.Milliseconds);
        writer.WriteString(x.ClientOrderId);
        writer.WriteVar(x.Algo.Value);
        writer.WriteVar(x.Liquidation.Value);
    }

    public static OrderRecord ReadOrderRecord(StateReader reader) => new()
    {
        Market = new MarketId(reader.ReadVarInt()),
        Side = (Side)reader.ReadVarInt(),
        PositionSide = (PositionSide)reader.ReadVarInt(),
        Type = (OrderType)reader.ReadVarInt(),
        TimeInForce = (TimeInForce)reader.ReadVarInt(),
        Flags = (OrderFlags)reader.ReadVarInt(),
        Price = new Price(reader.ReadVar()),
        Quantity = new Quantity(reader.ReadVar()),
        GoodTill = new Timestamp(reader.ReadVar()),
        Id = reader.ReadVar(),
        Time = new Timestamp(reader.ReadVar()),
        Order = new OrderId(reader.ReadVar()),
        SelfTradePrevention = (SelfTradePrevention)reader.ReadVarInt(),
        Filled = new Quantity(reader.ReadVar()),
        FilledQuote = new Amount(reader.ReadVar()),
        Status = (OrderStatus)reader.ReadVarInt(),
        Reason = (CancelReason)reader.ReadVarInt(),
        Changed = new Timestamp(reader.ReadVar()),
        ClientOrderId = reader.ReadString(),
        Algo = new AlgoId(reader.ReadVar()),
        Liquidation = new LiquidationId(reader.ReadVar()),
    };

    public static void Write(TriggerRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar((int)x.Side);
        writer.WriteVar((int)x.PositionSide);
        writer.WriteVar((int)x.Type);
        writer.WriteVar((int)x.TimeInForce);
        writer.WriteVar((int)x.Flags);
        writer.WriteVar(x.Price.Units);
        writer.WriteVar(x.Quantity.Lots);
        writer.WriteVar(x.GoodTill.Milliseconds);
        writer.WriteVar((int)x.TriggerSource);
        writer.WriteVar(x.TriggerPrice.Units);
        writer.WriteVar(x.ActivationPrice.Units);
        writer.WriteVar(x.CallbackRate.E8);
        writer.WriteVar(x.Id);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Algo.Value);
        writer.WriteVar(x.Order.Value);
        writer.WriteVar((int)x.Status);
        writer.WriteVar((int)x.Reason);
        writer.WriteVar((int)x.Refusal.Reason);
        writer.WriteVar(x.Refusal.Limit);
        writer.WriteVar(x.Refusal.Actual);
        writer.WriteVar(x.Ended.Milliseconds);
        writer.WriteString(x.ClientOrderId);
    }

    public static TriggerRecord ReadTriggerRecord(StateReader reader) => new()
    {
        Market = new MarketId(reader.ReadVarInt()),
        Side = (Side)reader.ReadVarInt(),
        PositionSide = (PositionSide)reader.ReadVarInt(),
        Type = (OrderType)reader.ReadVarInt(),
        TimeInForce = (TimeInForce)reader.ReadVarInt(),
        Flags = (OrderFlags)reader.ReadVarInt(),
        Price = new Price(reader.ReadVar()),
        Quantity = new Quantity(reader.ReadVar()),
        GoodTill = new Timestamp(reader.ReadVar()),
        TriggerSource = (TriggerSource)reader.ReadVarInt(),
        TriggerPrice = new Price(reader.ReadVar()),
        ActivationPrice = new Price(reader.ReadVar()),
        CallbackRate = new Rate(reader.ReadVar()),
        Id = reader.ReadVar(),
        Time = new Timestamp(reader.ReadVar()),
        Algo = new AlgoId(reader.ReadVar()),
        Order = new OrderId(reader.ReadVar()),
        Status = (AlgoStatus)reader.ReadVarInt(),
        Reason = (CancelReason)reader.ReadVarInt(),
        Refusal = new Refusal((RejectReason)reader.ReadVarInt(), reader.ReadVar(), reader.ReadVar()),
        Ended = new Timestamp(reader.ReadVar()),
        ClientOrderId = reader.ReadString(),
    };

    public static void Write(FillRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Id);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Market.Value);
        writer.WriteVar(x.Trade.Value);
        writer.WriteVar(x.Order.Value);
        writer.WriteVar((int)x.Side);
        writer.WriteVar((int)x.PositionSide);
        writer.WriteVar((int)x.Kind);
        writer.WriteBool(x.IsMaker);
        writer.WriteVar(x.Price.Units);
        writer.WriteVar(x.Quantity.Lots);
        writer.WriteVar(x.Fee.E8);
        writer.WriteVar(x.RealizedProfit.E8);
        writer.WriteVar(x.Counterparty.Value);
        writer.WriteVar(x.Liquidation.Value);
    }

    public static FillRecord ReadFillRecord(StateReader reader) => new()
    {
        Id = reader.ReadVar(),
        Time = new Timestamp(reader.ReadVar()),
        Market = new MarketId(reader.ReadVarInt()),
        Trade = new TradeId(reader.ReadVar()),
        Order = new OrderId(reader.ReadVar()),
        Side = (Side)reader.ReadVarInt(),
        PositionSide = (PositionSide)reader.ReadVarInt(),
        Kind = (FillKind)reader.ReadVarInt(),
        IsMaker = reader.ReadBool(),
        Price = new Price(reader.ReadVar()),
        Quantity = new Quantity(reader.ReadVar()),
        Fee = new Amount(reader.ReadVar()),
        RealizedProfit = new Amount(reader.ReadVar()),
        Counterparty = new AccountId(reader.ReadVarInt()),
        Liquidation = new LiquidationId(reader.ReadVar()),
    };

    public static void Write(IncomeRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Id);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Market.Value);
        writer.WriteVar((int)x.Reason);
        writer.WriteVar(x.Asset.Value);
        writer.WriteVar(x.Income.E8);
        writer.WriteVar(x.Trade.Value);
        writer.WriteVar(x.Liquidation.Value);
    }

    public static IncomeRecord ReadIncomeRecord(StateReader reader) => new(
        reader.ReadVar(), new Timestamp(reader.ReadVar()), new MarketId(reader.ReadVarInt()), (BalanceReason)reader.ReadVarInt(),
        new AssetId(reader.ReadVarInt()), new Amount(reader.ReadVar()), new TradeId(reader.ReadVar()),
        new LiquidationId(reader.ReadVar()));

    public static void Write(MarginRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Id);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Market.Value);
        writer.WriteVar((int)x.Side);
        writer.WriteVar(x.Change.E8);
    }

    public static MarginRecord ReadMarginRecord(StateReader reader) => new(
        reader.ReadVar(), new Timestamp(reader.ReadVar()), new MarketId(reader.ReadVarInt()), (PositionSide)reader.ReadVarInt(),
        new Amount(reader.ReadVar()));

    public static void Write(EquityRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Wallet.E8);
        writer.WriteVar(x.Equity.E8);
    }

    public static EquityRecord ReadEquityRecord(StateReader reader) => new(
        new Timestamp(reader.ReadVar()), new Amount(reader.ReadVar()), new Amount(reader.ReadVar()));

    public static void Write(TradeRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Market.Value);
        writer.WriteVar(x.Trade.Value);
        writer.WriteVar(x.Price.Units);
        writer.WriteVar(x.Quantity.Lots);
        writer.WriteVar((int)x.TakerSide);
        writer.WriteVar(x.Buyer.Value);
        writer.WriteVar(x.Seller.Value);
        writer.WriteVar((int)x.Kind);
    }

    public static TradeRecord ReadTradeRecord(StateReader reader) => new(
        new Timestamp(reader.ReadVar()), new MarketId(reader.ReadVarInt()), new TradeId(reader.ReadVar()), new Price(reader.ReadVar()),
        new Quantity(reader.ReadVar()), (Side)reader.ReadVarInt(), new AccountId(reader.ReadVarInt()),
        new AccountId(reader.ReadVarInt()), (FillKind)reader.ReadVarInt());

    public static void Write(FundingRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar(x.FundingTime.Milliseconds);
        writer.WriteVar(x.Rate.E8);
        writer.WriteVar(x.Mark.Units);
        writer.WriteBool(x.Skipped);
    }

    public static FundingRecord ReadFundingRecord(StateReader reader) => new(
        new MarketId(reader.ReadVarInt()), new Timestamp(reader.ReadVar()), new Rate(reader.ReadVar()), new Price(reader.ReadVar()),
        reader.ReadBool());

    public static void Write(LiquidationRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Account.Value);
        writer.WriteVar(x.Liquidation.Value);
        writer.WriteVar(x.Market.Value);
        writer.WriteVar((int)x.Side);
        writer.WriteVar(x.Started.Milliseconds);
        writer.WriteVar(x.Ended.Milliseconds);
        writer.WriteVar(x.Equity.E8);
        writer.WriteVar(x.Maintenance.E8);
        writer.WriteVar(x.Notional.E8);
        writer.WriteVar((int)x.Outcome);
        writer.WriteVar(x.Fee.E8);
        writer.WriteVar(x.Leftover.E8);
        writer.WriteVar(x.Shortfall.E8);
        writer.WriteVar(x.BookNotional.E8);
        writer.WriteVar(x.FundNotional.E8);
        writer.WriteVar(x.DeleveragedNotional.E8);
    }

    public static LiquidationRecord ReadLiquidationRecord(StateReader reader) => new()
    {
        Account = new AccountId(reader.ReadVarInt()),
        Liquidation = new LiquidationId(reader.ReadVar()),
        Market = new MarketId(reader.ReadVarInt()),
        Side = (PositionSide)reader.ReadVarInt(),
        Started = new Timestamp(reader.ReadVar()),
        Ended = new Timestamp(reader.ReadVar()),
        Equity = new Amount(reader.ReadVar()),
        Maintenance = new Amount(reader.ReadVar()),
        Notional = new Amount(reader.ReadVar()),
        Outcome = (LiquidationOutcome)reader.ReadVarInt(),
        Fee = new Amount(reader.ReadVar()),
        Leftover = new Amount(reader.ReadVar()),
        Shortfall = new Amount(reader.ReadVar()),
        BookNotional = new Amount(reader.ReadVar()),
        FundNotional = new Amount(reader.ReadVar()),
        DeleveragedNotional = new Amount(reader.ReadVar()),
    };

    public static void Write(LiquidationStepRecord x, StateWriter writer)
    {
        writer.WriteVar(x.Id);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteString(x.Step);
        writer.WriteString(x.Explanation);
        writer.WriteList(x.Figures, static (pair, to) =>
        {
            to.WriteString(pair.Key);
            to.WriteString(pair.Value);
        });
    }

    public static LiquidationStepRecord ReadLiquidationStepRecord(StateReader reader) => new(
        reader.ReadVar(), new Timestamp(reader.ReadVar()), reader.ReadString(), reader.ReadString(),
        reader.ReadList(static from => KeyValuePair.Create(from.ReadString(), from.ReadString())));

    public static void Write(Kline x, StateWriter writer)
    {
        writer.WriteVar(x.OpenTime.Milliseconds);
        writer.WriteVar(x.Open.Units);
        writer.WriteVar(x.High.Units);
        writer.WriteVar(x.Low.Units);
        writer.WriteVar(x.Close.Units);
        writer.WriteVar(x.Volume.Lots);
        writer.WriteVar(x.Quote.E8);
        writer.WriteVar(x.Trades);
        writer.WriteVar(x.TakerBuyVolume.Lots);
        writer.WriteVar(x.TakerBuyQuote.E8);
        writer.WriteVar(x.FirstTrade);
        writer.WriteVar(x.LastTrade);
    }

    public static Kline ReadKline(StateReader reader) => new(
        new Timestamp(reader.ReadVar()), new Price(reader.ReadVar()), new Price(reader.ReadVar()), new Price(reader.ReadVar()),
        new Price(reader.ReadVar()), new Quantity(reader.ReadVar()), new Amount(reader.ReadVar()), reader.ReadVar(),
        new Quantity(reader.ReadVar()), new Amount(reader.ReadVar()), reader.ReadVar(), reader.ReadVar());
}
