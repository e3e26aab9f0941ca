namespace CrossMargin.Hosting.Delivery;

/// <summary>Sizes and times of delivery; the defaults are meant for production.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Named in each log record; records of another version are never replayed.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Keys of a market's log ring, 4 to 1,024.</summary>
    public int LogKeys { get; init; } = 64;

    /// <summary>Most inputs applied under one write, 1 to 10,000.</summary>
    public int BatchInputs { get; init; } = 256;

    /// <summary>Inputs that may wait; beyond them commands are refused and messages left to be sent again.</summary>
    public int Backlog { get; init; } = 4_096;

    /// <summary>Most messages in one <see cref="DeliveryBatch"/>.</summary>
    public int BatchMessages { get; init; } = 256;

    /// <summary>An unacknowledged batch is sent again after so many milliseconds.</summary>
    public long ResendMilliseconds { get; init; } = 2_000;

    /// <summary>Faults planted to show that the simulator finds them; none outside it.</summary>
    internal PlantedFaults Faults { get; init; } = PlantedFaults.None;
}

[Flags]
internal enum PlantedFaults
{
    None = 0,

    /// <summary>Messages are applied again when they come again.</summary>
    NoDeduplication = 1,

    /// <summary>Messages leave before the write that covers them.</summary>
    SendBeforeWrite = 2,

    /// <summary>Messages are acknowledged before the write that covers them.</summary>
    AcknowledgeBeforeWrite = 4,

    /// <summary>Log records that a snapshot covers are deleted instead of overwritten.</summary>
    DeleteLogRecords = 8,

    /// <summary>A dead node's holders are not woken.</summary>
    NoHolderSweep = 16,

    /// <summary>A new activation forgets the events that the record of its history does not cover.</summary>
    LoseHistory = 32,
}
