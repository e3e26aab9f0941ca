using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>
/// Auto-deleveraging of one market, one round at a time; what arrives meanwhile waits. A round asks the opposite holders in profit at the
/// mark, closes down their ranking, asks those not in profit if something is left, closes down theirs, then uses the house's opposite
/// position. Who declines or does not answer in time is passed over, and so is whoever would end with equity at or below zero.
/// </summary>
internal sealed class DeleverageRounds(MarketState market, PositionTransfer transfer, OrderChanges changes)
{
    private readonly Queue<DeleverageRequest> _waiting = new();
    private readonly List<DeleverageCandidate> _asked = [];
    private Holding[] _holders = [];
    private DeleverageCandidate[] _ranking = [];
    private DeleverageRequest _request;
    private Quantity _rest;
    private Quantity _closed;
    private long _round;
    private bool _isOpen;
    private bool _isSecond;
    private int _unanswered;
    private int _firstCount;
    private int _rank;
    private Timestamp _deadline;

    /// <summary>Rounds that wait, the open one included.</summary>
    public int Pending => _waiting.Count + (_isOpen ? 1 : 0);

    public void Start(AccountId account, in StartDeleverage request)
    {
        _waiting.Enqueue(new DeleverageRequest(account, request.Liquidation, request.Quantity, request.Price, request.PositionSide));
        Proceed();
    }

    /// <summary>A holder's figures. An answer to a round that is over has been settled by its release.</summary>
    public void Answer(AccountId account, in DeleverageAnswer answer)
    {
        if (!_isOpen || answer.Round != _round) return;
        int i = IndexOf(account, answer.PositionSide);
        if (i < 0 || _asked[i].HasAnswered) return;
        DeleverageCandidate candidate = _asked[i];
        candidate.HasAnswered = true;
        candidate.IsDeclined = answer.Declined;
        candidate.Wallet = answer.Wallet;
        candidate.Equity = answer.Equity;
        candidate.Maintenance = answer.Maintenance;
        _asked[i] = candidate;
        if (candidate.IsSecond != _isSecond) return; // passed over: its turn timed out
        _unanswered--;
        Proceed();
    }

