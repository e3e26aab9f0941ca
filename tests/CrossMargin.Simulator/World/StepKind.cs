namespace CrossMargin.Simulator.World;

/// <summary>What a step is; part of the run's hash.</summary>
internal enum StepKind
{
    Batch = 1,
    Acknowledgement,
    Notice,
    Lease,
    Wake,
    Command,
    Reply,
    Land,
    Stored,
    Read,
    HostTick,
    Client,
    Feed,
    Fault,
    Watch,
}
