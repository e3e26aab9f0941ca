using CrossMargin.Engine.Accounts;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// What the operator changes of a market: leverage brackets for new risk, the house. Every command is answered by an event, a refused one by
/// <see cref="MarketCommandRefused"/>.
/// </summary>
internal sealed class OperatorDesk(MarketState market)
{
    private const int MostLevels = 100;
    private const long LongestRefill = 86_400_000;
    private const long MostOfOne = long.MaxValue / 8;
    private const long MostOfAll = long.MaxValue / 2;

    private static readonly Amount s_mostDepth = Amount.FromWhole(1_000_000_000);

    private long _sequence;

    /// <summary>Brackets the operator has set; null: the specification's.</summary>
    public LeverageBrackets? Brackets { get; private set; }

    public void SetBrackets(in SetLeverageBrackets command)
    {
        Refusal refusal = LeverageBrackets.Check(command, market.Spec.Tiers, Transfers.MaxBalance);
        if (!refusal.IsNone)
        {
            Refuse(refusal, MessageKind.SetLeverageBrackets);
            return;
        }

        Brackets = new LeverageBrackets(command.MaxLeverage, command.Count, command.Cap);
        _sequence++;
        market.Post.SendToMonitor(Published);
        market.Post.Emit(new LeverageBracketsChanged { Cap = command.Cap, Count = command.Count, MaxLeverage = command.MaxLeverage });
    }

    /// <summary>What nodes were last told; sequence 0 while the brackets are the specification's.</summary>
    public BracketsTick Published => Brackets is null
        ? new BracketsTick { Market = market.Spec.Id }
        : new BracketsTick
        {
            Sequence = _sequence,
            Cap = Brackets.Cap,
            Market = market.Spec.Id,
            Count = Brackets.Count,
            MaxLeverage = Brackets.Leverages,
        };

    /// <summary>False, and nothing done, when the settings are refused.</summary>
    public bool TrySetHouse(in SetHouse command)
    {
        Refusal refusal = CheckHouse(command);
        if (!refusal.IsNone)
        {
            Refuse(refusal, MessageKind.SetHouse);
            return false;
        }

        market.Ladder.Configure(Of(command), market.Now);
        market.Post.Emit(new HouseChanged
        {
            Enabled = command.Enabled,
            Levels = command.Levels,
            HalfSpread = command.HalfSpread,
            LevelStep = command.LevelStep,
            LevelGrowth = command.LevelGrowth,
            DepthNotional = command.DepthNotional,
            VolumeShare = command.VolumeShare,
            RefillMilliseconds = command.RefillMilliseconds,
        });
        return true;
    }

    /// <summary>
    /// An index price from outside is at most one at which the largest position of the market is worth an eighth of what an amount can hold, and
    /// all together half of it: so sums over markets and holders fit. Positions are bounded when they are opened, at the price of then.
    /// </summary>
    public bool AllowsIndex(Price index)
    {
        Int128 unit = market.Spec.AmountPerUnitLot;
        Int128 all = unit * market.OpenInterest.Lots;
        if (all * index.Units <= MostOfOne) return true;
        Int128 one = unit * Math.Max(market.Holders.LargestLots(), Math.Abs(market.Own.HouseQuantity.Lots));
        var limit = new Price((long)Int128.Min(MostOfOne / one, MostOfAll / all));
        if (index <= limit) return true;
        Refuse(new Refusal(RejectReason.InvalidPrice, limit.Units, index.Units), MessageKind.SetIndexPrice);
        return false;
    }

    /// <summary>A funding rate from outside is at most the whole notional, either way.</summary>
    public bool AllowsRate(Rate rate, MessageKind command)
    {
        if (rate.E8 is >= -Rate.One and <= Rate.One) return true;
        Refuse(new Refusal(RejectReason.InvalidAmount, Rate.One, rate.E8), command);
        return false;
    }

    /// <summary>A status that is none, or that the market has already, is refused.</summary>
    public bool AllowsStatus(MarketStatus status)
    {
        if (status is not (MarketStatus.Trading or MarketStatus.Halted))
        {
            Refuse(new Refusal(RejectReason.InvalidType, (long)MarketStatus.Halted, (long)status), MessageKind.SetMarketStatus);
            return false;
        }

        if (market.Guard.IsHalted != (status == MarketStatus.Halted)) return true;
        Refuse(Refusal.Because(RejectReason.NothingToChange), MessageKind.SetMarketStatus);
        return false;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_sequence);
        Brackets?.Write(writer);
    }

    public void Read(StateReader reader)
    {
        _sequence = reader.ReadInt64();
        Brackets = _sequence > 0 ? LeverageBrackets.Read(reader) : null;
    }

    private static HouseSpec Of(in SetHouse c) => new()
    {
        Enabled = c.Enabled,
        Levels = c.Levels,
        HalfSpread = c.HalfSpread,
        LevelStep = c.LevelStep,
        LevelGrowth = c.LevelGrowth,
        DepthNotional = c.DepthNotional,
        VolumeShare = c.VolumeShare,
        RefillMilliseconds = c.RefillMilliseconds,
    };

    private static Refusal CheckHouse(in SetHouse c)
    {
        if (c.Enabled.Value > 1) return Outside(1, c.Enabled.Value);
        if (c.Levels is < 1 or > MostLevels) return Outside(MostLevels, c.Levels);
        if (c.HalfSpread.E8 is < 1 or > Rate.One / 10) return Outside(Rate.One / 10, c.HalfSpread.E8);
        if (c.LevelStep.E8 is < 1 or > Rate.One / 10) return Outside(Rate.One / 10, c.LevelStep.E8);
        long far = c.HalfSpread.E8 + c.Levels * c.LevelStep.E8;
        if (far >= Rate.One) return Outside(Rate.One - 1, far);
        if (c.LevelGrowth.E8 is < 0 or > 10 * Rate.One) return Outside(10 * Rate.One, c.LevelGrowth.E8);
        if (c.DepthNotional.IsNegative || c.DepthNotional > s_mostDepth) return Outside(s_mostDepth.E8, c.DepthNotional.E8);
        if (c.VolumeShare.E8 is < 0 or > 10 * Rate.One) return Outside(10 * Rate.One, c.VolumeShare.E8);
        return c.RefillMilliseconds is < 1 or > LongestRefill ? Outside(LongestRefill, c.RefillMilliseconds) : Refusal.None;
    }

    private static Refusal Outside(long limit, long actual) => new(RejectReason.InvalidHouse, limit, actual);

    private void Refuse(Refusal refusal, MessageKind command) =>
        market.Post.Emit(new MarketCommandRefused { Refusal = refusal, Command = command });
}
