using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.UseOrleans();
builder.Services.AddHealthChecks();

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
await app.RunAsync();
