using System.CommandLine;
using CrossMargin.Server.Margin;
using CrossMargin.Server.Simulate;

var root = new RootCommand("CrossMargin: a perpetual-futures exchange simulator with cross margin.");
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(MarginCommand.Create());

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    // One clear line; the help is one option away.
    string[] errors = [.. parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" "))];
    Console.Error.WriteLine(Array.Find(errors, e => !e.StartsWith("Required command", StringComparison.Ordinal)) ?? errors[0]);
    return 2;
}

return parsed.Invoke();
