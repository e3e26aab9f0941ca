using CrossMargin.Engine.Funding;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Index, pauses, mark and their publication. The house follows the index: when its quotes come to stand at or through a resting order,
/// it takes that order at the order's price, so that the published depth never crosses.
/// </summary>
internal sealed class PriceDesk(MarketState market, TradeBooking booking, FundingDesk funding)
{
    private readonly BasisAverage _basis = new(market.Spec.Funding);
    private Timestamp _basisAsOf;
    private PriceTick _published = new() { Pause = PauseReason.NoPrice };

    /// <summary>What was last told to the nodes.</summary>
    public PriceTick Published => _published with { Market = market.Spec.Id };

    /// <summary>A new index price; must be positive.</summary>
    public void TakeIndex(in SetIndexPrice command)
    {
        if (command.Index.Units <= 0 || command.DepthVolume.Lots < 0)
        {
            throw new InvariantViolation(
                $"8: the index price {command.Index.Units} or volume {command.DepthVolume.Lots} of {market.Spec.Symbol}");
        }

        if (_basisAsOf.Milliseconds == 0) _basisAsOf = market.Now;
        PauseReason before = market.Guard.Reason;
        market.Guard.TakeIndex(command.Index, market.Now);
        market.Ladder.Requote(command.Index, command.DepthVolume, market.Now);
        FollowPause(before);
    }

    public void TakeTime()
    {
        PauseReason before = market.Guard.Reason;
        market.Guard.TakeTime(market.Now);
        FollowPause(before);
    }

    public void SetStatus(MarketStatus status)
    {
        PauseReason before = market.Guard.Reason;
        if (market.Guard.IsHalted == (status == MarketStatus.Halted)) return;
        market.Guard.SetStatus(status);
        market.Post.Emit(new MarketStatusChanged { Status = status });
        FollowPause(before);
    }

    /// <summary>Basis samples at whole multiples of the sample time since the last time command; none while paused or one-sided, none of a jump.</summary>
    public void SampleBasis(bool jump)
    {
        long every = market.Spec.Funding.BasisSampleMilliseconds;
        long times = _basisAsOf.Milliseconds == 0 ? 0 : market.Now.Milliseconds / every - _basisAsOf.Milliseconds / every;
        _basisAsOf = market.Now;
        if (jump || times <= 0 || market.Guard.Reason != PauseReason.None) return;
        Price bid = market.Best(Side.Buy).Price;
        Price ask = market.Best(Side.Sell).Price;
        if (!bid.IsNone && !ask.IsNone) _basis.Add(bid, ask, market.Guard.Index, times);
    }

    public void RefillHouse() => market.Ladder.Refill(market.Now);

    /// <summary>The house takes what its quotes reach.</summary>
    public void Sweep()
    {
        Sweep(Side.Sell);
        Sweep(Side.Buy);
    }

    /// <summary>Recomputes the mark and publishes if anything changed. Nothing before the first index.</summary>
    public void Publish()
    {
        if (market.Guard.Index.IsNone) return;
        market.Mark = ComputeMark();
        var tick = new PriceTick
        {
            Sequence = _published.Sequence + 1,
            Mark = market.Mark,
            Index = market.Guard.Index,
            Last = market.Tape.Last,
            Market = market.Spec.Id,
            Pause = market.Guard.Reason,
        };
        bool same = tick.Mark == _published.Mark && tick.Index == _published.Index
            && tick.Last == _published.Last && tick.Pause == _published.Pause;
        if (same) return;
        _published = tick;
        market.Post.SendToMonitor(tick);
        market.Post.Emit(new PriceChanged
        {
            Index = tick.Index,
            Mark = tick.Mark,
            Last = tick.Last,
            BestBid = market.Best(Side.Buy).Price,
            BestAsk = market.Best(Side.Sell).Price,
            OpenInterest = market.OpenInterest,
        });
    }

    public void Write(StateWriter writer)
    {
        _basis.Write(writer);
        writer.WriteTimestamp(_basisAsOf);
        writer.WriteInt64(_published.Sequence);
        writer.WritePrice(_published.Mark);
        writer.WritePrice(_published.Index);
        writer.WritePrice(_published.Last);
        writer.WriteByte((byte)_published.Pause);
    }

    public void Read(StateReader reader)
    {
        _basis.Read(reader);
        _basisAsOf = reader.ReadTimestamp();
        _published.Sequence = reader.ReadInt64();
        _published.Mark = reader.ReadPrice();
        _published.Index = reader.ReadPrice();
        _published.Last = reader.ReadPrice();
        _published.Pause = (PauseReason)reader.ReadByte();
        market.Mark = _published.Mark;
        market.Ladder.IsOpen = market.Guard.Reason == PauseReason.None;
    }

    private Price ComputeMark() => MarkPrice.Of(
        market.Guard.Index,
        market.Tape.Last,
        funding.LastRate,
        funding.MillisecondsLeft(market.Now),
        market.Spec.Funding.IntervalMilliseconds,
        _basis.TwiceMeanHalfEven);

    /// <summary>Opens or closes the house and tells of a change between paused and not. The first price is no resumption.</summary>
    private void FollowPause(PauseReason before)
    {
        PauseReason now = market.Guard.Reason;
        market.Ladder.IsOpen = now == PauseReason.None;
        if (now == before || (now == PauseReason.None && before == PauseReason.NoPrice)) return;
        if (now == PauseReason.None)
        {
            market.Post.Emit(new LiquidationResumed { Index = market.Guard.Index, Reason = before });
            return;
        }

        market.Post.Emit(new LiquidationPaused
        {
            Index = market.Guard.Index,
            Previous = market.Guard.LastInBand,
            LastUpdate = market.Guard.LastUpdate,
            Reason = now,
        });
    }

    private void Sweep(Side houseSide)
    {
        Side traders = houseSide == Side.Buy ? Side.Sell : Side.Buy;
        while (market.Ladder.TryBest(traders, out Price price, out Quantity offered))
        {
            Price resting = market.Book.Best(traders);
            bool reaches = !resting.IsNone && (houseSide == Side.Sell ? resting >= price : resting <= price);
            if (!reaches) return;
            var order = new LiveOrder
            {
                Owner = AccountId.House,
                Limit = price,
                Total = offered,
                Remaining = offered,
                Side = houseSide,
                TimeInForce = TimeInForce.Ioc,
            };
            booking.Match(ref order);
            market.Ladder.TakeBest(traders, offered - order.Remaining);
        }
    }
}
