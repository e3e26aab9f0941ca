using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.InsuranceFund;

/// <summary>A position the fund has taken over, and what it has promised to take but not yet received.</summary>
public struct FundPosition
{
    public Quantity Quantity;
    public Amount OpenCost;

    /// <summary>Signed lots of accepted takeovers that are still on their way through the market.</summary>
    public Quantity Promised;

    /// <summary>Signed price × quantity of what is promised.</summary>
    public Amount PromisedCost;

    /// <summary>The order that is unwinding it, or none.</summary>
    public OrderId Order;

    /// <summary>A deleveraging round of the fund's own position is under way.</summary>
    public bool Deleveraging;
}

/// <summary>Everything the insurance fund owns, with the deficit and the conversion accounts that lie beside it.</summary>
public sealed class FundState(VenueProfile profile)
{
    private readonly FundPosition[] _positions = new FundPosition[profile.Markets.Count];
    private readonly Amount[] _conversion = new Amount[MaxAsset(profile) + 1];

    /// <summary>≥ 0 always; the profile says what it starts with, which invariant 1 counts as a deposit.</summary>
    public Amount Wallet { get; set; } = profile.Fund.InitialBalance;

    /// <summary>≤ 0: losses the wallet could not bear; repaid first from later income.</summary>
    public Amount Deficit { get; set; }

    public long LastOrderId { get; set; }
    public long LastRunId { get; set; }
    public Timestamp NextUnwind { get; set; }

    /// <summary>Conversion account by asset: sold collateral, and (negative) what was paid for it in the settlement asset.</summary>
    public ReadOnlySpan<Amount> Conversion => _conversion;

    public ReadOnlySpan<FundPosition> Positions => _positions;

    public ref FundPosition Position(MarketId market) => ref _positions[market.Value - 1];

    public void AddConversion(AssetId asset, Amount change) => _conversion[asset.Value] += change;

    /// <summary>Wallet plus unrealized profit at the marks, promised positions included; markets without a mark hold no position.</summary>
    public Amount Equity(VenueProfile venue, ReadOnlySpan<Price> marks)
    {
        Amount sum = Wallet;
        for (int i = 0; i < _positions.Length; i++)
        {
            ref readonly FundPosition p = ref _positions[i];
            if (!p.Quantity.IsZero) sum += LegMath.UnrealizedProfit(venue.Markets[i], p.Quantity, p.OpenCost, marks[i]);
            if (!p.Promised.IsZero) sum += LegMath.UnrealizedProfit(venue.Markets[i], p.Promised, p.PromisedCost, marks[i]);
        }

        return sum;
    }

    /// <summary>Gross notional of all positions, promised ones included, at the marks.</summary>
    public Amount Inventory(VenueProfile venue, ReadOnlySpan<Price> marks)
    {
        Amount sum = Amount.Zero;
        for (int i = 0; i < _positions.Length; i++)
        {
            Quantity held = _positions[i].Quantity + _positions[i].Promised;
            if (!held.IsZero) sum += LegMath.Notional(venue.Markets[i], held, marks[i]);
        }

        return sum;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteAmount(Wallet);
        writer.WriteAmount(Deficit);
        writer.WriteInt64(LastOrderId);
        writer.WriteInt64(LastRunId);
        writer.WriteTimestamp(NextUnwind);
        foreach (Amount amount in _conversion) writer.WriteAmount(amount);
        foreach (ref readonly FundPosition p in _positions.AsSpan())
        {
            writer.WriteQuantity(p.Quantity);
            writer.WriteAmount(p.OpenCost);
            writer.WriteQuantity(p.Promised);
            writer.WriteAmount(p.PromisedCost);
            writer.WriteInt64(p.Order.Value);
            writer.WriteBool(p.Deleveraging);
        }
    }

    public void Read(StateReader reader)
    {
        Wallet = reader.ReadAmount();
        Deficit = reader.ReadAmount();
        LastOrderId = reader.ReadInt64();
        LastRunId = reader.ReadInt64();
        NextUnwind = reader.ReadTimestamp();
        for (int i = 0; i < _conversion.Length; i++) _conversion[i] = reader.ReadAmount();
        foreach (ref FundPosition p in _positions.AsSpan())
        {
            p.Quantity = reader.ReadQuantity();
            p.OpenCost = reader.ReadAmount();
            p.Promised = reader.ReadQuantity();
            p.PromisedCost = reader.ReadAmount();
            p.Order = new OrderId(reader.ReadInt64());
            p.Deleveraging = reader.ReadBool();
        }
    }

    private static int MaxAsset(VenueProfile venue)
    {
        int max = 0;
        for (int i = 0; i < venue.Collateral.Assets.Count; i++) max = Math.Max(max, venue.Collateral.Assets[i].Id.Value);
        return max;
    }
}
