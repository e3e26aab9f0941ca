using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CrossMargin.Server.Simulate;
using CrossMargin.Server.Tests.Simulate;

namespace CrossMargin.Server.Tests.Serve;

/// <summary>The program as a process: starts, stops, what outlives it.</summary>
public class ServeTests
{
    [Fact]
    public async Task Serve_StoppedAndKilled_GoesOnWhereItWas()
    {
        using var folder = new TempFolder();
        string data = folder["data"];
        string key;
        using (ServedExchange served = await ServedExchange.StartAsync("--data", data))
        {
            key = served.ApiKey + served.Secret;
            Assert.Contains("admin.token", served.Output, StringComparison.Ordinal);
            Assert.Contains("loadHttpProxyAgent", served.Output, StringComparison.Ordinal);
            JsonElement order = await served.SignedAsync(HttpMethod.Post, "/fapi/v1/order",
                "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newOrderRespType=RESULT");
            Assert.Equal("FILLED", order.GetProperty("status").GetString());
            Assert.Equal(ExitCode.Done, await served.StopAsync());
            Assert.Contains("Stopping.", served.Output, StringComparison.Ordinal);
        }

        using (ServedExchange served = await ServedExchange.StartAsync("--data", data))
        {
            Assert.Equal(key, served.ApiKey + served.Secret);
            Assert.DoesNotContain(File.ReadAllText(Path.Combine(data, "admin.token")).Trim(), served.Output, StringComparison.Ordinal);
            Assert.Equal(0.01m, await served.PositionAsync("BTCUSDT"));
            await served.SignedAsync(HttpMethod.Post, "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.02&newOrderRespType=RESULT");
            await served.KillAsync();
        }

        using (ServedExchange served = await ServedExchange.StartAsync("--data", data))
        {
            Assert.Equal(0.03m, await served.PositionAsync("BTCUSDT"));
            (int inUse, string problem) = await ServedExchange.RunAsync("--data", data, "--port", "0");
            Assert.Equal(ExitCode.BadInput, inUse);
            AssertOneLine(problem);
            string copy = folder["copy.journal"];
            (int backedUp, string error) = await ServedExchange.RunAsync("backup", copy, "--data", data);
            Assert.Equal((ExitCode.Done, ""), (backedUp, error));
            Assert.True(new FileInfo(copy).Length > 0);
            await served.StopAsync();
        }

        await LookAtTheCopy(folder, data, key);
    }

    [Fact]
    public async Task Serve_APortThatIsTaken_IsOneLineAndCode2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        (int code, string error) = await ServedExchange.RunAsync("--ephemeral", "--port", $"{port}");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains($"{port}", error, StringComparison.Ordinal);
        AssertOneLine(error);
    }

    // Restored from the copy and the keys, upgraded, its history made anew, then an old state of it, to which nothing can be done.
    private static async Task LookAtTheCopy(TempFolder folder, string data, string key)
    {
        string restored = folder["restored"];
        Directory.CreateDirectory(Path.Combine(restored, "keys"));
        File.Copy(folder["copy.journal"], Path.Combine(restored, "exchange.journal"));
        foreach (string file in Directory.GetFiles(Path.Combine(data, "keys"))) File.Copy(file, Path.Combine(restored, "keys", Path.GetFileName(file)));
        foreach (string[] command in (string[][])[["upgrade"], ["history", "rebuild"]])
        {
            using var error = new StringWriter();
            int code = CommandLine.Run([.. command, "--data", restored], TextWriter.Null, error);
            Assert.Equal((ExitCode.Done, ""), (code, error.ToString()));
        }

        using (ServedExchange served = await ServedExchange.StartAsync("--data", restored, "--demo", "on"))
        {
            Assert.Equal(0.03m, await served.PositionAsync("BTCUSDT"));
            await served.StopAsync();
        }

        using ServedExchange old = await ServedExchange.StartAsync("--data", data, "--until", "40");
        (old.ApiKey, old.Secret) = (key[..(key.Length / 2)], key[(key.Length / 2)..]);
        Assert.Contains("read-only", old.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllText(Path.Combine(data, "admin.token")).Trim(), old.Output, StringComparison.Ordinal);
        JsonElement refused = await old.SignedAsync(HttpMethod.Post, "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01");
        Assert.True(refused.GetProperty("code").GetInt32() < 0, refused.ToString());
        Assert.Equal(ExitCode.Done, await old.StopAsync());
    }

    private static void AssertOneLine(string error)
    {
        Assert.StartsWith("serve: ", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }
}
