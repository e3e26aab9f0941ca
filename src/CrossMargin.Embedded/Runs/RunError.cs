namespace CrossMargin.Embedded.Runs;

public enum RunErrorKind
{
    /// <summary>An option is not what the run was started with.</summary>
    OptionDiffers = 1,

    /// <summary>The run is over; its report stands.</summary>
    Finished = 2,

    /// <summary>A trader or feed did not do again what the journal says it did.</summary>
    Diverged = 3,

    /// <summary>The journal cannot be read or written.</summary>
    Journal = 4,

    /// <summary>The journal's first record is not that of a run.</summary>
    NotARun = 5,
}

/// <summary>Why a run cannot start or go on: one line for people.</summary>
public sealed record RunError(RunErrorKind Kind, string Message)
{
    public override string ToString() => Message;
}
