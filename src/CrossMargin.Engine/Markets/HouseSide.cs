using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// One side of the house's ladder. A level's debt is what was taken from it and has not come back, in lots × refill time: it falls by
/// size × milliseconds, exactly, so refilling needs no rounding; what is offered is size − debt / refill time, rounded down. Debts stay
/// with the level's index as prices and sizes move, and never exceed an empty level's.
/// </summary>
internal sealed class HouseSide(int levels, long refillMilliseconds)
{
    private readonly Price[] _prices = new Price[levels];
    private readonly long[] _sizes = new long[levels];
    private readonly long[] _offered = new long[levels];
    private readonly Int128[] _debts = new Int128[levels];

    /// <summary>The first level that offers something, or the number of levels.</summary>
    public int Best { get; private set; }

    public int Count => _prices.Length;

    public Price PriceOf(int level) => _prices[level];

    public Quantity OfferedAt(int level) => new(_offered[level]);

    /// <summary>Sets price and full size of a level; price none or size 0: not quoted. Followed by <see cref="Settle"/>.</summary>
    public void Quote(int level, Price price, long size)
    {
        _prices[level] = price;
        _sizes[level] = price.IsNone ? 0 : size;
    }

    /// <summary>What was taken from the levels of another side, in the same proportion of its refill time, rounded up.</summary>
    public void TakeDebts(HouseSide from)
    {
        for (int i = 0; i < Math.Min(Count, from.Count); i++)
            _debts[i] = Rounding.DivUp(from._debts[i] * refillMilliseconds, from.RefillMilliseconds);
    }

    private long RefillMilliseconds => refillMilliseconds;

    public void Refill(long milliseconds)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_debts[i] == 0) continue;
            _debts[i] = Int128.Max(0, _debts[i] - (Int128)_sizes[i] * milliseconds);
        }
    }

    /// <summary>Works out what each level offers.</summary>
    public void Settle()
    {
        Best = Count;
        for (int i = Count - 1; i >= 0; i--)
        {
            Int128 empty = (Int128)_sizes[i] * refillMilliseconds;
            if (_debts[i] > empty) _debts[i] = empty;
            _offered[i] = _debts[i] == 0 ? _sizes[i] : (long)((empty - _debts[i]) / refillMilliseconds);
            if (_offered[i] > 0) Best = i;
        }
    }

    /// <summary>Takes from a level no more than it offers.</summary>
    public void Take(int level, Quantity quantity)
    {
        InvariantViolation.Check(quantity.Lots > 0 && quantity.Lots <= _offered[level], "5: more taken from the house than it offers");
        _debts[level] += (Int128)quantity.Lots * refillMilliseconds;
        _offered[level] -= quantity.Lots;
        while (Best < Count && _offered[Best] == 0) Best++;
    }

    public void Write(StateWriter writer)
    {
        foreach (Int128 debt in _debts) writer.WriteInt128(debt);
    }

    public void Read(StateReader reader)
    {
        for (int i = 0; i < Count; i++)
        {
            _debts[i] = reader.ReadInt128();
            if (_debts[i] < 0) throw reader.Fault("a negative debt of a house level");
        }
    }
}
