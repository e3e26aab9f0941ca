using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>
/// Auto-deleveraging of one market. A round closes one request's position; rounds of one side are gathered, so that one asking serves them
/// all, in order of arrival. It asks the opposite holders in profit at the mark; each round closes down their ranking; if something is
/// left, it asks those not in profit; each round closes down theirs, then uses the house's opposite position. Who declines or does not
/// answer in time is passed over, and so is, by a round, whoever would end with equity at or below zero at its price.
/// </summary>
/// <param name="mostGathered">How many rounds one asking may serve: it bounds the work of the step that closes.</param>
internal sealed class DeleverageRounds(MarketState market, PositionTransfer transfer, OrderChanges changes, int mostGathered)
{
    public const int MostGathered = 256;

    // The byte that says whether an asking is open. Other numbers are layouts of askings that served one round.
    private const byte NoneOpen = 0;
    private const byte GatheredOpen = 2;

    private readonly List<DeleverageRequest> _waiting = [];
    private readonly List<DeleverageRound> _rounds = []; // served by the open asking, in order of arrival
    private readonly List<DeleverageCandidate> _asked = [];
    private readonly RankedHolders _ranked = new();
    private Holding[] _holders = [];
    private AccountId[] _bankrupt = [];
    private long _lastRound;
    private long _asking; // the number of its first round
    private bool _isOpen;
    private bool _isSecond;
    private int _unanswered;
    private int _firstCount;
    private Timestamp _deadline;

    /// <summary>Rounds that wait or run.</summary>
    public int Pending => _waiting.Count + _rounds.Count;

    private int Sign => _rounds[0].Request.Quantity.Sign;

    /// <summary>
    /// A request joins the asking that waits for its first answers: the same holders would be asked, and they are held. Behind that it waits
    /// for the next one, because those who answered first have been closed by the mark of that moment.
    /// </summary>
    public void Start(AccountId account, in StartDeleverage request)
    {
        var arrived = new DeleverageRequest(account, request.Liquidation, request.Quantity, request.Price, request.PositionSide);
        bool joins = _isOpen && !_isSecond && _rounds.Count < mostGathered && arrived.Quantity.Sign == Sign;
        if (joins)
        {
            EmitStarted(Admit(arrived));
            return;
        }

        _waiting.Add(arrived);
        Proceed();
    }

    /// <summary>A holder's figures. An answer to an asking that is over has been settled by its release.</summary>
    public void Answer(AccountId account, in DeleverageAnswer answer)
    {
        if (!_isOpen || answer.Round != _asking) return;
        int i = IndexOf(account, answer.PositionSide);
        if (i < 0 || _asked[i].HasAnswered) return;
        DeleverageCandidate candidate = _asked[i];
        candidate.HasAnswered = true;
        candidate.IsDeclined = answer.Declined;
        candidate.IsIsolated = answer.Isolated;
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
        writer.WriteInt64(_lastRound);
        writer.WriteInt32(_waiting.Count);
        foreach (DeleverageRequest request in _waiting) request.Write(writer);
        writer.WriteByte(_isOpen ? GatheredOpen : NoneOpen);
        if (!_isOpen) return;
        writer.WriteInt64(_asking);
        writer.WriteInt32(_rounds.Count);
        foreach (DeleverageRound round in _rounds) round.Write(writer);
        writer.WriteInt32(_firstCount);
        writer.WriteBool(_isSecond);
        writer.WriteInt32(_unanswered);
        writer.WriteTimestamp(_deadline);
        writer.WriteInt32(_asked.Count);
        foreach (DeleverageCandidate candidate in _asked) candidate.Write(writer);
    }

