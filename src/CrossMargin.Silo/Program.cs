using CrossMargin.Silo.Hosting;
using Microsoft.AspNetCore.Builder;

WebApplication app = SiloApplication.Build(args);
await app.RunAsync();
