namespace CrossMargin.Embedded.History;

/// <summary>How much of what happens is kept for people to query.</summary>
public enum HistoryMode
{
    /// <summary>Everything that an event tells.</summary>
    All = 1,

    /// <summary>What moved money or positions: no orders, refusals, settings and prices.</summary>
    Trades = 2,

    /// <summary>Nothing; no file is made.</summary>
    None = 3,
}

public static class HistoryModes
{
    /// <summary>Reads "all", "trades" or "none".</summary>
    public static bool TryParse(string text, out HistoryMode mode)
    {
        mode = text switch
        {
            "all" => HistoryMode.All,
            "trades" => HistoryMode.Trades,
            "none" => HistoryMode.None,
            _ => 0,
        };
        return mode != 0;
    }

    public static string Name(HistoryMode mode) => mode switch
    {
        HistoryMode.All => "all",
        HistoryMode.Trades => "trades",
        HistoryMode.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no mode of history"),
    };
}
