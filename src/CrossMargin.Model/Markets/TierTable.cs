namespace CrossMargin.Model;

/// <summary>
/// One tier of a market's leverage table. Notionals of <see cref="Floor"/> (inclusive) up to the next tier's floor (exclusive) lie in it.
/// </summary>
/// <param name="Floor">Smallest notional of the tier, settlement asset, ≥ 0.</param>
/// <param name="Rate">Maintenance margin rate, 0 &lt; rate ≤ 1.</param>
/// <param name="Deduction">Maintenance amount ("cum"): MM = notional × rate − deduction.</param>
/// <param name="MaxLeverage">Highest leverage at which a position of this notional may be opened, ≥ 1.</param>
public readonly record struct Tier(Amount Floor, Rate Rate, Amount Deduction, int MaxLeverage);

/// <summary>
/// A market's maintenance tiers, ascending by floor; the first floor is 0. Immutable, thread-safe. Marginal tables are continuous:
/// deduction(n) = deduction(n−1) + floor(n) × (rate(n) − rate(n−1)), exactly; <see cref="Validate"/> says where one is not.
/// Flat tables (OKX) apply the tier's rate to the whole notional and carry no deductions.
/// </summary>
public sealed class TierTable
{
    private readonly Tier[] _tiers;

    public TierTable(IEnumerable<Tier> tiers, bool flat, Amount cap)
    {
        _tiers = [.. tiers];
        IsFlat = flat;
        Cap = cap;
        if (_tiers.Length == 0) throw new ArgumentException("a tier table needs at least one tier", nameof(tiers));
    }

    public bool IsFlat { get; }

    /// <summary>The largest notional a position may have at leverage 1; the last tier's upper edge.</summary>
    public Amount Cap { get; }

    public ReadOnlySpan<Tier> Tiers => _tiers;

    public int Count => _tiers.Length;

    public ref readonly Tier this[int index] => ref _tiers[index];

    /// <summary>The index of the tier that holds |notional|; <paramref name="notional"/> ≥ 0.</summary>
    public int IndexOf(Amount notional)
    {
        Tier[] tiers = _tiers;
        int i = 0;
        while (i + 1 < tiers.Length && notional.E8 >= tiers[i + 1].Floor.E8) i++;
        return i;
    }

    /// <summary>
    /// Maintenance margin of a position whose notional at the judged price is <paramref name="notional"/> ≥ 0, rounded up
    /// (notional × rate − deduction; flat: notional × rate), never below 0.
    /// </summary>
    public Amount MaintenanceUp(Amount notional)
    {
        ref readonly Tier tier = ref _tiers[IndexOf(notional)];
        Amount mm = tier.Rate.OfUp(notional) - (IsFlat ? Amount.Zero : tier.Deduction);
        return mm.IsNegative ? Amount.Zero : mm;
    }

    /// <summary>The highest leverage the table allows for a notional.</summary>
    public int MaxLeverageAt(Amount notional) => _tiers[IndexOf(notional)].MaxLeverage;

    /// <summary>The largest notional (exclusive edge) that may be opened at <paramref name="leverage"/>; the cap at the lowest leverages.</summary>
    public Amount NotionalLimitAt(int leverage)
    {
        for (int i = 0; i + 1 < _tiers.Length; i++)
        {
            if (_tiers[i + 1].MaxLeverage < leverage) return _tiers[i + 1].Floor;
        }

        return Cap;
    }

    /// <summary>The first fault of the table as a sentence, or null: order, ranges, and for marginal tables continuity at each edge.</summary>
    public string? Validate(bool allowFirstDeduction = false)
    {
        if (!_tiers[0].Floor.IsZero) return $"the first tier's floor is {_tiers[0].Floor}, not 0";
        if (!allowFirstDeduction && !_tiers[0].Deduction.IsZero) return $"the first tier's deduction is {_tiers[0].Deduction}, not 0";
        for (int i = 0; i < _tiers.Length; i++)
        {
            Tier t = _tiers[i];
            if (t.Rate.E8 is <= 0 or > Rate.One) return $"tier {i + 1}: rate {t.Rate} is not in (0, 1]";
            if (t.MaxLeverage is < 1 or > 1000) return $"tier {i + 1}: maximum leverage {t.MaxLeverage} is not in 1..1000";
            if (IsFlat && !t.Deduction.IsZero) return $"tier {i + 1}: a flat table has no deductions, this one is {t.Deduction}";
            if (i == 0) continue;
            Tier p = _tiers[i - 1];
            if (t.Floor <= p.Floor) return $"tier {i + 1}: floor {t.Floor} is not above the previous {p.Floor}";
            if (t.Rate <= p.Rate) return $"tier {i + 1}: rate {t.Rate} is not above the previous {p.Rate}";
            if (t.MaxLeverage > p.MaxLeverage) return $"tier {i + 1}: maximum leverage {t.MaxLeverage} is above the previous {p.MaxLeverage}";
            if (IsFlat) continue;
            Int128 step = (Int128)t.Floor.E8 * (t.Rate.E8 - p.Rate.E8);
            Int128 given = (Int128)(t.Deduction.E8 - p.Deduction.E8) * Rate.One;
            if (step != given)
            {
                return $"tier {i + 1}: deduction {t.Deduction} leaves a jump at {t.Floor}; "
                    + $"continuity asks for {DecimalText.Format((Int128)p.Deduction.E8 * Rate.One + step, 16)}";
            }
        }

        return Cap < _tiers[^1].Floor ? $"the cap {Cap} lies below the last floor {_tiers[^1].Floor}" : null;
    }
}
