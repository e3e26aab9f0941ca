namespace CrossMargin.Server.Report.Recording;

/// <summary>What a sample holds of one market. Prices in units; 0 where there is none.</summary>
public enum MarketColumn
{
    Index = 0,
    Mark = 1,
    Last = 2,

    /// <summary>Lowest and highest trade since the sample before.</summary>
    LastLow = 3,
    LastHigh = 4,

    /// <summary>Long side, notional at the mark, 1e-8.</summary>
    OpenInterest = 5,
}

/// <summary>Where a sample's numbers lie. Counts and volumes are sums since the start of the run, volumes in whole units of the asset.</summary>
public sealed class SeriesColumns(int markets, int strategies)
{
    public const int Time = 0;
    public const int Orders = 1;
    public const int Trades = 2;
    public const int TraderVolume = 3;
    public const int HouseVolume = 4;
    public const int Liquidations = 5;
    public const int LiquidationVolume = 6;
    public const int Takeovers = 7;
    public const int Deleveraged = 8;
    public const int DeleveragedVolume = 9;

    /// <summary>1e-8.</summary>
    public const int FundWallet = 10;
    public const int FundEquity = 11;
    public const int Deficit = 12;

    private const int Bands = 13;
    private const int FirstMarket = Bands + RatioBands.Count;
    private const int MarketColumns = 6;

    public int Count { get; } = FirstMarket + (markets * MarketColumns) + (strategies * 2);

    /// <summary>Accounts in a band.</summary>
    public static int Band(RatioBand band) => Bands + (int)band;

    /// <param name="market">0-based.</param>
    /// <param name="column">Which of its numbers.</param>
    public int Market(int market, MarketColumn column) => FirstMarket + (market * MarketColumns) + (int)column;

    /// <summary>Accounts of a strategy that are alive.</summary>
    public int Alive(int strategy) => FirstMarket + (markets * MarketColumns) + (strategy * 2);

    /// <summary>Equity of a strategy's accounts, whole units.</summary>
    public int Equity(int strategy) => Alive(strategy) + 1;
}
