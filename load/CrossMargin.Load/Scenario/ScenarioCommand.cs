using System.CommandLine;

namespace CrossMargin.Load.Scenario;

/// <summary><c>scenario</c>: bots of their own accounts trade against any host, over REST and user data streams.</summary>
internal static class ScenarioCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Where the server is.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        url.Validators.Add(given =>
        {
            if (!Uri.TryCreate(given.GetValueOrDefault<string>(), UriKind.Absolute, out _)) given.AddError("--url is no absolute address");
        });
        var token = new Option<string>("--admin-token") { Description = "To make the accounts; else CROSSMARGIN_ADMIN_TOKEN." };
        var accounts = new Option<int>("--accounts") { Description = "Bots, one account each.", DefaultValueFactory = _ => 50 };
        var seconds = new Option<int>("--seconds") { Description = "How long they trade.", DefaultValueFactory = _ => 30 };
        var rate = new Option<double>("--rate") { Description = "Orders a second of each bot.", DefaultValueFactory = _ => 2 };
        var command = new Command("scenario", "A swarm of bots against any host: rates and errors.") { url, token, accounts, seconds, rate };
        command.SetAction(async result =>
        {
            string? secret = result.GetValue(token) ?? Environment.GetEnvironmentVariable("CROSSMARGIN_ADMIN_TOKEN");
            if (string.IsNullOrEmpty(secret))
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("scenario: --admin-token or CROSSMARGIN_ADMIN_TOKEN is needed");
                return 2;
            }

            var swarm = new BotSwarm(new Uri(result.GetValue(url)!), secret, result.GetValue(accounts), result.GetValue(rate));
            try
            {
                await swarm.RunAsync(TimeSpan.FromSeconds(result.GetValue(seconds)));
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("scenario: " + e.Message);
                return 2;
            }

            swarm.Print(result.InvocationConfiguration.Output);
            return swarm.Failed ? 1 : 0;
        });
        return command;
    }
}
