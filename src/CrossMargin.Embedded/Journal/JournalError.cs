namespace CrossMargin.Embedded.Journal;

public enum JournalErrorKind
{
    /// <summary>No journal in that place.</summary>
    Missing = 1,

    /// <summary>A journal is there already.</summary>
    Exists = 2,

    /// <summary>Another process has it open.</summary>
    InUse = 3,

    /// <summary>A file that is not a journal of this program.</summary>
    NotAJournal = 4,

    /// <summary>Written in a format that this release does not know.</summary>
    UnknownFormat = 5,

    /// <summary>Holds records of another engine version behind the last snapshot.</summary>
    OtherEngine = 6,

    /// <summary>Bytes changed or missing.</summary>
    Damaged = 7,

    /// <summary>The disk (or the size limit) is full.</summary>
    DiskFull = 8,

    /// <summary>The file system refused.</summary>
    Inaccessible = 9,
}

/// <summary>Why a journal cannot be used: one line for people, naming file, record and value.</summary>
public sealed record JournalError(JournalErrorKind Kind, string Message)
{
    public override string ToString() => Message;
}

/// <summary>A journal failed while in use; carries the same line.</summary>
public sealed class JournalException(JournalError error) : Exception(error.Message)
{
    public JournalError Error { get; } = error;
}

/// <summary>An open journal, or why not.</summary>
public readonly record struct JournalResult(ExchangeJournal? Journal, JournalError? Error)
{
    /// <summary>The journal; throws <see cref="JournalException"/> where there is none.</summary>
    public ExchangeJournal OrThrow() => Journal ?? throw new JournalException(Error!);
}
