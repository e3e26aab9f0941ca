namespace CrossMargin.Traders;

/// <summary>A mix that cannot make the population asked for; the message is one line for the user.</summary>
public sealed class TraderMixException(string message) : Exception(message);
