using CrossMargin.AspNetCore;
using CrossMargin.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseCrossMarginLimits();
builder.Services.AddCrossMargin(options =>
{
    options.DataDirectory = builder.Configuration["data"]; // nothing: all in memory
    options.Traders = new TraderChoice(50, null, []);
});

WebApplication app = builder.Build();
app.MapCrossMargin();
app.MapGet("/", () => "my competition; the exchange is at /fapi, the operator's page at /admin/");
app.Run();
