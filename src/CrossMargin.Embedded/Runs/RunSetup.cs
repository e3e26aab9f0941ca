using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;

namespace CrossMargin.Embedded.Runs;

/// <summary>The parts of a run, all new or all built from the settings in the journal.</summary>
public sealed record RunSetup
{
    /// <summary>Has executed nothing.</summary>
    public required ExchangeEngine Engine { get; init; }

    public required IExchangeReader Reader { get; init; }

    public required IPriceFeed Feed { get; init; }

    /// <summary>In any order; turns are taken in the order of account ids.</summary>
    public required IReadOnlyList<RunAccount> Accounts { get; init; }

    /// <summary>Null: nothing is kept, the run cannot be resumed.</summary>
    public ExchangeJournal? Journal { get; init; }

    public IRunObserver? Observer { get; init; }

    public IHistorySink? History { get; init; }

    /// <summary>Report series and the like, whose state is part of the run's snapshot.</summary>
    public IReadOnlyList<IRunParticipant> Series { get; init; } = [];

    /// <summary>Steps between two snapshots; 0 for none.</summary>
    public long SnapshotSteps { get; init; } = 1_440;

    /// <summary>
    /// Called before each snapshot and at the end of the run: a full audit, which throws where a rule is broken. Null for none.
    /// </summary>
    public Action<ExchangeEngine>? Audit { get; init; }

    /// <summary>
    /// Called with the state hash behind the last step, before the journal is marked as finished: what a finished run must leave behind.
    /// When it throws, the run is not finished and can be resumed at its end. Null for none.
    /// </summary>
    public Action<string>? Finishing { get; init; }
}
