namespace CrossMargin.Hosting;

/// <summary>A cancel and the order that it was for.</summary>
/// <param name="Before">The order as it was when the cancel was executed.</param>
public sealed record CanceledOrder(OpenOrderSnapshot Before, CommandAnswer Answer);