    public void Read(StateReader reader)
    {
        _waiting.Clear();
        _rounds.Clear();
        _asked.Clear();
        _lastRound = reader.ReadInt64();
        int waiting = reader.ReadCount(DeleverageRequest.StateBytes);
        for (int i = 0; i < waiting; i++) _waiting.Add(DeleverageRequest.Read(reader));
        byte open = reader.ReadByte();
        _isOpen = open == GatheredOpen;
        if (open == NoneOpen) return;
        if (!_isOpen) throw reader.Fault($"an open deleveraging round has layout {open}, this release reads layout {GatheredOpen}");
        _asking = reader.ReadInt64();
        int rounds = reader.ReadCount(DeleverageRound.StateBytes);
        if (rounds == 0) throw reader.Fault("deleveraging asks for no round");
        for (int i = 0; i < rounds; i++) _rounds.Add(DeleverageRound.Read(reader));
        _firstCount = reader.ReadInt32();
        _isSecond = reader.ReadBool();
        _unanswered = reader.ReadInt32();
        _deadline = reader.ReadTimestamp();
        int asked = reader.ReadCount(DeleverageCandidate.StateBytes);
        for (int i = 0; i < asked; i++) _asked.Add(DeleverageCandidate.Read(reader));
    }

    /// <summary>Goes on as far as it can without an answer.</summary>
    private void Proceed()
    {
        while (true)
        {
            if (!_isOpen)
            {
                if (_waiting.Count == 0) return;
                Open();
            }

            if (_unanswered > 0) return;
            CloseDownRanking();
            if (!_isSecond && HasRest())
            {
                EndClosed();
                _isSecond = true;
                Ask();
                continue;
            }

            End();
        }
    }

    private void Open()
    {
        _isOpen = true;
        _isSecond = false;
        _firstCount = 0;
        _asking = _lastRound + 1;
        _asked.Clear();
        Gather();
        Ask();
        foreach (DeleverageRound round in _rounds) EmitStarted(round);
    }

