using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Wire;

/// <summary>Snapshots of markets and of the fund as bytes, between machines and in records. The fields in order, without tags.</summary>
public static class MarketCodec
{
    public static void Write(MarketSnapshot x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar(x.Sequence);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar((int)x.Status);
        writer.WriteVar((int)x.Pause);
        writer.WriteVar(x.Index.Units);
        writer.WriteVar(x.Mark.Units);
        writer.WriteVar(x.Last.Units);
        writer.WriteVar(x.OpenInterest.Lots);
        writer.WriteVar(x.LastFundingRate.E8);
        writer.WriteVar(x.FundingEstimate.E8);
        writer.WriteVar(x.NextFundingTime.Milliseconds);
        writer.WriteVar(x.HouseQuantity.Lots);
        writer.WriteVar(x.HouseWallet.E8);
        writer.WriteVar(x.Fees.E8);
        writer.WriteVar(x.HouseOpenCost.E8);
        writer.WriteVar(x.Dust.E8);
        Write(x.BestBid, writer);
        Write(x.BestAsk, writer);
        Write(x.Tiers, writer);
        Write(x.House, writer);
    }

    public static MarketSnapshot ReadMarket(StateReader reader) => new()
    {
        Market = new MarketId(reader.ReadVarInt()),
        Sequence = reader.ReadVar(),
        Time = new Timestamp(reader.ReadVar()),
        Status = (MarketStatus)reader.ReadVarInt(),
        Pause = (PauseReason)reader.ReadVarInt(),
        Index = new Price(reader.ReadVar()),
        Mark = new Price(reader.ReadVar()),
        Last = new Price(reader.ReadVar()),
        OpenInterest = new Quantity(reader.ReadVar()),
        LastFundingRate = new Rate(reader.ReadVar()),
        FundingEstimate = new Rate(reader.ReadVar()),
        NextFundingTime = new Timestamp(reader.ReadVar()),
        HouseQuantity = new Quantity(reader.ReadVar()),
        HouseWallet = new Amount(reader.ReadVar()),
        Fees = new Amount(reader.ReadVar()),
        HouseOpenCost = new Amount(reader.ReadVar()),
        Dust = new Amount(reader.ReadVar()),
        BestBid = ReadPriceLevel(reader),
        BestAsk = ReadPriceLevel(reader),
        Tiers = ReadTiers(reader),
        House = ReadHouseSpec(reader),
    };

    public static void Write(MarketDepth x, StateWriter writer)
    {
        writer.WriteVar(x.Sequence);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteList(x.Bids, Write);
        writer.WriteList(x.Asks, Write);
    }

    public static MarketDepth ReadDepth(StateReader reader) =>
        new(reader.ReadVar(), new Timestamp(reader.ReadVar()), reader.ReadList(ReadPriceLevel), reader.ReadList(ReadPriceLevel));

    public static void Write(FundSnapshot x, StateWriter writer)
    {
        writer.WriteVar(x.Sequence);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteVar(x.Wallet.E8);
        writer.WriteVar(x.Deficit.E8);
        writer.WriteList(x.Positions, Write);
    }

    public static FundSnapshot ReadFund(StateReader reader) => new(
        reader.ReadVar(), new Timestamp(reader.ReadVar()), new Amount(reader.ReadVar()), new Amount(reader.ReadVar()),
        reader.ReadList(ReadFundPositionSnapshot));

    public static void Write(TierTable x, StateWriter writer)
    {
        writer.WriteBool(x.IsFlat);
        writer.WriteVar(x.Cap.E8);
        writer.WriteList(x.Tiers.ToArray(), Write);
    }

    public static TierTable ReadTiers(StateReader reader)
    {
        bool isFlat = reader.ReadBool();
        var cap = new Amount(reader.ReadVar());
        Tier[] tiers = reader.ReadList(ReadTier);
        return tiers.Length > 0 ? new TierTable(tiers, isFlat, cap) : throw reader.Fault("there are no tiers");
    }

    public static void Write(Tier x, StateWriter writer)
    {
        writer.WriteVar(x.Floor.E8);
        writer.WriteVar(x.Rate.E8);
        writer.WriteVar(x.Deduction.E8);
        writer.WriteVar(x.MaxLeverage);
    }

    public static Tier ReadTier(StateReader reader) => new(
        new Amount(reader.ReadVar()), new Rate(reader.ReadVar()), new Amount(reader.ReadVar()), reader.ReadVarInt());

    public static void Write(PriceLevel x, StateWriter writer)
    {
        writer.WriteVar(x.Price.Units);
        writer.WriteVar(x.Quantity.Lots);
    }

    public static PriceLevel ReadPriceLevel(StateReader reader) => new(
        new Price(reader.ReadVar()), new Quantity(reader.ReadVar()));

    public static void Write(FundPositionSnapshot x, StateWriter writer)
    {
        writer.WriteVar(x.Market.Value);
        writer.WriteVar(x.Quantity.Lots);
        writer.WriteVar(x.OpenCost.E8);
        writer.WriteVar(x.Mark.Units);
        writer.WriteVar(x.UnrealizedProfit.E8);
    }

    public static FundPositionSnapshot ReadFundPositionSnapshot(StateReader reader) => new(
        new MarketId(reader.ReadVarInt()), new Quantity(reader.ReadVar()), new Amount(reader.ReadVar()), new Price(reader.ReadVar()),
        new Amount(reader.ReadVar()));

    public static void Write(HouseSpec x, StateWriter writer)
    {
        writer.WriteBool(x.Enabled);
        writer.WriteVar(x.Levels);
        writer.WriteVar(x.HalfSpread.E8);
        writer.WriteVar(x.LevelStep.E8);
        writer.WriteVar(x.DepthNotional.E8);
        writer.WriteVar(x.VolumeShare.E8);
        writer.WriteVar(x.LevelGrowth.E8);
        writer.WriteVar(x.RefillMilliseconds);
    }

    public static HouseSpec ReadHouseSpec(StateReader reader) => new()
    {
        Enabled = reader.ReadBool(),
        Levels = reader.ReadVarInt(),
        HalfSpread = new Rate(reader.ReadVar()),
        LevelStep = new Rate(reader.ReadVar()),
        DepthNotional = new Amount(reader.ReadVar()),
        VolumeShare = new Rate(reader.ReadVar()),
        LevelGrowth = new Rate(reader.ReadVar()),
        RefillMilliseconds = reader.ReadVar(),
    };
}
