using System.Globalization;
using System.Text;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Audit;

/// <summary>
/// Invariants 1 and 2 in numbers: every term, in 1e-8 of the asset, exact. Both sides of invariant 1 are equal in a sound exchange at rest.
/// </summary>
public sealed record AuditFigures
{
    /// <summary>One row an asset, in id order; the settlement asset first.</summary>
    public required IReadOnlyList<AssetAudit> Assets { get; init; }

    /// <summary>One row a market, in id order.</summary>
    public required IReadOnlyList<MarketAudit> Markets { get; init; }

    public required int Accounts { get; init; }

    /// <summary>What is broken, each beginning with the invariant's number; empty in a sound exchange.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    public bool IsSound => Violations.Count == 0;

    /// <summary>The lines that close a report: each asset's sum and each market's, with all terms.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (AssetAudit asset in Assets) text.AppendLine(asset.ToString());
        foreach (MarketAudit market in Markets) text.AppendLine(market.ToString());
        foreach (string violation in Violations) text.Append("BROKEN ").AppendLine(violation);
        return text.ToString();
    }
}

/// <summary>Invariant 1 for one asset, in 1e-8 of it. Open costs enter with the minus sign.</summary>
public sealed record AssetAudit
{
    public required string Asset { get; init; }
    public required Int128 Deposits { get; init; }
    public required Int128 Withdrawals { get; init; }

    /// <summary>Wallets of all accounts.</summary>
    public Int128 Wallets { get; set; }

    /// <summary>Signed open cost of all accounts' positions.</summary>
    public Int128 OpenCost { get; set; }
    public Int128 FundWallet { get; set; }
    public Int128 FundOpenCost { get; set; }
    public Int128 HouseWallets { get; set; }
    public Int128 HouseOpenCost { get; set; }
    public Int128 Fees { get; set; }
    public Int128 Dust { get; set; }
    public Int128 Conversion { get; set; }

    /// <summary>≤ 0.</summary>
    public Int128 Deficit { get; set; }

    /// <summary>Funding booked and not yet sent; 0 at rest.</summary>
    public Int128 InFlight { get; set; }

    public Int128 Held =>
        Wallets - OpenCost + FundWallet - FundOpenCost + HouseWallets - HouseOpenCost + Fees + Dust + Conversion + Deficit + InFlight;

    public Int128 Paid => Deposits - Withdrawals;

    /// <summary>0 where invariant 1 holds.</summary>
    public Int128 Difference => Held - Paid;

    public override string ToString() =>
        $"invariant 1 {Asset}: wallets {Text(Wallets)} - open cost {Text(OpenCost)}"
        + $" + fund {Text(FundWallet)} - fund open cost {Text(FundOpenCost)}"
        + $" + houses {Text(HouseWallets)} - house open cost {Text(HouseOpenCost)} + fees {Text(Fees)} + dust {Text(Dust)}"
        + $" + conversion {Text(Conversion)} + deficit {Text(Deficit)} + in flight {Text(InFlight)} = {Text(Held)};"
        + $" deposits {Text(Deposits)} - withdrawals {Text(Withdrawals)} = {Text(Paid)}; difference {Text(Difference)}";

    private static string Text(Int128 e8) => DecimalText.Format(e8, 8);
}

/// <summary>Invariant 2 for one market, in lots.</summary>
/// <param name="Symbol">The market.</param>
/// <param name="Accounts">Σ quantity of the accounts' legs.</param>
/// <param name="Fund">The fund's quantity.</param>
/// <param name="House">The house's quantity.</param>
/// <param name="Holders">Legs in the holders' table, which are those of accounts and fund.</param>
/// <param name="Disagreements">Holders whose quantity or open cost is another at the account or fund.</param>
public sealed record MarketAudit(string Symbol, Int128 Accounts, long Fund, long House, int Holders, int Disagreements)
{
    /// <summary>0 where invariant 2 holds.</summary>
    public Int128 Sum => Accounts + Fund + House;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"invariant 2 {Symbol}: accounts {Accounts} + fund {Fund} + house {House} lots = {Sum}; "
        + $"{Holders} holders, {Disagreements} disagree");
}