    /// <summary>Passes over who has not answered in time.</summary>
    public void TimeOut()
    {
        if (!_isOpen || market.Now < _deadline) return;
        _unanswered = 0;
        Proceed();
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_round);
        writer.WriteInt32(_waiting.Count);
        foreach (DeleverageRequest request in _waiting) request.Write(writer);
        writer.WriteBool(_isOpen);
        if (!_isOpen) return;
        _request.Write(writer);
        writer.WriteQuantity(_rest);
        writer.WriteQuantity(_closed);
        writer.WriteInt32(_firstCount);
        writer.WriteBool(_isSecond);
        writer.WriteInt32(_unanswered);
        writer.WriteInt32(_rank);
        writer.WriteTimestamp(_deadline);
        writer.WriteInt32(_asked.Count);
        foreach (DeleverageCandidate candidate in _asked) candidate.Write(writer);
    }

    public void Read(StateReader reader)
    {
        _waiting.Clear();
        _asked.Clear();
        _round = reader.ReadInt64();
        int waiting = reader.ReadCount(29);
        for (int i = 0; i < waiting; i++) _waiting.Enqueue(DeleverageRequest.Read(reader));
        _isOpen = reader.ReadBool();
        if (!_isOpen) return;
        _request = DeleverageRequest.Read(reader);
        _rest = reader.ReadQuantity();
        _closed = reader.ReadQuantity();
        _firstCount = reader.ReadInt32();
        _isSecond = reader.ReadBool();
        _unanswered = reader.ReadInt32();
        _rank = reader.ReadInt32();
        _deadline = reader.ReadTimestamp();
        int asked = reader.ReadCount(32);
        for (int i = 0; i < asked; i++) _asked.Add(DeleverageCandidate.Read(reader));
    }

    /// <summary>Goes on as far as it can without an answer.</summary>
    private void Proceed()
    {
        while (true)
        {
            if (!_isOpen)
            {
                if (!_waiting.TryDequeue(out _request)) return;
                Open();
            }

            if (_unanswered > 0) return;
            CloseDownRanking();
            if (!_rest.IsZero && !_isSecond)
            {
                _isSecond = true;
                Ask();
                continue;
            }

            UseHouse();
            End();
        }
    }

    private void Open()
    {
        _isOpen = true;
        _isSecond = false;
        _round++;
        _rank = 0;
        _firstCount = 0;
        _closed = Quantity.Zero;
        _asked.Clear();
        Quantity held = Held();
        bool same = held.Sign == _request.Quantity.Sign;
        Quantity size = same ? Quantity.Min(held.Abs, _request.Quantity.Abs) : Quantity.Zero;
        _rest = held.Lots >= 0 ? size : -size;
        Ask();
        market.Post.Emit(new DeleverageRoundStarted
        {
            Round = _round,
            Liquidation = _request.Liquidation,
            Bankrupt = _request.Account,
            Quantity = _rest,
            Price = _request.Price,
            Asked = _asked.Count,
        });
    }

    /// <summary>Asks the opposite holders: in the first turn those in profit at the mark, in the second the others.</summary>
    private void Ask()
    {
        _unanswered = 0;
        _deadline = market.Now.AddMilliseconds(market.Profile.Liquidation.AnswerMilliseconds);
        if (_rest.IsZero) return;
        int count = market.Holders.CopySorted(ref _holders);
        int before = _asked.Count;
        for (int i = 0; i < count; i++)
        {
            ref readonly Holding holder = ref _holders[i];
            if (holder.Quantity.Sign == _rest.Sign || holder.Account == _request.Account) continue;
            if (_isSecond == Profit(holder).IsPositive) continue;
            if (_isSecond && IndexOf(holder.Account, holder.Side, 0, _firstCount) >= 0) continue;
            _asked.Add(new DeleverageCandidate { Account = holder.Account, Side = holder.Side, IsSecond = _isSecond });
            market.Post.Send(holder.Account, new DeleverageQuery { Round = _round, Market = market.Spec.Id, PositionSide = holder.Side });
        }

        _unanswered = _asked.Count - before;
        if (!_isSecond) _firstCount = _asked.Count;
    }

    private void CloseDownRanking()
    {
        if (_rest.IsZero) return;
        int count = Rank();
        for (int i = 0; i < count && !_rest.IsZero; i++)
        {
            _rank++;
            Close(_ranking[i]);
        }
    }

    private int Rank()
    {
        if (_ranking.Length < _asked.Count) _ranking = new DeleverageCandidate[_asked.Count];
        int count = 0;
        foreach (DeleverageCandidate asked in _asked)
        {
            if (asked.IsSecond != _isSecond || !asked.IsAvailable) continue;
            if (!market.Holders.TryGet(asked.Account, asked.Side, out Holding holder) || holder.Quantity.Sign == _rest.Sign) continue;
            DeleverageCandidate candidate = asked;
            candidate.Score = DeleverageRanking.ScoreDown(
                market.Profile.Liquidation.Score, Profit(holder), holder.OpenCost, market.Spec.Notional(market.Mark, holder.Quantity).Abs,
                asked.Wallet, asked.Equity, asked.Maintenance);
            _ranking[count++] = candidate;
        }

        Array.Sort(_ranking, 0, count);
        return count;
    }

    private void Close(in DeleverageCandidate candidate)
    {
        if (!market.Holders.TryGet(candidate.Account, candidate.Side, out Holding held)) return;
        Quantity closed = Quantity.Min(held.Quantity.Abs, Closable());
        if (closed.IsZero || held.Quantity.Sign == _rest.Sign) return;
        if (!EquityAfter(candidate.Equity, held, closed).IsPositive) return;
        changes.CancelAll(candidate.Account, CancelReason.Deleveraged);
        TradeId trade = Move(candidate.Account, candidate.Side, closed);
        market.Post.Emit(candidate.Account, new Deleveraged
        {
            Round = _round,
            Trade = trade,
            Price = _request.Price,
            Quantity = closed,
            Score = candidate.Score,
            Rank = _rank,
            PositionSide = candidate.Side,
        });
    }

    /// <summary>
    /// The holder's equity with a part of its position closed at the round's price. Equity counts unrealized profit by the profile's share,
    /// realized profit whole.
    /// </summary>
    private Amount EquityAfter(Amount equity, in Holding held, Quantity closed)
    {
        Rate share = market.Profile.ProfitShare;
        Side side = held.Quantity.Lots > 0 ? Side.Sell : Side.Buy;
        Quantity quantity = held.Quantity;
        Amount openCost = held.OpenCost;
        Amount realized = LegMath.ApplyFill(market.Spec, ref quantity, ref openCost, side, closed, _request.Price);
        Amount after = LegMath.UnrealizedProfit(market.Spec, quantity, openCost, market.Mark);
        return equity - LegMath.CountedProfitDown(Profit(held), share) + LegMath.CountedProfitDown(after, share) + realized;
    }

    private void UseHouse()
    {
        Quantity house = market.Own.HouseQuantity;
        Quantity closed = Quantity.Min(house.Abs, Closable());
        if (!closed.IsZero && house.Sign != _rest.Sign) Move(AccountId.House, PositionSide.Both, closed);
    }

    private TradeId Move(AccountId other, PositionSide otherLeg, Quantity closed)
    {
        Side closing = _rest.Lots > 0 ? Side.Sell : Side.Buy;
        TradeId trade = transfer.Move(
            FillKind.Deleverage, _request.Account, _request.Side, _request.Liquidation, closing, other, otherLeg, closed, _request.Price);
        Quantity signed = _rest.Lots > 0 ? closed : -closed;
        _rest -= signed;
        _closed += signed;
        return trade;
    }

    private void End()
    {
        _isOpen = false;
        market.Post.Emit(new DeleverageRoundEnded
        {
            Round = _round,
            Liquidation = _request.Liquidation,
            Bankrupt = _request.Account,
            Closed = _closed,
            Leaves = _rest,
        });
        foreach (DeleverageCandidate asked in _asked)
            market.Post.Send(asked.Account, new DeleverageRelease { Round = _round, Market = market.Spec.Id });
        market.Post.Send(_request.Account, new DeleverageDone
        {
            Liquidation = _request.Liquidation,
            Leaves = _rest,
            Market = market.Spec.Id,
            PositionSide = _request.Side,
        });
        _asked.Clear();
    }

    /// <summary>What is still to be closed and still held.</summary>
    private Quantity Closable()
    {
        Quantity held = Held();
        return held.Sign == _rest.Sign ? Quantity.Min(held.Abs, _rest.Abs) : Quantity.Zero;
    }

    private Quantity Held() => market.Holders.QuantityOf(_request.Account, _request.Side);

    private Amount Profit(in Holding holder) => market.Spec.Notional(market.Mark, holder.Quantity) - holder.OpenCost;

    /// <summary>Each turn asks in account id, then leg order.</summary>
    private int IndexOf(AccountId account, PositionSide side)
    {
        int i = IndexOf(account, side, 0, _firstCount);
        return i >= 0 ? i : IndexOf(account, side, _firstCount, _asked.Count);
    }

    private int IndexOf(AccountId account, PositionSide side, int low, int high)
    {
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            int c = _asked[middle].Account.CompareTo(account);
            if (c == 0) c = _asked[middle].Side.CompareTo(side);
            if (c == 0) return middle;
            if (c < 0) low = middle + 1;
            else high = middle;
        }

        return -1;
    }
}
