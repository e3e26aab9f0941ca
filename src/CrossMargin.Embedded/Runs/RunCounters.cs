using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>Sums over a run, from its events alone. Volumes are notional in the settlement asset, one side of each trade, ≥ 0.</summary>
public sealed class RunCounters(VenueProfile profile) : IRunParticipant
{
    private readonly MarketCounters[] _markets = new MarketCounters[profile.Markets.Count];

    public long Commands { get; private set; }

    /// <summary>Orders that were accepted, triggered ones included; those of liquidations apart.</summary>
    public long Orders { get; private set; }

    public long ConditionalOrders { get; private set; }
    public long LiquidationOrders { get; private set; }

    /// <summary>Commands refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Trades in the book.</summary>
    public long Trades { get; private set; }

    /// <summary>Volume of trades between two traders, in the book.</summary>
    public Int128 TraderVolume { get; private set; }

    /// <summary>Volume of trades with the house on one side.</summary>
    public Int128 HouseVolume { get; private set; }

    /// <summary>Volume of trades with the fund on one side, in the book.</summary>
    public Int128 FundVolume { get; private set; }

    public Int128 LiquidationVolume { get; private set; }
    public long Liquidations { get; private set; }
    public long LiquidationsEnded { get; private set; }
    public long Takeovers { get; private set; }
    public Int128 TakeoverVolume { get; private set; }
    public long Deleveraged { get; private set; }
    public Int128 DeleveragedVolume { get; private set; }
    public long Shortfalls { get; private set; }
    public Int128 ShortfallAmount { get; private set; }
    public Int128 FeesPaid { get; private set; }
    public Int128 FundingPaid { get; private set; }
    public long FundingSettlements { get; private set; }
    public Amount FundWallet { get; private set; } = profile.Fund.InitialBalance;
    public Amount Deficit { get; private set; }

    /// <summary>By market, in id order.</summary>
    public ReadOnlySpan<MarketCounters> Markets => _markets;

    public void Count(ReadOnlySpan<Event> events)
    {
        Commands++;
        foreach (ref readonly Event e in events)
        {
            switch (e.Kind)
            {
                case EventKind.OrderAccepted:
                    if (e.Body<OrderAccepted>().Liquidation.IsNone) Orders++;
                    else LiquidationOrders++;
                    break;
                case EventKind.OrderFilled:
                    FeesPaid += e.Body<OrderFilled>().Fee.E8;
                    break;
                case EventKind.Traded:
                    CountTrade(e);
                    break;
                case EventKind.TriggerAccepted:
                    ConditionalOrders++;
                    break;
                case EventKind.CommandRefused:
                    Refused++;
                    break;
                case EventKind.PriceChanged:
                    _markets[e.Market.Value - 1].OpenInterest = e.Body<PriceChanged>().OpenInterest;
                    break;
                default:
                    CountRare(e);
                    break;
            }
        }
    }

    public void Write(StateWriter writer)
    {
        foreach (long value in (long[])[Commands, Orders, ConditionalOrders, LiquidationOrders, Refused, Trades]) writer.WriteInt64(value);
        foreach (Int128 value in (Int128[])[TraderVolume, HouseVolume, FundVolume, LiquidationVolume]) writer.WriteInt128(value);
        foreach (long value in (long[])[Liquidations, LiquidationsEnded, Takeovers, Deleveraged, Shortfalls]) writer.WriteInt64(value);
        foreach (Int128 value in (Int128[])[TakeoverVolume, DeleveragedVolume, ShortfallAmount]) writer.WriteInt128(value);
        foreach (Int128 value in (Int128[])[FeesPaid, FundingPaid]) writer.WriteInt128(value);
        writer.WriteInt64(FundingSettlements);
        writer.WriteAmount(FundWallet);
        writer.WriteAmount(Deficit);
        foreach (ref readonly MarketCounters m in _markets.AsSpan())
        {
            writer.WriteInt64(m.Trades);
            writer.WriteInt128(m.Volume);
            writer.WriteInt128(m.HouseVolume);
            writer.WriteInt64(m.LiquidationTrades);
            writer.WriteQuantity(m.OpenInterest);
        }
    }

    public void Read(StateReader reader)
    {
        (Commands, Orders, ConditionalOrders) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        (LiquidationOrders, Refused, Trades) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        (TraderVolume, HouseVolume) = (reader.ReadInt128(), reader.ReadInt128());
        (FundVolume, LiquidationVolume) = (reader.ReadInt128(), reader.ReadInt128());
        (Liquidations, LiquidationsEnded, Takeovers) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        (Deleveraged, Shortfalls) = (reader.ReadInt64(), reader.ReadInt64());
        (TakeoverVolume, DeleveragedVolume, ShortfallAmount) = (reader.ReadInt128(), reader.ReadInt128(), reader.ReadInt128());
        (FeesPaid, FundingPaid) = (reader.ReadInt128(), reader.ReadInt128());
        FundingSettlements = reader.ReadInt64();
        (FundWallet, Deficit) = (reader.ReadAmount(), reader.ReadAmount());
        foreach (ref MarketCounters m in _markets.AsSpan())
        {
            (m.Trades, m.Volume, m.HouseVolume) = (reader.ReadInt64(), reader.ReadInt128(), reader.ReadInt128());
            (m.LiquidationTrades, m.OpenInterest) = (reader.ReadInt64(), reader.ReadQuantity());
        }
    }

    private void CountTrade(in Event e)
    {
        ref readonly Traded t = ref e.Body<Traded>();
        Int128 volume = profile[e.Market].Notional(t.Price, t.Quantity).E8;
        switch (t.Type)
        {
            case FillKind.Takeover:
                Takeovers++;
                TakeoverVolume += volume;
                return;
            case FillKind.Deleverage:
                DeleveragedVolume += volume;
                return;
        }

        ref MarketCounters market = ref _markets[e.Market.Value - 1];
        Trades++;
        market.Trades++;
        market.Volume += volume;
        if (t.Type == FillKind.Liquidation)
        {
            LiquidationVolume += volume;
            market.LiquidationTrades++;
        }

        if (t.Buyer == AccountId.House || t.Seller == AccountId.House)
        {
            HouseVolume += volume;
            market.HouseVolume += volume;
        }
        else if (t.Buyer == AccountId.Fund || t.Seller == AccountId.Fund)
        {
            FundVolume += volume;
        }
        else
        {
            TraderVolume += volume;
        }
    }

    private void CountRare(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.LiquidationStarted:
                Liquidations++;
                break;
            case EventKind.LiquidationEnded:
                LiquidationsEnded++;
                Amount shortfall = e.Body<LiquidationEnded>().Shortfall;
                if (shortfall.IsPositive) Shortfalls++;
                ShortfallAmount += shortfall.E8;
                break;
            case EventKind.Deleveraged:
                Deleveraged++;
                break;
            case EventKind.FundingSettled:
                FundingSettlements++;
                FundingPaid += e.Body<FundingSettled>().Paid.E8;
                break;
            case EventKind.FundBalanceChanged:
                FundWallet = e.Body<FundBalanceChanged>().WalletAfter;
                break;
            case EventKind.DeficitChanged:
                Deficit = e.Body<DeficitChanged>().DeficitAfter;
                break;
        }
    }
}

/// <summary>One market's sums.</summary>
public struct MarketCounters
{
    public long Trades;
    public Int128 Volume;
    public Int128 HouseVolume;
    public long LiquidationTrades;

    /// <summary>Long side, as of the last price change.</summary>
    public Quantity OpenInterest;
}
