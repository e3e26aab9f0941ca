using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// A pool's excess X = equity − maintenance as a sum of terms, one for each price it depends on, with <see cref="Excess"/> exact to the
/// unit as <see cref="PoolJudge"/> computes it. Between <see cref="Low"/> and <see cref="High"/> of its price each term is, but for
/// rounding, concave: marginal tiers and partly counted profit bend it down only; flat tiers jump, so these limits end at the tier.
/// A scratch pad: one pool at a time, no allocation once it has grown.
/// </summary>
public sealed class ExcessTerms
{
    private const int FineBits = 10;
    private readonly VenueProfile _profile;
    private readonly MarketSpec[] _specs;
    private readonly Rate _share;
    private Term[] _terms = new Term[8];
    private Part[] _parts = new Part[8];
    private int _partCount;

    public ExcessTerms(VenueProfile profile)
    {
        _profile = profile;
        _specs = [.. profile.Markets];
        _share = profile.ProfitShare;
    }

    /// <summary>The number of prices the pool depends on.</summary>
    public int Count { get; private set; }

    /// <summary>X at the prices given to <see cref="Load"/>.</summary>
    public Int128 Excess { get; private set; }

    public bool HasPositions { get; private set; }

    /// <summary>
    /// What X must be at each corner of a box so that no point inside is liquidatable: one unit for each term that is rounded against the
    /// pool, plus one. Without positions 0: collateral alone is monotonic, rounding included.
    /// </summary>
    public int Required { get; private set; }

    /// <summary>Not liquidatable at the prices given to <see cref="Load"/>.</summary>
    public bool IsSound => HasPositions && !_profile.Liquidation.EqualityIsSafe ? Excess > 0 : Excess >= 0;

    public int Dimension(int term) => _terms[term].Dimension;

    /// <summary>The price the pool was loaded at.</summary>
    public long Price(int term) => _terms[term].Price;

    /// <summary>The term's value at that price.</summary>
    public Int128 Value(int term) => _terms[term].Value;

    /// <summary>The lowest price of the term's concave piece, 0 unless a flat tier begins there.</summary>
    public long Low(int term) => _terms[term].Low;

    /// <summary>The highest price of the term's concave piece, or the highest at which its notionals still fit.</summary>
    public long High(int term) => _terms[term].High;

    /// <summary>Slopes of the term are counted in 2^-this per price unit.</summary>
    public int SlopeBits(int term) => _terms[term].SlopeBits;

    public void Load(in PoolView view, ReadOnlySpan<Price> marks, ReadOnlySpan<Price> indexes)
    {
        Count = 0;
        _partCount = 0;
        HasPositions = false;
        Int128 sum = view.IsCross ? LoadCross(view, marks, indexes) : LoadIsolated(view, marks);
        for (int i = 0; i < Count; i++)
        {
            ref Term term = ref _terms[i];
            term.Value = ValueAt(i, term.Price);
            if (!PriceDimension.IsMark(term.Dimension)) term.SlopeBits = term.Value < 1L << 48 ? FineBits : 0;
            sum += term.Value;
        }

        Excess = sum;
        Required = HasPositions ? 1 + _partCount * (_share == Rate.Whole ? 1 : 2) : 0;
    }

    /// <summary>The term at another price of its piece, exact as judged.</summary>
    public Int128 ValueAt(int term, long price)
    {
        Int128 sum = 0;
        for (int i = _terms[term].First; i >= 0; i = _parts[i].Next)
        {
            ref readonly Part part = ref _parts[i];
            if (part.Asset is not null)
            {
                sum += CollateralMath.ValueDown(part.Spec, part.Asset, new Amount(part.Cost), new Price(price)).E8;
                continue;
            }

            long value = price * part.PerUnit;
            sum += LegMath.CountedProfitDown(new Amount(value - part.Cost), _share).E8;
            sum -= part.Spec.Tiers.MaintenanceUp(new Amount(Math.Abs(value))).E8;
        }

        return sum;
    }

    /// <summary>Nearly the slope at a price, in 2^-<see cref="SlopeBits"/> units per price unit; for guessing, never for proof.</summary>
    public long SlopeAt(int term, long price)
    {
        ref readonly Term t = ref _terms[term];
        long sum = 0;
        for (int i = t.First; i >= 0; i = _parts[i].Next)
        {
            ref readonly Part part = ref _parts[i];
            if (part.Asset is not null)
            {
                sum += t.Price == 0 ? 0 : (long)((t.Value << t.SlopeBits) / t.Price);
                break; // the value of all the term's assets together
            }

            long unit = part.PerUnit << t.SlopeBits;
            long value = price * part.PerUnit;
            sum += value > part.Cost ? _share.OfDown(new Amount(unit)).E8 : unit;
            TierTable tiers = part.Spec.Tiers;
            sum -= tiers[tiers.IndexOf(new Amount(Math.Abs(value)))].Rate.OfUp(new Amount(Math.Abs(unit))).E8;
        }

        return sum;
    }

    /// <summary>The sum of the term's exposures whatever their sign, in the unit of <see cref="SlopeAt"/>.</summary>
    public long GrossSlope(int term)
    {
        ref readonly Term t = ref _terms[term];
        if (!PriceDimension.IsMark(t.Dimension)) return SlopeAt(term, t.Price);
        long sum = 0;
        for (int i = t.First; i >= 0; i = _parts[i].Next) sum += Math.Abs(_parts[i].PerUnit) << t.SlopeBits;
        return sum;
    }

