using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>
/// How the index of one market is made of the feed's price: that price × a ratio, or one of the operator's own. Exact integers, rounded to
/// the nearest price unit. Used on the exchange's thread.
/// </summary>
internal sealed class PriceDial(MarketSpec spec)
{
    private const long Hour = 3_600_000;

    private Price _ratioTo = new(1);
    private Price _ratioOf = new(1);
    private Price _driftFrom;
    private Timestamp _driftAt;
    private bool _waits; // for the feed's first price, against which the ratio will be

    public PriceControl Control { get; private set; } = new(PriceControlKind.Release, Price.None, Rate.Zero);

    /// <summary>The feed's last price, or none.</summary>
    public Price Raw { get; private set; }

    /// <summary>Lots by which the house sizes its depth, 0 unknown.</summary>
    public Quantity Volume { get; private set; }

    /// <summary>The price does not come from the feed, so that it is given at each step.</summary>
    public bool IsOwn => Control.Kind is PriceControlKind.Hold or PriceControlKind.Drift;

    public void TakeFeed(Price raw, Quantity volume)
    {
        (Raw, Volume) = (raw, volume);
        if (!_waits) return;
        _ratioOf = raw;
        _waits = false;
    }

    /// <summary>The index at a time, or none while there is no price to make it of.</summary>
    public Price At(Timestamp now)
    {
        switch (Control.Kind)
        {
            case PriceControlKind.Hold:
                return Control.Price;
            case PriceControlKind.Drift:
                return Drifted(now);
            default:
                if (_waits) return _ratioTo;
                return Raw.IsNone ? Price.None : Scaled(Raw.Units, _ratioTo.Units, _ratioOf.Units);
        }
    }

    /// <summary>Takes a control over. Throws <see cref="ArgumentException"/>, nothing changed, where it needs a price and there is none.</summary>
    public void Set(PriceControl control, Price present, Timestamp now)
    {
        if (control.Kind is PriceControlKind.Drift or PriceControlKind.Shock && present.IsNone)
        {
            throw new ArgumentException($"{spec.Symbol} has no price yet");
        }

        switch (control.Kind)
        {
            case PriceControlKind.Release:
                (_ratioTo, _ratioOf, _waits) = (new Price(1), new Price(1), false);
                break;
            case PriceControlKind.Drift:
                (_driftFrom, _driftAt) = (present, now);
                break;
            case PriceControlKind.Shock:
                SetRatio(Scaled(present.Units, Rate.One + control.Rate.E8, Rate.One));
                break;
            case PriceControlKind.Set:
                SetRatio(control.Price);
                break;
        }

        Control = control;
    }

    /// <summary>Another feed: its prices are nothing that the old ratio could be of. What is held or drifts goes on.</summary>
    public void ForgetFeed()
    {
        (Raw, Volume, _ratioTo, _ratioOf, _waits) = (Price.None, Quantity.Zero, new Price(1), new Price(1), false);
        if (!IsOwn) Control = new PriceControl(PriceControlKind.Release, Price.None, Rate.Zero);
    }

    /// <summary>From which feed price an index would be made: what a feed has to go on from.</summary>
    public Price Undo(Price index) =>
        IsOwn && !Raw.IsNone ? Raw : index.IsNone || _waits ? index : Scaled(index.Units, _ratioOf.Units, _ratioTo.Units);

    public DialSetting Save() => new(
        Control.Kind, Control.Price.Units, Control.Rate.E8, _ratioTo.Units, _ratioOf.Units, _waits, Raw.Units, _driftFrom.Units, _driftAt.Milliseconds);

    public void Load(DialSetting saved)
    {
        Control = new PriceControl(saved.Kind, new Price(saved.Price), new Rate(saved.Rate));
        (_ratioTo, _ratioOf, _waits) = (new Price(saved.RatioTo), new Price(saved.RatioOf), saved.Waits);
        (Raw, _driftFrom, _driftAt) = (new Price(saved.Raw), new Price(saved.DriftFrom), new Timestamp(saved.DriftAt));
    }

    private void SetRatio(Price index)
    {
        _waits = Raw.IsNone;
        _ratioTo = index;
        _ratioOf = _waits ? new Price(1) : Raw;
    }

    // By the rate each hour, in a straight line within the hour.
    private Price Drifted(Timestamp now)
    {
        while (now - _driftAt >= Hour)
        {
            _driftFrom = Scaled(_driftFrom.Units, Rate.One + Control.Rate.E8, Rate.One);
            _driftAt = _driftAt.AddMilliseconds(Hour);
        }

        Int128 done = (Int128)Control.Rate.E8 * Math.Max(0, now - _driftAt);
        return Bounded(_driftFrom.Units + Rounding.DivHalfEven(_driftFrom.Units * done, (Int128)Rate.One * Hour));
    }

    private Price Scaled(long units, long to, long of) => Bounded(Rounding.DivHalfEven((Int128)units * to, of));

    private Price Bounded(Int128 units) => new((long)Int128.Clamp(units, 1, spec.MaxPrice.Units));
}

/// <summary>A dial as it is kept; prices in units, rates in 1e-8, times in exchange milliseconds.</summary>
internal sealed record DialSetting(
    PriceControlKind Kind, long Price, long Rate, long RatioTo, long RatioOf, bool Waits, long Raw, long DriftFrom, long DriftAt);
