using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// The house's synthetic liquidity (<see cref="HouseSpec"/>): level k lies at index ∓ (half spread + k × step), away from the index to the
/// tick. Its full size is, with a recorded volume, that volume × share spread over the side's levels by 1 + k × growth, else depth
/// notional × (1 + k × growth) at the index; rounded down to the lot. Prices, sizes and refills move only with <see cref="Requote"/> and
/// <see cref="Refill"/>, that is at price and time commands.
/// </summary>
public sealed class HouseLadder
{
    private readonly MarketSpec _spec;
    private readonly HouseSide _bids;
    private readonly HouseSide _asks;
    private readonly long[] _weights;
    private readonly Int128 _weightSum;
    private Price _index;
    private Quantity _volume;
    private Timestamp _asOf;

    public HouseLadder(MarketSpec spec)
    {
        _spec = spec;
        int levels = spec.House.Enabled ? spec.House.Levels : 0;
        _bids = new HouseSide(levels, spec.House.RefillMilliseconds);
        _asks = new HouseSide(levels, spec.House.RefillMilliseconds);
        _weights = new long[levels];
        for (int k = 0; k < levels; k++)
        {
            _weights[k] = Rate.One + k * spec.House.LevelGrowth.E8;
            _weightSum += _weights[k];
        }
    }

    /// <summary>Whether the house quotes: there is an index and it can be trusted.</summary>
    public bool IsOpen { get; set; }

    public int Levels => _weights.Length;

    /// <summary>Level k of the house's own side; quantity 0 when nothing is offered there.</summary>
    public DepthLevel Level(Side side, int k)
    {
        HouseSide s = Of(side);
        return new DepthLevel(s.PriceOf(k), IsOpen ? s.OfferedAt(k) : Quantity.Zero);
    }

    /// <summary>New index and volume (0: unknown). What was taken stays taken.</summary>
    public void Requote(Price index, Quantity volume, Timestamp now)
    {
        Elapse(now);
        _index = index;
        _volume = volume;
        Quote();
    }

    /// <summary>What was taken comes back with time.</summary>
    public void Refill(Timestamp now)
    {
        if (now <= _asOf) return;
        Elapse(now);
        _bids.Settle();
        _asks.Settle();
    }

    /// <summary>The house's best offer to a taker of <paramref name="takerSide"/>.</summary>
    public bool TryBest(Side takerSide, out Price price, out Quantity quantity)
    {
        HouseSide side = takerSide == Side.Buy ? _asks : _bids;
        int best = side.Best;
        if (!IsOpen || best >= side.Count)
        {
            price = Price.None;
            quantity = Quantity.Zero;
            return false;
        }

        price = side.PriceOf(best);
        quantity = side.OfferedAt(best);
        return true;
    }

    /// <summary>A trade with the level that <see cref="TryBest"/> gave.</summary>
    public void TakeBest(Side takerSide, Quantity quantity)
    {
        HouseSide side = takerSide == Side.Buy ? _asks : _bids;
        side.Take(side.Best, quantity);
    }

    /// <summary>What a taker finds at prices no worse than the limit (strictly better ones if not inclusive).</summary>
    public Quantity DepthWithin(Side takerSide, Price limit, bool inclusive)
    {
        HouseSide side = takerSide == Side.Buy ? _asks : _bids;
        if (!IsOpen) return Quantity.Zero;
        long lots = 0;
        for (int k = side.Best; k < side.Count; k++)
        {
            int c = side.PriceOf(k).CompareTo(limit);
            if (takerSide == Side.Sell) c = -c;
            if (c > 0 || (c == 0 && !inclusive)) break;
            lots += side.OfferedAt(k).Lots;
        }

        return new Quantity(lots);
    }

    public void Write(StateWriter writer)
    {
        writer.WritePrice(_index);
        writer.WriteQuantity(_volume);
        writer.WriteTimestamp(_asOf);
        writer.WriteInt32(Levels);
        _bids.Write(writer);
        _asks.Write(writer);
    }

    public void Read(StateReader reader)
    {
        _index = reader.ReadPrice();
        _volume = reader.ReadQuantity();
        _asOf = reader.ReadTimestamp();
        if (reader.ReadInt32() != Levels) throw reader.Fault($"the house has {Levels} levels by the profile, not those of the state");
        _bids.Read(reader);
        _asks.Read(reader);
        if (!_index.IsNone) Quote();
    }

    private HouseSide Of(Side side) => side == Side.Buy ? _bids : _asks;

    private void Elapse(Timestamp now)
    {
        if (now <= _asOf) return;
        _bids.Refill(now - _asOf);
        _asks.Refill(now - _asOf);
        _asOf = now;
    }

    private void Quote()
    {
        HouseSpec house = _spec.House;
        for (int k = 0; k < Levels; k++)
        {
            long distance = house.HalfSpread.E8 + k * house.LevelStep.E8;
            long size = SizeOf(k);
            var below = new Price(Rounding.MulDivDown(_index.Units, Rate.One - distance, Rate.One));
            var above = new Price(Rounding.MulDivUp(_index.Units, Rate.One + distance, Rate.One));
            _bids.Quote(k, _spec.TickDown(below), size);
            _asks.Quote(k, _spec.TickUp(above), size);
        }

        _bids.Settle();
        _asks.Settle();
    }

    private long SizeOf(int k)
    {
        HouseSpec house = _spec.House;
        if (_volume.Lots > 0)
        {
            Int128 shown = Rounding.DivDown((Int128)_volume.Lots * house.VolumeShare.E8, Rate.One);
            return checked((long)Rounding.DivDown(shown * _weights[k], _weightSum));
        }

        Int128 notional = (Int128)house.DepthNotional.E8 * _weights[k];
        return checked((long)Rounding.DivDown(notional, (Int128)_index.Units * _spec.AmountPerUnitLot * Rate.One));
    }
}

/// <summary>A price and what is open there.</summary>
public readonly record struct DepthLevel(Price Price, Quantity Quantity);
