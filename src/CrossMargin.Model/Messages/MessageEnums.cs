namespace CrossMargin.Model;

// Every number below reaches the disk: never renumber, only append.

/// <summary>What an <see cref="OrderUpdate"/> says.</summary>
public enum OrderUpdateKind : byte
{
    /// <summary>The order rests in the book (or was taken whole at once: then its last fill was final).</summary>
    Accepted = 1,

    /// <summary>The order was refused by the market before any fill; nothing of it happened.</summary>
    Refused = 2,

    /// <summary>What was open of it is gone.</summary>
    Ended = 3,

    /// <summary>A part of it was cut (reduce-only); the rest stays.</summary>
    Reduced = 4,

    Amended = 5,
    AmendRefused = 6,
    CancelRefused = 7,
}

/// <summary>Which open orders a cancel-all means.</summary>
[Flags]
public enum CancelScope : byte
{
    Orders = 1,
    Triggers = 2,
    All = 3,
}

/// <summary>Why liquidation is paused in a market.</summary>
public enum PauseReason : byte
{
    None = 0,

    /// <summary>No index update for the profile's time.</summary>
    Stale = 1,

    /// <summary>The index jumped past the market's band.</summary>
    Wild = 2,

    /// <summary>The operator halted the market.</summary>
    Halted = 3,

    /// <summary>No price has been set yet.</summary>
    NoPrice = 4,
}
