using Spectre.Console;

namespace CrossMargin.Server.Simulate;

/// <summary>What a simulation sees of the world around it: where it writes, and the wall clock.</summary>
public sealed record SimulationHost
{
    /// <summary>Reports and progress.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>One line when something is wrong.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether progress is drawn in place instead of line by line.</summary>
    public bool IsTerminal { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The terminal, if the output is one; else plain text of 120 columns.</summary>
    public static SimulationHost Of(TextWriter output, TextWriter error)
    {
        bool terminal = ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected;
        if (terminal) return new SimulationHost { Console = AnsiConsole.Console, Error = error, IsTerminal = true };
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        plain.Profile.Width = 120;
        return new SimulationHost { Console = plain, Error = error };
    }
}
