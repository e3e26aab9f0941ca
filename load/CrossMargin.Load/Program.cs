using System.CommandLine;
using CrossMargin.Load.Bare;
using CrossMargin.Load.Parts;
using CrossMargin.Load.Scenario;

var root = new RootCommand("CrossMargin load: measures a server over HTTP, and swarms of bots against any host.");
root.Subcommands.Add(HttpCommand.Create());
root.Subcommands.Add(ScenarioCommand.Create());
var bare = new Command("bare", "Serves the endpoint that the server is compared to, until standard input ends.") { Hidden = true };
bare.SetAction(result => BareEndpoint.RunAsync(Console.In, result.InvocationConfiguration.Output));
root.Subcommands.Add(bare);
return await root.Parse(args).InvokeAsync();
