using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Engine.Funding;

/// <summary>
/// Samples the premium, settles what falls due at whole multiples of the interval since the epoch, and sends the payments in slices.
/// While prices are paused nothing is sampled and what falls due is skipped; of several due at once all but the last are, and of a jump all.
/// </summary>
internal sealed class FundingDesk(MarketState market, PremiumIndex premium)
{
    /// <summary>Payments sent in one step.</summary>
    public const int SliceLegs = 1_000;

    private readonly FundingSpec _spec = market.Spec.Funding;
    private Holding[] _holders = [];
    private Timestamp _asOf;
    private Rate? _recordedRate;

    /// <summary>Rate of the last settlement that was in turn, per interval.</summary>
    public Rate LastRate { get; private set; }

    /// <summary>The next funding time after the last time command; none before the first.</summary>
    public Timestamp NextTime => _asOf.Milliseconds == 0 ? default : After(_asOf);

    /// <summary>What the next settlement would use if it came now.</summary>
    public Rate Estimate => _recordedRate ?? FundingRate.PerIntervalHalfEven(_spec, premium.MeanHalfEven);

    public long MillisecondsLeft(Timestamp now) => After(now) - now;

    /// <summary>The clock starts: nothing before this moment falls due.</summary>
    public void StartAt(Timestamp now)
    {
        if (_asOf.Milliseconds == 0) _asOf = now;
    }

    public void Advance(Timestamp now)
    {
        if (now <= _asOf) return;
        Timestamp due = After(_asOf);
        if (due <= now)
        {
            Timestamp last = new(now.Milliseconds / _spec.IntervalMilliseconds * _spec.IntervalMilliseconds);
            for (; due < last; due = due.AddMilliseconds(_spec.IntervalMilliseconds)) Skip(due);
            Sample(last);
            if (market.Guard.Reason != PauseReason.None || market.Mark.IsNone) Skip(last);
            else SettleInTurn(last);
        }

        Sample(now);
    }

    /// <summary>Time that did not run: what fell due is skipped, nothing is sampled.</summary>
    public void JumpTo(Timestamp now)
    {
        if (now <= _asOf) return;
        for (Timestamp due = After(_asOf); due <= now; due = due.AddMilliseconds(_spec.IntervalMilliseconds)) Skip(due);
        _asOf = now;
    }

    public void SetRecordedRate(Rate rate)
    {
        _recordedRate = rate;
        market.Post.Emit(new FundingRateSet { Rate = rate, FundingTime = NextTime });
    }

    /// <summary>Out of turn, at a given rate: neither the interval's premium nor the last rate changes.</summary>
    public void SettleNow(Rate rate)
    {
        if (market.Mark.IsNone) market.Post.Emit(new FundingSkipped { FundingTime = market.Now });
        else Settle(rate, market.Now);
    }

    /// <summary>Sends the next slice of an open run.</summary>
    public void Continue()
    {
        market.Payments.PaySlice(SliceLegs, market.Post);
        if (market.Payments.IsOpen) market.Post.SendToSelf(new ContinueFunding { FundingTime = market.Now });
    }

    public void Write(StateWriter writer)
    {
        premium.Write(writer);
        writer.WriteTimestamp(_asOf);
        writer.WriteRate(LastRate);
        writer.WriteBool(_recordedRate.HasValue);
        writer.WriteRate(_recordedRate.GetValueOrDefault());
        market.Payments.Write(writer);
    }

    public void Read(StateReader reader)
    {
        premium.Read(reader);
        _asOf = reader.ReadTimestamp();
        LastRate = reader.ReadRate();
        bool recorded = reader.ReadBool();
        Rate rate = reader.ReadRate();
        _recordedRate = recorded ? rate : null;
        market.Payments.Read(reader);
    }

    private Timestamp After(Timestamp time) =>
        new((time.Milliseconds / _spec.IntervalMilliseconds + 1) * _spec.IntervalMilliseconds);

    private void Skip(Timestamp due)
    {
        premium.Reset();
        _recordedRate = null;
        _asOf = due;
        market.Post.Emit(new FundingSkipped { FundingTime = due });
    }

    private void SettleInTurn(Timestamp due)
    {
        LastRate = Estimate;
        _recordedRate = null;
        premium.Reset();
        Settle(LastRate, due);
    }

    /// <summary>Samples at whole multiples of the sample time in (as of, until].</summary>
    private void Sample(Timestamp until)
    {
        long times = until.Milliseconds / _spec.SampleMilliseconds - _asOf.Milliseconds / _spec.SampleMilliseconds;
        _asOf = until;
        Price index = market.Guard.Index;
        if (times <= 0 || market.Guard.Reason != PauseReason.None) return;
        ImpactPrice.TryWalk(market.Spec, Depth(Side.Buy), _spec.ImpactNotional, out Price bid);
        ImpactPrice.TryWalk(market.Spec, Depth(Side.Sell), _spec.ImpactNotional, out Price ask);
        premium.Add(PremiumIndex.SampleHalfEven(index, bid, ask), times);
    }

    private CombinedDepth Depth(Side side) => new(market.Book, market.Ladder, side);

    private void Settle(Rate rate, Timestamp due)
    {
        FundingRun run = market.Payments;
        run.PaySlice(int.MaxValue, market.Post);
        run.Begin(rate, market.Mark, due);
        int count = market.Holders.CopySorted(ref _holders);
        Int128 paid = 0;
        Int128 received = 0;
        for (int i = 0; i < count; i++)
        {
            Amount owed = FundingRate.OwedUp(market.Spec, _holders[i].Quantity, market.Mark, rate);
            if (!owed.IsZero) run.Add(_holders[i], -owed);
            Count(owed, ref paid, ref received);
        }

        Amount house = FundingRate.OwedUp(market.Spec, market.Own.HouseQuantity, market.Mark, rate);
        market.Own.PayHouse(-house);
        Count(house, ref paid, ref received);
        market.Own.CreditDust(new Amount((long)(paid - received)));
        market.Post.Emit(new FundingSettled
        {
            Rate = rate,
            Mark = market.Mark,
            FundingTime = due,
            Paid = new Amount((long)paid),
            Received = new Amount((long)received),
            Holders = count,
        });
        Continue();
    }

    private static void Count(Amount owed, ref Int128 paid, ref Int128 received)
    {
        if (owed.IsPositive) paid += owed.E8;
        else received -= owed.E8;
    }
}