    /// <summary>Takes the waiting requests of the oldest one's side, the oldest first.</summary>
    private void Gather()
    {
        int sign = _waiting[0].Quantity.Sign;
        int kept = 0;
        for (int i = 0; i < _waiting.Count; i++)
        {
            DeleverageRequest request = _waiting[i];
            if (request.Quantity.Sign == sign && _rounds.Count < mostGathered) Admit(request);
            else _waiting[kept++] = request;
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    private DeleverageRound Admit(in DeleverageRequest request)
    {
        Quantity held = Held(request);
        bool same = held.Sign == request.Quantity.Sign;
        Quantity size = same ? Quantity.Min(held.Abs, request.Quantity.Abs) : Quantity.Zero;
        var round = new DeleverageRound { Request = request, Number = ++_lastRound, Rest = held.Lots >= 0 ? size : -size };
        _rounds.Add(round);
        return round;
    }

    /// <summary>Asks the opposite holders: in the first turn those in profit at the mark, in the second the others.</summary>
    private void Ask()
    {
        _unanswered = 0;
        _deadline = market.Now.AddMilliseconds(market.Profile.Liquidation.AnswerMilliseconds);
        if (!HasRest()) return;
        int sign = Sign;
        SortBankrupt();
        int count = market.Holders.CopySorted(ref _holders);
        int before = _asked.Count;
        for (int i = 0; i < count; i++)
        {
            ref readonly Holding holder = ref _holders[i];
            if (holder.Quantity.Sign == sign) continue;
            if (_isSecond == Profit(holder).IsPositive) continue;
            if (IsBankrupt(holder.Account)) continue;
            if (_isSecond && IndexOf(holder.Account, holder.Side, 0, _firstCount) >= 0) continue;
            _asked.Add(new DeleverageCandidate { Account = holder.Account, Side = holder.Side, IsSecond = _isSecond });
            market.Post.Send(holder.Account, new DeleverageQuery { Round = _asking, Market = market.Spec.Id, PositionSide = holder.Side });
        }

        _unanswered = _asked.Count - before;
        if (!_isSecond) _firstCount = _asked.Count;
    }

    private void SortBankrupt()
    {
        if (_bankrupt.Length < _rounds.Count) _bankrupt = new AccountId[Math.Max(_rounds.Count, _bankrupt.Length * 2)];
        for (int i = 0; i < _rounds.Count; i++) _bankrupt[i] = _rounds[i].Request.Account;
        Array.Sort(_bankrupt, 0, _rounds.Count);
    }

    /// <summary>
    /// Whose position is being closed is no counterparty: not its own, and not another's either, because it is in liquidation. One that
    /// answered before it came to that is passed over all the same.
    /// </summary>
    private bool IsBankrupt(AccountId account) => Array.BinarySearch(_bankrupt, 0, _rounds.Count, account) >= 0;

    private bool HasRest()
    {
        foreach (DeleverageRound round in _rounds)
        {
            if (!round.Rest.IsZero) return true;
        }

        return false;
    }

    private void CloseDownRanking()
    {
        if (!HasRest()) return;
        Rank();
        for (int i = 0; i < _rounds.Count; i++)
        {
            DeleverageRound round = _rounds[i];
            if (round.Rest.IsZero) continue;
            CloseDownRanking(ref round);
            _rounds[i] = round;
        }
    }

    /// <summary>
    /// Behind each closing the holder's figures are carried on, so that a later round ranks and checks as if it had been asked again.
    /// </summary>
    private void CloseDownRanking(ref DeleverageRound round)
    {
        int place = 0;
        for (; place < _ranked.Count && !Closable(round).IsZero; place++)
        {
            round.Rank++;
            Close(ref round, ref _ranked[place]);
        }

        _ranked.EndWalk(place);
    }

    private void Rank()
    {
        int sign = Sign;
        SortBankrupt();
        _ranked.Clear(_asked.Count);
        foreach (DeleverageCandidate asked in _asked)
        {
            if (asked.IsSecond != _isSecond || !asked.IsAvailable || IsBankrupt(asked.Account)) continue;
            if (!market.Holders.TryGet(asked.Account, asked.Side, out Holding holder) || holder.Quantity.Sign == sign) continue;
            DeleverageCandidate candidate = asked;
            candidate.Score = Score(asked, holder);
            _ranked.Add(candidate);
        }

        _ranked.Sort();
    }

    private Int128 Score(in DeleverageCandidate candidate, in Holding holder) => DeleverageRanking.ScoreDown(
        market.Profile.Liquidation.Score, Profit(holder), holder.OpenCost, market.Spec.Notional(market.Mark, holder.Quantity).Abs,
        candidate.Wallet, candidate.Equity, candidate.Maintenance);

    private void Close(ref DeleverageRound round, ref DeleverageCandidate candidate)
    {
        market.Holders.TryGet(candidate.Account, candidate.Side, out Holding held);
        Quantity closed = Quantity.Min(held.Quantity.Abs, Closable(round));
        Holding left = held;
        Amount realized = LegMath.ApplyFill(
            market.Spec, ref left.Quantity, ref left.OpenCost, held.Quantity.Lots > 0 ? Side.Sell : Side.Buy, closed, round.Request.Price);
        Amount equity = EquityAfter(candidate.Equity, held, left, realized);
        if (!equity.IsPositive) return;
        changes.CancelAll(candidate.Account, CancelReason.Deleveraged);
        TradeId trade = Move(ref round, candidate.Account, candidate.Side, closed);
        market.Post.Emit(candidate.Account, new Deleveraged
        {
            Round = round.Number,
            Trade = trade,
            Price = round.Request.Price,
            Quantity = closed,
            Score = candidate.Score,
            Rank = round.Rank,
            PositionSide = candidate.Side,
        });
        candidate.Change = left.Quantity.IsZero ? RankChange.Gone : RankChange.Score;
        if (candidate.Change == RankChange.Gone) return;
        Amount returned = candidate.IsIsolated
            ? LegMath.ReleasedWalletDown(candidate.Wallet, held.Quantity, closed, realized)
            : Amount.Zero;
        candidate.Wallet += realized - returned;
        candidate.Equity = equity - returned;
        candidate.Maintenance += Maintenance(left) - Maintenance(held);
        candidate.Score = Score(candidate, left);
    }

    /// <summary>Equity counts unrealized profit by the profile's share, realized profit whole.</summary>
    private Amount EquityAfter(Amount equity, in Holding held, in Holding left, Amount realized)
    {
        Rate share = market.Profile.ProfitShare;
        return equity - LegMath.CountedProfitDown(Profit(held), share) + LegMath.CountedProfitDown(Profit(left), share) + realized;
    }

    private void UseHouse(ref DeleverageRound round)
    {
        Quantity house = market.Own.HouseQuantity;
        Quantity closed = Quantity.Min(house.Abs, Closable(round));
        if (!closed.IsZero && house.Sign != round.Rest.Sign) Move(ref round, AccountId.House, PositionSide.Both, closed);
    }

    private TradeId Move(ref DeleverageRound round, AccountId other, PositionSide otherLeg, Quantity closed)
    {
        Side closing = round.Rest.Lots > 0 ? Side.Sell : Side.Buy;
        ref readonly DeleverageRequest request = ref round.Request;
        TradeId trade = transfer.Move(
            FillKind.Deleverage, request.Account, request.Side, request.Liquidation, closing, other, otherLeg, closed, request.Price);
        Quantity signed = round.Rest.Lots > 0 ? closed : -closed;
        round.Rest -= signed;
        round.Closed += signed;
        return trade;
    }

    /// <summary>Ends the rounds that need no second turn, while their liquidations wait.</summary>
    private void EndClosed()
    {
        int kept = 0;
        for (int i = 0; i < _rounds.Count; i++)
        {
            DeleverageRound round = _rounds[i];
            if (!round.Rest.IsZero)
            {
                _rounds[kept++] = round;
                continue;
            }

            EmitEnded(round);
            SendDone(round);
        }

        _rounds.RemoveRange(kept, _rounds.Count - kept);
    }

    private void End()
    {
        for (int i = 0; i < _rounds.Count; i++)
        {
            DeleverageRound round = _rounds[i];
            UseHouse(ref round);
            _rounds[i] = round;
            EmitEnded(round);
        }

        foreach (DeleverageCandidate asked in _asked)
            market.Post.Send(asked.Account, new DeleverageRelease { Round = _asking, Market = market.Spec.Id });
        foreach (DeleverageRound round in _rounds) SendDone(round);
        _isOpen = false;
        _rounds.Clear();
        _asked.Clear();
    }

    private void EmitStarted(in DeleverageRound round) => market.Post.Emit(new DeleverageRoundStarted
    {
        Round = round.Number,
        Liquidation = round.Request.Liquidation,
        Bankrupt = round.Request.Account,
        Quantity = round.Rest,
        Price = round.Request.Price,
        Asked = _asked.Count,
    });

    private void EmitEnded(in DeleverageRound round) => market.Post.Emit(new DeleverageRoundEnded
    {
        Round = round.Number,
        Liquidation = round.Request.Liquidation,
        Bankrupt = round.Request.Account,
        Closed = round.Closed,
        Leaves = round.Rest,
    });

    private void SendDone(in DeleverageRound round) => market.Post.Send(round.Request.Account, new DeleverageDone
    {
        Liquidation = round.Request.Liquidation,
        Leaves = round.Rest,
        Market = market.Spec.Id,
        PositionSide = round.Request.Side,
    });

    /// <summary>What is still to be closed and still held.</summary>
    private Quantity Closable(in DeleverageRound round)
    {
        Quantity held = Held(round.Request);
        return held.Sign == round.Rest.Sign ? Quantity.Min(held.Abs, round.Rest.Abs) : Quantity.Zero;
    }

    private Quantity Held(in DeleverageRequest request) => market.Holders.QuantityOf(request.Account, request.Side);

    private Amount Profit(in Holding holder) => market.Spec.Notional(market.Mark, holder.Quantity) - holder.OpenCost;

    private Amount Maintenance(in Holding holder) => LegMath.MaintenanceUp(market.Spec, holder.Quantity, market.Mark);

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
