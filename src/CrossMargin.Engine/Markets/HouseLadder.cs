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
    // More of a level nobody could take; it keeps every sum of levels far from the edge of a long.
    private const long MostLots = 1_000_000_000_000_000;

    private HouseSide _bids = null!;
    private HouseSide _asks = null!;
    private long[] _weights = [];
    private Int128 _weightSum;
    private Price _index;
    private Quantity _volume;
    private Timestamp _asOf;

    public HouseLadder(MarketSpec spec)
    {
        _spec = spec;
        Settings = spec.House;
        Arrange();
    }

    /// <summary>How the house quotes; the specification's until they are changed.</summary>
    public HouseSpec Settings { get; private set; }

    /// <summary>New settings, at once. What was taken of a level stays taken in proportion; a level that is new is full.</summary>
    public void Configure(HouseSpec settings, Timestamp now)
    {
        Elapse(now);
        (HouseSide bids, HouseSide asks) = (_bids, _asks);
        Settings = settings;
        Arrange();
        _bids.TakeDebts(bids);
        _asks.TakeDebts(asks);
        if (!_index.IsNone) Quote();
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
        WriteSettings(writer);
        _bids.Write(writer);
        _asks.Write(writer);
    }

    public void Read(StateReader reader)
    {
        _index = reader.ReadPrice();
        _volume = reader.ReadQuantity();
        _asOf = reader.ReadTimestamp();
        ReadSettings(reader);
        Arrange();
        _bids.Read(reader);
        _asks.Read(reader);
        if (!_index.IsNone) Quote();
    }

    private void WriteSettings(StateWriter writer)
    {
        writer.WriteBool(Settings.Enabled);
        writer.WriteInt32(Settings.Levels);
        writer.WriteRate(Settings.HalfSpread);
        writer.WriteRate(Settings.LevelStep);
        writer.WriteRate(Settings.LevelGrowth);
        writer.WriteAmount(Settings.DepthNotional);
        writer.WriteRate(Settings.VolumeShare);
        writer.WriteInt64(Settings.RefillMilliseconds);
    }

    private void ReadSettings(StateReader reader)
    {
        Settings = new HouseSpec
        {
            Enabled = reader.ReadBool(),
            Levels = reader.ReadInt32(),
            HalfSpread = reader.ReadRate(),
            LevelStep = reader.ReadRate(),
            LevelGrowth = reader.ReadRate(),
            DepthNotional = reader.ReadAmount(),
            VolumeShare = reader.ReadRate(),
            RefillMilliseconds = reader.ReadInt64(),
        };
        if (Settings.Levels is < 0 or > 1_000 || Settings.RefillMilliseconds <= 0) throw reader.Fault("no settings of a house");
    }

    private void Arrange()
    {
        int levels = Settings.Enabled ? Settings.Levels : 0;
        _bids = new HouseSide(levels, Settings.RefillMilliseconds);
        _asks = new HouseSide(levels, Settings.RefillMilliseconds);
        _weights = new long[levels];
        _weightSum = 0;
        for (int k = 0; k < levels; k++)
        {
            _weights[k] = Rate.One + k * Settings.LevelGrowth.E8;
            _weightSum += _weights[k];
        }
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
        HouseSpec house = Settings;
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
        HouseSpec house = Settings;
        if (_volume.Lots > 0)
        {
            Int128 shown = Rounding.DivDown((Int128)_volume.Lots * house.VolumeShare.E8, Rate.One);
            return (long)Int128.Min(MostLots, Rounding.DivDown(shown * _weights[k], _weightSum));
        }

        Int128 notional = (Int128)house.DepthNotional.E8 * _weights[k];
        return (long)Int128.Min(MostLots, Rounding.DivDown(notional, (Int128)_index.Units * _spec.AmountPerUnitLot * Rate.One));
    }
}

/// <summary>A price and what is open there.</summary>
public readonly record struct DepthLevel(Price Price, Quantity Quantity);
