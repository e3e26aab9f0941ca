using System.Diagnostics;
using CrossMargin.AspNetCore;
using CrossMargin.Hosting;
using CrossMargin.Server.Simulate;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace CrossMargin.Server.Serve;

/// <summary>One call of <c>serve</c>: from the options to the clean stop.</summary>
public sealed class ServeRun(TextWriter output, TextWriter error)
{
    private static readonly TimeSpan s_watch = TimeSpan.FromSeconds(1);

    /// <summary>Returns the exit code (<see cref="ExitCode"/>).</summary>
    public async Task<int> RunAsync(ServeTexts texts)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            ServeOptions options = ServeOptions.Read(texts);
            using var stop = new StopSignal();
            return await ServeAsync(options, began, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BadInputException or IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or InvalidDataException)
        {
            error.WriteLine("serve: " + Text(e));
            return ExitCode.BadInput;
        }
    }

    private async Task<int> ServeAsync(ServeOptions options, long began, CancellationToken stop)
    {
        using MeterProvider? telemetry = Telemetry.Start();
        await using WebApplication app = Build(options);
        var host = app.Services.GetRequiredService<CrossMarginHost>();
        app.MapCrossMargin();
        if (options.Until is null)
        {
            if (options.Speed is { } speed) await host.Controls.SetSpeedAsync(speed).ConfigureAwait(false);
            if (options.House is { } house) await HouseSwitch.SetAsync(host.Exchange, app.Services, house).ConfigureAwait(false);
        }

        DemoAccount? demo = options.Demo && options.Until is null ? await DemoAccount.OpenAsync(app.Services).ConfigureAwait(false) : null;
        await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
        Welcome.Write(output, options, host, [.. app.Urls], demo, Stopwatch.GetElapsedTime(began));
        string? broken = await WatchAsync(host, stop).ConfigureAwait(false);
        output.WriteLine(broken is null ? "Stopping." : "Stopping: the exchange broke down.");
        await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (broken is null) return ExitCode.Done;
        error.WriteLine("serve: " + broken.ReplaceLineEndings(" "));
        return ExitCode.Broken;
    }

    private static WebApplication Build(ServeOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration().UseCrossMarginLimits().UseUrls([.. options.Urls]);
        builder.Services.AddSingleton<IHostLifetime, StopFromOutside>();
        ServeLogs.Add(builder.Logging, options.JsonLogs);
        builder.Services.AddCrossMargin(exchange =>
        {
            exchange.DataDirectory = options.Folder;
            exchange.Profile = options.Profile;
            exchange.Feed = options.Feed;
            exchange.FirstTraders = new TraderChoice(ServeOptions.DefaultTraders, null, []);
            exchange.TraderCount = options.Traders;
            exchange.History = options.History;
            exchange.KeepDays = options.KeepDays;
            exchange.Until = options.Until;
            exchange.Limits = limits => limits.LimitsEnabled = options.Limits;
        });
        return builder.Build();
    }

    // Null when asked to stop; why the exchange takes nothing any more.
    private static async Task<string?> WatchAsync(CrossMarginHost host, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_watch);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                if (!host.IsReadOnly && host.Exchange.Unavailable is { } reason) return reason;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return null;
    }

    private static string Text(Exception e)
    {
        Exception cause = e;
        while (cause is not AddressInUseException && cause.InnerException is { } inner && e is not BadInputException) cause = inner;
        string text = cause is AddressInUseException ? e.Message : cause.Message;
        return text.ReplaceLineEndings(" ");
    }

    /// <summary>The signals are this program's: the framework shall not print or wait for any.</summary>
    private sealed class StopFromOutside : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
