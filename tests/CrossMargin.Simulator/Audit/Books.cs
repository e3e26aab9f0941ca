using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Simulator.Audit;

/// <summary>What is summed for invariants 1 and 2: Σ(wallet − open cost) by asset in 1e-8, lots by market.</summary>
internal sealed class Books(int assets, int markets)
{
    public Int128[] Amounts { get; } = new Int128[assets];
    public long[] Lots { get; } = new long[markets];

    public void Clear()
    {
        Array.Clear(Amounts);
        Array.Clear(Lots);
    }

    public void Add(Books other, int sign)
    {
        for (int i = 0; i < Amounts.Length; i++) Amounts[i] += sign * other.Amounts[i];
        for (int i = 0; i < Lots.Length; i++) Lots[i] += sign * other.Lots[i];
    }

    public void Add(in Message message, VenueProfile profile, int sign)
    {
        for (int i = 0; i < Amounts.Length; i++) Amounts[i] += sign * MessageFlow.AmountOf(message, profile, new AssetId(i));
        for (int i = 0; i < Lots.Length; i++) Lots[i] += sign * MessageFlow.QuantityOf(message, new MarketId(i + 1));
    }

    public bool Is(Books other) => Amounts.AsSpan().SequenceEqual(other.Amounts) && Lots.AsSpan().SequenceEqual(other.Lots);

    public void Take(AccountState state)
    {
        Clear();
        for (int i = 0; i < Amounts.Length; i++) Amounts[i] = state.Balance(new AssetId(i)).E8;
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            Amounts[0] -= leg.OpenCost.E8;
            Lots[leg.Market.Value - 1] += leg.Quantity.Lots;
        }
    }

    public void Take(FundState fund)
    {
        Clear();
        for (int i = 0; i < Amounts.Length; i++) Amounts[i] = fund.Conversion[i].E8;
        Amounts[0] += (Int128)fund.Wallet.E8 + fund.Deficit.E8;
        for (int i = 0; i < Lots.Length; i++)
        {
            Amounts[0] -= fund.Positions[i].OpenCost.E8;
            Lots[i] = fund.Positions[i].Quantity.Lots;
        }
    }

    public void Take(MarketView market)
    {
        Clear();
        Amounts[0] = (Int128)market.HouseWallet.E8 - market.HouseOpenCost.E8 + market.Fees.E8 + market.Dust.E8 + market.UnsentFunding;
        Lots[market.Spec.Id.Value - 1] = market.HouseQuantity.Lots;
    }
}
