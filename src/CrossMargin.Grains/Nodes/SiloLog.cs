using Microsoft.Extensions.Logging;

namespace CrossMargin.Grains.Nodes;

internal static partial class SiloLog
{
    [LoggerMessage(4001, LogLevel.Information, "node {Node:x} is up, {Markets} markets")]
    public static partial void NodeUp(ILogger logger, long node, int markets);

    [LoggerMessage(4002, LogLevel.Warning, "silo {Silo} (node {Node:x}) is dead: its accounts are woken elsewhere")]
    public static partial void NodeDied(ILogger logger, string silo, long node);

    [LoggerMessage(4003, LogLevel.Warning, "the other nodes or the feed cannot be reached: {Problem}")]
    public static partial void JoinFailed(ILogger logger, string problem);

    [LoggerMessage(4004, LogLevel.Debug, "leaving the other nodes failed: {Problem}")]
    public static partial void LeaveFailed(ILogger logger, string problem);

    [LoggerMessage(4005, LogLevel.Warning, "the feed's turn failed for {Actor}: {Problem}")]
    public static partial void FeedFailed(ILogger logger, string actor, string problem);

    [LoggerMessage(4006, LogLevel.Critical, "{Actor} has stopped: {Fault}")]
    public static partial void ActorBroken(ILogger logger, string actor, string fault);
}
