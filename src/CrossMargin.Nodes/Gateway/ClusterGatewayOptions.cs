namespace CrossMargin.Nodes.Gateway;

/// <summary>Bounds of what a gateway asks of the cluster.</summary>
public sealed record ClusterGatewayOptions
{
    /// <summary>
    /// Commands of one actor from the oldest without an answer to the newest, at most; the others wait. An actor remembers 256 ids, so that
    /// each that is asked again is still known.
    /// </summary>
    public int UnansweredCommands { get; init; } = 128;

    /// <summary>How long a command waits for room before it is refused as one too many.</summary>
    public TimeSpan RoomPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a command or read is tried, again and again, before it is answered as unavailable. Below ten minutes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>One call that takes longer is given up and tried again.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A call that was given up counts as under way until it ends, at most so long: whoever carries calls must have dropped it by then.
    /// </summary>
    public TimeSpan LongestCopy { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between two tries; doubled each time, up to a second.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(20);
}
