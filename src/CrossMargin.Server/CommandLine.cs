using System.CommandLine;
using CrossMargin.Server.Margin;
using CrossMargin.Server.Serve;
using CrossMargin.Server.Simulate;

namespace CrossMargin.Server;

/// <summary>The program's commands. A command line that cannot be read is one line on standard error and exit code 2.</summary>
public static class CommandLine
{
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("CrossMargin: a perpetual-futures exchange simulator with cross margin.");
        ServeCommand.AddTo(root);
        DataCommands.AddTo(root);
        root.Subcommands.Add(SimulateCommand.Create());
        root.Subcommands.Add(MarginCommand.Create());
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            // The help is one option away.
            string[] errors = [.. parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" "))];
            error.WriteLine(Array.Find(errors, e => !e.StartsWith("Required command", StringComparison.Ordinal)) ?? errors[0]);
            return ExitCode.BadInput;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }
}
