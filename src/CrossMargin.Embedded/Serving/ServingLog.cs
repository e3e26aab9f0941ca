using CrossMargin.Model;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Embedded.Serving;

/// <summary>What a serving exchange logs; event ids 2000 to 2099 are its.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(2001, LogLevel.Critical, "The exchange has stopped: {Reason}")]
    public static partial void Stopped(ILogger log, string reason);

    [LoggerMessage(2002, LogLevel.Error, "A subscriber to the events threw at command {Sequence} and is told no more")]
    public static partial void SubscriberThrew(ILogger log, long sequence, Exception fault);

    [LoggerMessage(2003, LogLevel.Error, "The feed and the traders threw at exchange time {Time} and are stopped; clients go on")]
    public static partial void BeatThrew(ILogger log, Timestamp time, Exception fault);

    [LoggerMessage(2004, LogLevel.Error, "Order entry has stopped: {Reason}")]
    public static partial void OrdersStopped(ILogger log, string reason);

    [LoggerMessage(2005, LogLevel.Information, "Order entry goes on")]
    public static partial void OrdersGoOn(ILogger log);

    [LoggerMessage(2006, LogLevel.Error, "The data folder is no longer looked after: no snapshots, nothing dropped, no equity points")]
    public static partial void CareFailed(ILogger log, Exception fault);

    [LoggerMessage(2007, LogLevel.Information, "The journal's commands up to {Sequence}, older than {Days} days, were dropped")]
    public static partial void Dropped(ILogger log, long sequence, int days);

    [LoggerMessage(2009, LogLevel.Error, "Subscribers to the events are too slow: what waited before command {Sequence} is lost to them")]
    public static partial void EventsLost(ILogger log, long sequence);

    [LoggerMessage(2008, LogLevel.Error, "Old commands could not be dropped from the journal; tried again tomorrow")]
    public static partial void NotDropped(ILogger log, Exception fault);
}
