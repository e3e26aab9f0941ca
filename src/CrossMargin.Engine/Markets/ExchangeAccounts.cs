using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// The accounts of the exchange itself in one market: the house's position and wallet, collected fees, and rounding dust. No message
/// moves them; they change in the step that trades or settles.
/// </summary>
public sealed class ExchangeAccounts(MarketSpec spec)
{
    private Quantity _houseQuantity;
    private Amount _houseOpenCost;

    /// <summary>Signed position of the house; it has no margin and is never liquidated.</summary>
    public Quantity HouseQuantity => _houseQuantity;
    public Amount HouseOpenCost => _houseOpenCost;

    /// <summary>Realized profit and funding of the house; may be negative.</summary>
    public Amount HouseWallet { get; private set; }

    /// <summary>Trading fees less rebates.</summary>
    public Amount Fees { get; private set; }

    /// <summary>What rounding left over, ≥ 0.</summary>
    public Amount Dust { get; private set; }

    public void FillHouse(Side side, Quantity quantity, Price price) =>
        HouseWallet += LegMath.ApplyFill(spec, ref _houseQuantity, ref _houseOpenCost, side, quantity, price);

    /// <summary>The house's funding: positive is received.</summary>
    public void PayHouse(Amount amount) => HouseWallet += amount;

    public void CreditFee(Amount fee) => Fees += fee;

    /// <summary>Takes a settlement's rounding difference, ≥ 0.</summary>
    public void CreditDust(Amount dust)
    {
        InvariantViolation.Check(!dust.IsNegative, "1: rounding must not create money");
        Dust += dust;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteQuantity(_houseQuantity);
        writer.WriteAmount(_houseOpenCost);
        writer.WriteAmount(HouseWallet);
        writer.WriteAmount(Fees);
        writer.WriteAmount(Dust);
    }

    public void Read(StateReader reader)
    {
        _houseQuantity = reader.ReadQuantity();
        _houseOpenCost = reader.ReadAmount();
        HouseWallet = reader.ReadAmount();
        Fees = reader.ReadAmount();
        Dust = reader.ReadAmount();
    }
}
