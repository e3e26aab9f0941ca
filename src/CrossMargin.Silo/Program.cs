using CrossMargin.Silo.Hosting;
using CrossMargin.Silo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

// What is wrong with the configuration is said in one line.
try
{
    if (args is ["tables", .. string[] rest])
    {
        Console.WriteLine(await SiloTables.CreateAsync(SiloApplication.Configure(rest).Configuration));
        return 0;
    }

    WebApplication silo = SiloApplication.Build(args);
    await silo.StartAsync();
    await using GatewayApplication? gateway = await GatewayApplication.StartAsync(silo);
    await silo.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (SiloFaults.Say(e) is { } line)
{
    Console.Error.WriteLine(line);
    return 2;
}
