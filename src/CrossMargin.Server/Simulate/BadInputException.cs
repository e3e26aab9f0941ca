namespace CrossMargin.Server.Simulate;

/// <summary>What the user gave cannot be used. The message is one line that names file, row and value; the exit code is 2.</summary>
public sealed class BadInputException(string message) : Exception(message.ReplaceLineEndings(" "));
