using System.Numerics;
using CrossMargin.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Model.Tests.Markets;

/// <summary>The shipped tables against the definition of a marginal table: each slice of the notional at its own tier's rate.</summary>
public sealed class TierTableTests
{
    private static readonly TierTable[] s_tables =
        [.. VenueProfiles.Binance.Markets.Concat(VenueProfiles.Simple.Markets).Select(m => m.Tiers)];

    /// <summary>A table and a notional from 0 to beyond its cap, often on an edge or one unit beside it.</summary>
    private static readonly Arbitrary<(TierTable Table, Amount Notional)> s_cases = (
        from table in Gen.Elements(s_tables)
        from tier in Gen.Choose(0, table.Count - 1)
        from beside in Gen.Choose(-1, 1)
        from share in Gen.Choose(0, 1_000_000)
        from edge in ArbMap.Default.GeneratorFor<bool>()
        let at = edge ? table[tier].Floor.E8 + beside : table.Cap.E8 / 1_000_000 * share + share
        select (table, new Amount(Math.Max(0, at)))).ToArbitrary();

    [Fact]
    public void Prop_MaintenanceUp_IsTheSumOverSlicesRoundedUpOnce() => Prop.ForAll(s_cases, c =>
    {
        BigInteger sum = 0;
        for (int i = 0; i < c.Table.Count; i++)
        {
            long top = i + 1 < c.Table.Count ? Math.Min(c.Table[i + 1].Floor.E8, c.Notional.E8) : c.Notional.E8;
            if (top > c.Table[i].Floor.E8) sum += (BigInteger)(top - c.Table[i].Floor.E8) * c.Table[i].Rate.E8;
        }

        return c.Table.MaintenanceUp(c.Notional).E8 == (sum + Rate.One - 1) / Rate.One;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_IndexOf_FloorInclusiveNextFloorExclusive() => Prop.ForAll(s_cases, c =>
    {
        int i = c.Table.IndexOf(c.Notional);
        return c.Table[i].Floor <= c.Notional && (i + 1 == c.Table.Count || c.Notional < c.Table[i + 1].Floor)
            && c.Table.MaxLeverageAt(c.Notional) == c.Table[i].MaxLeverage;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_NotionalLimitAt_SplitsAllowedFromRefused() => Prop.ForAll(s_cases, Gen.Choose(1, 125).ToArbitrary(), (c, leverage) =>
    {
        Amount limit = c.Table.NotionalLimitAt(leverage);
        if (leverage > c.Table[0].MaxLeverage || c.Notional >= c.Table.Cap) return true;
        return (c.Notional < limit) == (leverage <= c.Table.MaxLeverageAt(c.Notional));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Validate_ShippedTables_AreSound() => Assert.All(s_tables, t => Assert.Null(t.Validate()));

    [Fact]
    public void Prop_Validate_OneDeductionOffByOneUnit_NamesTheTier() =>
        Prop.ForAll(Gen.Elements(s_tables).ToArbitrary(), Gen.Choose(1, 11).ToArbitrary(), (table, pick) =>
        {
            int broken = 1 + (pick - 1) % (table.Count - 1);
            Tier[] tiers = table.Tiers.ToArray();
            tiers[broken] = tiers[broken] with { Deduction = new Amount(tiers[broken].Deduction.E8 + 1) };
            string? fault = new TierTable(tiers, flat: false, table.Cap).Validate();
            return fault is not null && fault.StartsWith($"tier {broken + 1}: deduction", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void MaintenanceUp_FlatTable_TakesTheTiersRateOnTheWhole()
    {
        TierTable flat = TestProfiles.Simple("""{"tiers":"flat"}""").Markets[0].Tiers;

        Assert.Equal("249.99999995", flat.MaintenanceUp(new Amount(Amount.FromWhole(50_000).E8 - 1_000)).ToString());
        Assert.Equal("500", flat.MaintenanceUp(Amount.FromWhole(50_000)).ToString());
        Assert.Null(flat.Validate());
    }

    [Fact]
    public void Validate_FlatTableWithADeduction_SaysSo()
    {
        Tier[] tiers = [new(Amount.Zero, new Rate(1), Amount.Zero, 10), new(new Amount(5), new Rate(2), new Amount(1), 5)];
        var table = new TierTable(tiers, flat: true, new Amount(9));

        Assert.Contains("flat table has no deductions", table.Validate());
    }

    [Fact]
    public void Validate_FirstDeduction_IsAllowedOnlyWhereAsked()
    {
        var table = new TierTable([new(Amount.Zero, new Rate(1), new Amount(7), 10)], flat: false, new Amount(9));

        Assert.Contains("first tier's deduction", table.Validate());
        Assert.Null(table.Validate(allowFirstDeduction: true));
    }
}