    /// <summary>
    /// Whether the term falls nowhere as its price rises without end. A concave term does not if it does not at the far end, where longs
    /// count their profit's share, shorts their whole loss, and all are in the last tier. Legs of one market move together.
    /// </summary>
    public bool NeverFallsUp(int term)
    {
        ref readonly Term t = ref _terms[term];
        if (!PriceDimension.IsMark(t.Dimension)) return true;
        if (t.TierEnds) return false;
        ref readonly Part only = ref _parts[t.First];
        if (only.Next < 0)
        {
            TierTable tiers = only.Spec.Tiers;
            return only.PerUnit > 0 && _share.E8 >= tiers[tiers.Count - 1].Rate.E8;
        }

        Int128 slope = 0;
        for (int i = t.First; i >= 0; i = _parts[i].Next)
        {
            ref readonly Part part = ref _parts[i];
            long unit = part.PerUnit;
            long rate = part.Spec.Tiers[part.Spec.Tiers.Count - 1].Rate.E8;
            slope += (Int128)unit * (unit > 0 ? _share.E8 : Rate.One) - (Int128)Math.Abs(unit) * rate;
        }

        return slope >= 0;
    }

    private Int128 LoadIsolated(in PoolView view, ReadOnlySpan<Price> marks)
    {
        ref readonly Leg leg = ref view.Legs[view.IsolatedIndex];
        if (!leg.Quantity.IsZero) AddLeg(leg, marks);
        return leg.IsolatedWallet.E8;
    }

    private Int128 LoadCross(in PoolView view, ReadOnlySpan<Price> marks, ReadOnlySpan<Price> indexes)
    {
        Int128 settlement = view.Balances[AssetId.Settlement.Value].E8;
        foreach (ref readonly Leg leg in view.Legs)
        {
            if (leg.Mode == MarginMode.Isolated) settlement -= leg.IsolatedWallet.E8;
            else if (!leg.Quantity.IsZero) AddLeg(leg, marks);
        }

        if (!_profile.Collateral.Enabled || view.Balances.Length == 1) return settlement;
        IReadOnlyList<CollateralAsset> assets = _profile.Collateral.Assets;
        for (int i = 0; i < assets.Count; i++)
        {
            CollateralAsset asset = assets[i];
            if (asset.Id.Value >= view.Balances.Length) continue;
            Amount balance = view.Balances[asset.Id.Value];
            if (balance.IsZero) continue;
            if (asset.PriceMarket.IsNone) settlement += CollateralMath.ValueAtOneDown(asset, balance).E8;
            else AddCollateral(asset, balance, indexes[asset.PriceMarket.Value - 1].Units);
        }

        return settlement;
    }

    private void AddLeg(in Leg leg, ReadOnlySpan<Price> marks)
    {
        HasPositions = true;
        MarketSpec spec = _specs[leg.Market.Value - 1];
        long price = marks[leg.Market.Value - 1].Units;
        long perUnit = leg.Quantity.Lots * spec.AmountPerUnitLot;
        long size = Math.Abs(perUnit);
        ref Term term = ref TermOf(PriceDimension.OfMark(leg.Market), price);
        AddPart(ref term, new Part { Spec = spec, PerUnit = perUnit, Cost = leg.OpenCost.E8 });
        if (size >= 1L << 48) term.SlopeBits = 0;
        term.High = Math.Min(term.High, long.MaxValue / size);
        if (!spec.Tiers.IsFlat) return;
        int tier = spec.Tiers.IndexOf(new Amount(price * size));
        term.Low = Math.Max(term.Low, Rounding.DivUp(spec.Tiers[tier].Floor.E8, size));
        if (tier + 1 == spec.Tiers.Count) return;
        term.TierEnds = true;
        term.High = Math.Min(term.High, (spec.Tiers[tier + 1].Floor.E8 - 1) / size);
    }

    private void AddCollateral(CollateralAsset asset, Amount balance, long price)
    {
        ref Term term = ref TermOf(PriceDimension.OfIndex(asset.PriceMarket), price);
        AddPart(ref term, new Part { Spec = _specs[asset.PriceMarket.Value - 1], Cost = balance.E8, Asset = asset });
    }

    private void AddPart(ref Term term, in Part part)
    {
        if (_partCount == _parts.Length) Array.Resize(ref _parts, _partCount * 2);
        _parts[_partCount] = part;
        _parts[_partCount].Next = term.First;
        term.First = _partCount++;
    }

    private ref Term TermOf(int dimension, long price)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_terms[i].Dimension == dimension) return ref _terms[i];
        }

        if (Count == _terms.Length) Array.Resize(ref _terms, Count * 2);
        ref Term term = ref _terms[Count++];
        term = new Term { Dimension = dimension, First = -1, Price = price, High = long.MaxValue, SlopeBits = FineBits };
        return ref term;
    }

    private struct Term
    {
        public Int128 Value;
        public long Price;
        public long Low;
        public long High;
        public int Dimension;
        public int First;
        public int SlopeBits;

        /// <summary>A flat tier ends at <see cref="High"/>.</summary>
        public bool TierEnds;
    }

    /// <summary>A leg (signed amount per price unit, open cost), or an asset's balance in <see cref="Cost"/>.</summary>
    private struct Part
    {
        public MarketSpec Spec;
        public CollateralAsset? Asset;
        public long PerUnit;
        public long Cost;
        public int Next;
    }
}
