namespace CrossMargin.Hosting;

/// <summary>A cancel and the order that it was for.</summary>
/// <param name="Before">The order as it was when the cancel was executed.</param>
public sealed record CanceledOrder(OpenOrderSnapshot Before, CommandAnswer Answer);

/// <summary>How an attempt to cancel a plain order went.</summary>
/// <param name="Canceled">The order and the answer; null, and nothing done, where there is no such open order.</param>
/// <param name="MayBeConditional">
/// Where there is none: whether the account has conditional orders or orders that were such, so that one of these may be meant; also true of
/// an account that is not there.
/// </param>
public readonly record struct CancelAttempt(CanceledOrder? Canceled, bool MayBeConditional);
