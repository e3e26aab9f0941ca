using Microsoft.Extensions.Logging;

namespace CrossMargin.AspNetCore;

internal static partial class HostLog
{
    [LoggerMessage(3301, LogLevel.Error, "the strategy of simulated trader {Account} broke; it rests")]
    public static partial void TraderFailed(ILogger logger, Exception fault, int account);

    [LoggerMessage(3302, LogLevel.Warning, "{Count} API keys cannot be used: the key ring does not know what their secrets are encrypted with")]
    public static partial void UnreadableKeys(ILogger logger, int count);
}
