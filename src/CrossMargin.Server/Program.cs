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
    Console.Error.WriteLine(parsed.Errors[0].Message);
    return 2;
}

return parsed.Invoke();
