using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Wire;

/// <summary>Snapshots of accounts as bytes, between machines and in records. The fields in order, without tags.</summary>
public static class AccountCodec
{
    public static void Write(AccountSnapshot x, StateWriter writer)
    {
        writer.WriteVar(x.Id.Value);
        writer.WriteVar(x.Sequence);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteBool(x.IsHedge);
        writer.WriteVar(x.MakerFee.E8);
        writer.WriteVar(x.TakerFee.E8);
        writer.WriteBool(x.IsFrozen);
        writer.WriteBool(x.IsClosed);
        writer.WriteBool(x.InLiquidation);
        writer.WriteVar(x.CrossWallet.E8);
        writer.WriteVar(x.CrossEquity.E8);
        writer.WriteVar(x.CrossUnrealizedProfit.E8);
        writer.WriteVar(x.CrossMaintenance.E8);
        writer.WriteVar(x.CrossInitial.E8);
        writer.WriteVar(x.OrderInitial.E8);
        writer.WriteVar(x.Available.E8);
        writer.WriteVar(x.Withdrawable.E8);
        writer.WriteVar(x.UpdatedAt.Milliseconds);
        writer.WriteList(x.Balances, Write);
        writer.WriteList(x.Legs, Write);
        writer.WriteList(x.Markets, Write);
        writer.WriteList(x.Orders, Write);
        writer.WriteList(x.Triggers, Write);
    }

    public static AccountSnapshot ReadAccount(StateReader reader) => new()
    {
        Id = new AccountId(reader.ReadVarInt()),
        Sequence = reader.ReadVar(),
        Time = new Timestamp(reader.ReadVar()),
        IsHedge = reader.ReadBool(),
        MakerFee = new Rate(reader.ReadVar()),
        TakerFee = new Rate(reader.ReadVar()),
        IsFrozen = reader.ReadBool(),
        IsClosed = reader.ReadBool(),
        InLiquidation = reader.ReadBool(),
        CrossWallet = new Amount(reader.ReadVar()),
        CrossEquity = new Amount(reader.ReadVar()),
        CrossUnrealizedProfit = new Amount(reader.ReadVar()),
        CrossMaintenance = new Amount(reader.ReadVar()),
        CrossInitial = new Amount(reader.ReadVar()),
        OrderInitial = new Amount(reader.ReadVar()),
        Available = new Amount(reader.ReadVar()),
        Withdrawable = new Amount(reader.ReadVar()),
        UpdatedAt = new Timestamp(reader.ReadVar()),
        Balances = reader.ReadList(ReadAssetBalance),
        Legs = reader.ReadList(ReadLegSnapshot),
        Markets = reader.ReadList(ReadMarketSettings),
        Orders = reader.ReadList(ReadOpenOrderSnapshot),
        Triggers = reader.ReadList(ReadOpenTriggerSnapshot),
    };

    public static void Write(AssetBalance x, StateWriter writer)
    {
        writer.WriteVar(x.Asset.Value);
        writer.WriteVar(x.Wallet.E8);
        writer.WriteVar(x.Collateral.E8);
    }

    public static AssetBalance ReadAssetBalance(StateReader reader) => new(
        new AssetId(reader.ReadVarInt()), new Amount(reader.ReadVar()), new Amount(reader.ReadVar()));

    public static void Write(MarketSettings x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar(x.Leverage);
        writer.WriteVar((int)x.Mode);
    }

    public static MarketSettings ReadMarketSettings(StateReader reader) => new(
        new MarketId(reader.ReadVarInt()), reader.ReadVarInt(), (MarginMode)reader.ReadVarInt());

    public static void Write(LegSnapshot x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar((int)x.Side);
        writer.WriteVar((int)x.Mode);
        writer.WriteVar(x.Leverage);
        writer.WriteVar(x.Quantity.Lots);
        writer.WriteVar(x.OpenCost.E8);
        writer.WriteVar(x.IsolatedWallet.E8);
        writer.WriteVar(x.Mark.Units);
        writer.WriteVar(x.Notional.E8);
        writer.WriteVar(x.UnrealizedProfit.E8);
        writer.WriteVar(x.PositionInitial.E8);
        writer.WriteVar(x.OrderInitial.E8);
        writer.WriteVar(x.Maintenance.E8);
        writer.WriteVar(x.LiquidationPrice.Units);
        writer.WriteVar(x.DeleverageQuantile);
        writer.WriteVar(x.UpdatedAt.Milliseconds);
    }

    public static LegSnapshot ReadLegSnapshot(StateReader reader) => new()
    {
        Market = new MarketId(reader.ReadVarInt()),
        Side = (PositionSide)reader.ReadVarInt(),
        Mode = (MarginMode)reader.ReadVarInt(),
        Leverage = reader.ReadVarInt(),
        Quantity = new Quantity(reader.ReadVar()),
        OpenCost = new Amount(reader.ReadVar()),
        IsolatedWallet = new Amount(reader.ReadVar()),
        Mark = new Price(reader.ReadVar()),
        Notional = new Amount(reader.ReadVar()),
        UnrealizedProfit = new Amount(reader.ReadVar()),
        PositionInitial = new Amount(reader.ReadVar()),
        OrderInitial = new Amount(reader.ReadVar()),
        Maintenance = new Amount(reader.ReadVar()),
        LiquidationPrice = new Price(reader.ReadVar()),
        DeleverageQuantile = reader.ReadVarInt(),
        UpdatedAt = new Timestamp(reader.ReadVar()),
    };

    public static void Write(OpenOrderSnapshot x, StateWriter writer)
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
        writer.WriteVar(x.Id.Value);
        writer.WriteVar(x.Algo.Value);
        writer.WriteVar((int)x.SelfTradePrevention);
        writer.WriteVar(x.Leaves.Lots);
        writer.WriteVar(x.FilledQuote.E8);
        writer.WriteVar(x.CreatedAt.Milliseconds);
        writer.WriteVar(x.UpdatedAt.Milliseconds);
        writer.WriteName(x.ClientOrderId);
    }

    public static OpenOrderSnapshot ReadOpenOrderSnapshot(StateReader reader) => new()
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
        Id = new OrderId(reader.ReadVar()),
        Algo = new AlgoId(reader.ReadVar()),
        SelfTradePrevention = (SelfTradePrevention)reader.ReadVarInt(),
        Leaves = new Quantity(reader.ReadVar()),
        FilledQuote = new Amount(reader.ReadVar()),
        CreatedAt = new Timestamp(reader.ReadVar()),
        UpdatedAt = new Timestamp(reader.ReadVar()),
        ClientOrderId = reader.ReadName(),
    };

    public static void Write(OpenTriggerSnapshot x, StateWriter writer)
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
        writer.WriteVar(x.Id.Value);
        writer.WriteVar((int)x.SelfTradePrevention);
        writer.WriteVar(x.CreatedAt.Milliseconds);
        writer.WriteName(x.ClientOrderId);
    }

    public static OpenTriggerSnapshot ReadOpenTriggerSnapshot(StateReader reader) => new()
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
        Id = new AlgoId(reader.ReadVar()),
        SelfTradePrevention = (SelfTradePrevention)reader.ReadVarInt(),
        CreatedAt = new Timestamp(reader.ReadVar()),
        ClientOrderId = reader.ReadName(),
    };
}
