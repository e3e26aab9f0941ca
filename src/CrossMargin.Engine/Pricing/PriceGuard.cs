using CrossMargin.Model;

namespace CrossMargin.Engine.Pricing;

/// <summary>
/// The market's index and whether it can be trusted. A move between two updates beyond the jump band is wild; it is over when an update
/// inside the band has followed and none was outside for the recovery time. Without update for the stale time the index is stale until
/// the next one. Of several reasons the operator's halt comes first, then no price, wild, stale.
/// </summary>
public sealed class PriceGuard(MarketSpec spec, LiquidationSpec liquidation)
{
    private Timestamp _wildAt;
    private bool _isWild;
    private bool _isConfirmed;
    private bool _isStale;

    public Price Index { get; private set; }

    /// <summary>The last index before the market went wild.</summary>
    public Price LastInBand { get; private set; }
    public Timestamp LastUpdate { get; private set; }
    public bool IsHalted { get; private set; }

    public PauseReason Reason
    {
        get
        {
            if (IsHalted) return PauseReason.Halted;
            if (Index.IsNone) return PauseReason.NoPrice;
            return _isWild ? PauseReason.Wild : _isStale ? PauseReason.Stale : PauseReason.None;
        }
    }

    public void TakeIndex(Price index, Timestamp now)
    {
        if (IsJump(index))
        {
            if (!_isWild) LastInBand = Index;
            _isWild = true;
            _isConfirmed = false;
            _wildAt = now;
        }
        else if (_isWild)
        {
            _isConfirmed = true;
        }

        Index = index;
        LastUpdate = now;
        _isStale = false;
        TryRecover(now);
        if (!_isWild) LastInBand = index;
    }

    public void TakeTime(Timestamp now)
    {
        if (Index.IsNone) return;
        if (now - LastUpdate >= liquidation.StaleMilliseconds) _isStale = true;
        if (!_isStale) TryRecover(now);
        if (!_isWild) LastInBand = Index;
    }

    public void SetStatus(MarketStatus status) => IsHalted = status == MarketStatus.Halted;

    public void Write(StateWriter writer)
    {
        writer.WritePrice(Index);
        writer.WritePrice(LastInBand);
        writer.WriteTimestamp(LastUpdate);
        writer.WriteTimestamp(_wildAt);
        writer.WriteBool(_isWild);
        writer.WriteBool(_isConfirmed);
        writer.WriteBool(_isStale);
        writer.WriteBool(IsHalted);
    }

    public void Read(StateReader reader)
    {
        Index = reader.ReadPrice();
        LastInBand = reader.ReadPrice();
        LastUpdate = reader.ReadTimestamp();
        _wildAt = reader.ReadTimestamp();
        _isWild = reader.ReadBool();
        _isConfirmed = reader.ReadBool();
        _isStale = reader.ReadBool();
        IsHalted = reader.ReadBool();
    }

    private bool IsJump(Price index)
    {
        if (Index.IsNone) return false;
        Int128 move = Int128.Abs((Int128)index.Units - Index.Units);
        return move * Rate.One > (Int128)Index.Units * spec.JumpBand.E8;
    }

    private void TryRecover(Timestamp now)
    {
        if (!_isWild || !_isConfirmed || now - _wildAt < liquidation.RecoverMilliseconds) return;
        _isWild = false;
        _isConfirmed = false;
        _wildAt = default;
    }
}
