namespace CrossMargin.Server.Simulate;

/// <summary>What the process tells its caller.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>A fault of the program: a rule of the exchange broke.</summary>
    public const int Broken = 1;

    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C, at a step's end; the run can be resumed.</summary>
    public const int Interrupted = 130;
}
